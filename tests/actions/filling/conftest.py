from __future__ import annotations

from functools import partial

import pytest

from kitsu_bridge.kitsu.sample import SampleStudio
from tests.actions.filling.calls import call_on


@pytest.fixture(scope="session")
def studio():
    return SampleStudio()


@pytest.fixture
def a_call(studio):
    """`a_call("Shot", 3)`: a call by ada on the first three tasks on shots."""
    return partial(call_on, studio)
