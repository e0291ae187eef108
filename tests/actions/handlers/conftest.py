"""The Kitsus that kinds are tried on."""

from __future__ import annotations

import pytest

from kitsu_bridge.kitsu.sample import SampleStudio
from tests.kitsu_bridge.kitsu.conftest import real


@pytest.fixture(scope="module")
def zou():
    """A real one, with seeded productions."""
    return real()


@pytest.fixture
def studio():
    """A sample studio of its own for each test."""
    return SampleStudio()


@pytest.fixture
def session(studio):
    """Sessions of its people, by name."""
    return lambda name="hana": studio.session(studio.log_in(f"{name}@sample.studio", "any"))
