"""Kitsu's own events, of the sample studio and of a real Zou."""

from __future__ import annotations

import os
import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from kitsu_bridge.kitsu.client import ZouStudio
from kitsu_bridge.kitsu.errors import KitsuUnavailable, NotInKitsu
from kitsu_bridge.kitsu.events import EVENTS, KitsuEvent
from tests.servers.zou_events import ZouEvents

A_MINUTE_AGO = (datetime.now(UTC) - timedelta(minutes=1)).replace(microsecond=0, tzinfo=None).isoformat()


@pytest.fixture(scope="module")
def stream(tmp_path_factory):
    """Zou's event stream, where there is a Zou."""
    if not os.environ.get("TEST_ZOU_URL"):
        yield None
        return
    found = ZouEvents(tmp_path_factory.mktemp("events"))
    yield found.url
    found.stop()


def change_status(kitsu, role="manager"):
    """A comment that changes a status; the task before and the comment."""
    session = kitsu.session(role)
    tasks = session.tasks(kitsu.all_task_ids())
    done = {row["id"] for row in session.task_statuses() if row["is_done"] or row["is_retake"]}
    wip = next(row["id"] for row in session.task_statuses() if row["is_wip"])
    for task in tasks:
        if task["task_status_id"] not in done | {wip}:
            draft = {"object_id": task["id"], "project_id": task["project_id"], "task_status_id": wip, "comment": "On"}
            return task, session.post_comment(draft)
    pytest.fail("There is no task to begin with.")


def since(kitsu, **more):
    rows = kitsu.studio.events(after=A_MINUTE_AGO, **more)
    return [KitsuEvent.from_record(row) for row in rows]


def test_it_works(kitsu):
    task, comment = change_status(kitsu)
    me = kitsu.session("manager").whoami()["id"]
    (changed, *_) = [one for one in since(kitsu) if one.name == "task:status-changed" and one.task_id == task["id"]]
    assert (changed.person_id, changed.project_id) == (me, task["project_id"])
    assert (changed.status_from, changed.status_to) == (task["task_status_id"], comment["task_status_id"])
    (commented, *_) = [one for one in since(kitsu) if one.data.get("comment_id") == comment["id"]]
    assert (commented.name, commented.status_to) == ("comment:new", comment["task_status_id"])


def test_it_says_that_the_bot_did_what_it_did_for_somebody(kitsu):
    bot, person = kitsu.studio.bot(), kitsu.session("manager").whoami()
    task = bot.tasks(kitsu.all_task_ids()[:1])[0]
    draft = {"object_id": task["id"], "project_id": task["project_id"], "task_status_id": task["task_status_id"]}
    comment = bot.post_comment({**draft, "comment": "For you", "person_id": person["id"]})
    (event,) = [one for one in since(kitsu) if one.data.get("comment_id") == comment["id"]]
    assert event.person_id == bot.whoami()["id"]
    assert event.data["person_id"] == person["id"]


def test_it_tells_of_assignments_and_of_changes(kitsu):
    bot = kitsu.studio.bot()
    task = bot.tasks(kitsu.all_task_ids()[1:2])[0]
    artist = kitsu.session("user").whoami()["id"]
    bot.assign([task["id"]], artist)
    bot.unassign([task["id"]], artist)
    names = {one.name for one in since(kitsu) if one.task_id == task["id"]}
    assert names >= {"task:assign", "task:unassign", "task:update"}


def test_it_pages_from_the_newest_without_a_gap(kitsu):
    for _ in range(3):
        change_status(kitsu)
    whole = [one.id for one in since(kitsu)]
    paged, last = [], ""
    while page := kitsu.studio.events(after=A_MINUTE_AGO, older_than=last, limit=2):
        paged += [row["id"] for row in page]
        last = paged[-1]
    assert len(whole) >= 6
    assert paged[: len(whole)] == whole


def test_it_gives_at_least_the_names_that_are_asked_for(kitsu):
    change_status(kitsu)
    found = since(kitsu, names=["comment:new"])
    assert found
    assert {one.name.partition(":")[0] for one in found} == {"comment"}


def test_it_says_that_an_event_is_not_kept_any_more(kitsu):
    with pytest.raises(NotInKitsu):
        kitsu.studio.events(older_than=str(uuid.uuid4()))


def heard_of(studio, do):
    """Whether following the stream hears that something was done."""
    connected, heard, stopped = threading.Event(), threading.Event(), threading.Event()

    def hear():
        (heard if connected.is_set() else connected).set()

    thread = threading.Thread(target=studio.follow, args=(hear, stopped), daemon=True)
    thread.start()
    assert connected.wait(30)
    do()
    try:
        return heard.wait(30)
    finally:
        stopped.set()
        thread.join(30)
        assert not thread.is_alive()


def test_its_stream_tells_of_a_new_one(kitsu, stream):
    studio = kitsu.studio if kitsu.studio.is_sample else with_stream(stream)
    assert heard_of(studio, lambda: change_status(kitsu))


def with_stream(url):
    return ZouStudio(os.environ["TEST_ZOU_URL"], bot_token=os.environ["TEST_ZOU_BOT_TOKEN"], events_url=url)


@pytest.mark.zou
@pytest.mark.parametrize("url", ["http://127.0.0.1:9", ""], ids=["nobody there", "Zou itself"])
def test_a_stream_that_is_not_there_is_named(url):
    with pytest.raises(KitsuUnavailable, match="event stream"):
        with_stream(url).follow(lambda: None, threading.Event())


@pytest.mark.parametrize(
    "row",
    [None, [], {}, {"id": "x", "created_at": "2026-01-01T00:00:00", "name": "task:new"},
     {"id": str(uuid.uuid4()), "created_at": "yesterday", "name": "task:new"}],
)  # fmt: skip
def test_what_is_no_event_is_none(row):
    assert KitsuEvent.from_record(row) is None


def test_ids_that_are_none_count_as_missing():
    row = {"id": str(uuid.uuid4()), "created_at": "2026-01-01T00:00:00", "name": "task:new", "user_id": "'; --",
           "data": {"task_id": "../x", "preview_file_id": 7}}  # fmt: skip
    found = KitsuEvent.from_record(row)
    assert (found.person_id, found.project_id, found.task_id, found.preview_id) == ("", "", "", "")


def test_every_event_is_in_words():
    assert all(words[0].isupper() and words[-1].isalpha() for words in EVENTS.values())
