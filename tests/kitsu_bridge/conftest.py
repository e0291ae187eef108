from __future__ import annotations

import pytest

from kitsu_bridge.kitsu.studio import studio


@pytest.fixture
def sample():
    """The sample studio, without trouble before and after."""
    sample = studio()
    sample.trouble = None
    yield sample
    sample.trouble = None


@pytest.fixture
def person_of(sample):
    """A person of the sample studio by role: `person_of("vendor")`."""
    return lambda role: next(row for row in sample.people() if row["role"] == role)


@pytest.fixture
def token_of(sample, person_of):
    """A token as Kitsu's own sign-in would give it: `token_of("vendor")`."""
    return lambda role: sample.log_in(person_of(role)["email"], "any")
