from __future__ import annotations

import pytest

from kitsu_bridge.kitsu.sample import SampleStudio


@pytest.fixture
def made():
    """A sample studio of this test alone: what it breaks stays broken here."""
    return SampleStudio()


@pytest.fixture
def tables(made):
    return made.tables
