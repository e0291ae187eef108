from __future__ import annotations

import pytest

from audit.log import several as sets
from tests.audit.log.test_walk import as_person, walk

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def about(an_invocation):
    def make(*projects):
        return an_invocation("clara", project_ids=list(projects), project_names=list(projects))

    return make


@pytest.mark.parametrize("most", [1, 500])
def test_it_works(about, most, monkeypatch, project_ids):
    monkeypatch.setattr(sets, "MOST_SETS", most)
    short, show, feature = (project_ids[name] for name in ("The Lantern Keeper", "Kettle & Crow", "Ninth Tide"))
    both, other, _one = about(short, show), about(short, feature), about(feature)
    assert both in set(walk(as_person("greta"), {}))
    assert other not in set(walk(as_person("greta"), {}))
    assert set(walk(as_person("ada"), {"production": short})) == {both, other}
    assert set(walk(as_person("greta"), {"production": short})) == {both}


def test_it_bears_very_many_productions(about):
    many = about(*[f"{n:036}" for n in range(400)])
    assert list(walk(as_person("ada"), {"production": f"{7:036}"})) == [many]
