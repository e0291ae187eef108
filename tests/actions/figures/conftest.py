"""The short of the sample studio, as its manager sees it."""

from __future__ import annotations

import pytest

from actions.figures import read_production
from kitsu_bridge.kitsu.sample import SampleStudio
from kitsu_bridge.kitsu.sample.productions import SHORT
from kitsu_bridge.kitsu.sample.rows import an_id


@pytest.fixture(scope="session")
def studio():
    return SampleStudio()


@pytest.fixture(scope="session")
def short(studio):
    return read_production(studio.session_of("hana@sample.studio"), an_id("projects", SHORT))
