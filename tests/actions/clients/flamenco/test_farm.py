"""Jobs on a Manager: a small one of our own, and a real one where KB_LIVE_FLAMENCO names it."""

from __future__ import annotations

import time
from uuid import uuid4

import pytest

from actions.clients.flamenco import Flamenco
from actions.farms import asking
from actions.farms.contract import FarmAway, FarmRefuses, FarmUnsure, Sent
from tests.actions.clients.flamenco.fake import HTML, OUTDATED, PICTURE, TAG, refused, said

NOBODY = Sent("3f1c7a3e-0000-4000-8000-000000000000")


def mark():
    return f"{uuid4()}:{uuid4()}"


def test_it_works(farm, echo):
    ours = mark()
    sent = farm.submit(echo(farm, sleep_duration_seconds=60), ours)
    assert sent.link == f"{farm.place}/app/jobs/{sent.id}"
    assert farm.find(ours) == sent
    assert farm.look([sent])[sent.id].state in {"queued", "running"}
    farm.set_priority(sent, 80)
    farm.cancel(sent)
    assert farm.look([sent])[sent.id].state in {"cancelled", "running"}
    farm.retry_errors(sent)
    assert farm.look([sent])[sent.id].state in {"queued", "running"}


def test_what_it_does_not_have_is_not_there(farm):
    assert farm.find(mark()) is None
    assert farm.look([NOBODY, Sent("no id"), Sent("../../version")]) == {}
    assert farm.look([]) == {}
    for ask in (farm.cancel, farm.retry_errors, farm.picture, lambda job: farm.set_priority(job, 1)):
        with pytest.raises(FarmRefuses, match="no id of a job"):
            ask(Sent("../../version"))


def test_many_are_looked_at_in_one_request(farm, echo):
    sent = [farm.submit(echo(farm), mark()) for _ in range(11)]
    assert farm.look([*sent, NOBODY]).keys() == {one.id for one in sent}


def test_it_has_no_picture_and_no_log_before_it_runs(farm, echo):
    sent = farm.submit(echo(farm), mark())
    assert farm.picture(sent) is None
    assert isinstance(farm.log_tail(sent), str)


def test_a_job_type_that_was_changed_is_read_again_once(farm, echo):
    sent = farm.submit({**echo(farm), "type_etag": "of another day"}, mark())
    assert farm.look([sent])


def test_a_changed_job_type_may_want_what_the_job_has_not(fake, small, echo):
    job = echo(small)
    fake.types["echo-sleep-test"]["etag"] = "new"
    fake.types["echo-sleep-test"]["settings"].append({"key": "room", "type": "string", "required": True})
    with pytest.raises(FarmRefuses, match=r"was changed on the Manager\. room is missing"):
        small.submit(job, mark())
    assert fake.jobs == {}


def test_it_refreshes_only_once(fake, small, echo):
    fake.next = [refused(412, OUTDATED), said(200, fake.types["echo-sleep-test"]), refused(412, OUTDATED)]
    job = {"type": "echo-sleep-test", "settings": {"message": "x"}}
    with pytest.raises(FarmRefuses, match="outdated"):
        small.submit(job, mark())
    assert [one.partition(" ")[0] for one in fake.calls] == ["POST", "GET", "POST"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"type": "none", "type_etag": "x"}, "job type unknown"),
        ({"metadata": {"frames": 3}}, "string"),
        ({"worker_tag": "11111111-1111-4111-8111-111111111111"}, "persisting|tag"),
    ],
)
def test_the_manager_s_own_words_are_given(farm, echo, change, words):
    with pytest.raises(FarmRefuses, match=words):
        farm.submit({**echo(farm), **change}, mark())


def test_its_script_s_words_are_given(farm):
    kind = farm.job_type("simple-blender-render")
    settings = {"frames": "abc", "chunk_size": 1, "blendfile": "/a.blend", "render_output_path": "/o/######",
                "format": "PNG", "image_file_extension": ".png", "scene": "Scene"}  # fmt: skip
    job = {"name": "x", "type": kind.name, "priority": 1, "submitter_platform": "linux", "settings": settings}
    with pytest.raises(FarmRefuses, match='invalid range "abc"'):
        farm.check(job)


def test_a_job_without_a_platform_is_refused(farm, echo):
    job = echo(farm)
    del job["submitter_platform"]
    with pytest.raises(FarmRefuses, match="submitter_platform"):
        farm.submit(job, mark())


def test_a_lost_answer_is_unsure_and_the_job_is_found(fake, small, echo, monkeypatch):
    job, ours = echo(small), mark()
    monkeypatch.setattr(asking, "READ", 1)
    fake.slow = 3
    slow = Flamenco(fake.url)
    with pytest.raises(FarmUnsure):
        slow.submit(job, ours)
    assert slow.find(ours).id in fake.jobs


@pytest.mark.parametrize(
    "answer",
    [
        said(200, HTML),
        said(200, b"{}"),
        said(200, b'{"id": 3}'),
        said(200, b"[" * 100_000),
        refused(500, "error retrieving job from database"),
        said(502, HTML),
    ],
)
def test_what_is_no_plain_answer_to_a_job_is_unsure(fake, small, answer):
    fake.next = [answer]
    with pytest.raises(FarmUnsure):
        small.submit({"type": "x", "settings": {}}, mark())
    assert len(fake.calls) == 1


def test_a_manager_that_hangs_gets_nothing_more(fake, small, echo):
    job = echo(small)
    fake.next = [said(502, HTML)] * 3
    for _ in range(3):
        with pytest.raises(FarmUnsure):
            small.submit(job, mark())
    before = len(fake.calls)
    with pytest.raises(FarmAway, match="3 times in a row"):
        small.submit(job, mark())
    assert len(fake.calls) == before


def test_it_waits_for_a_busy_manager(fake, small, echo):
    job = echo(small)
    fake.next = [said(503, b"busy", **{"Retry-After": "0"})] * 2
    assert small.submit(job, mark()).id in fake.jobs
    assert len(fake.jobs) == 1


@pytest.mark.parametrize("seconds", ["0", "3600", "Sat, 21 Nov 2026 10:00:00 GMT", "-1"])
def test_a_manager_that_stays_busy_has_got_nothing(fake, small, seconds):
    fake.next = [said(503, b"busy", **{"Retry-After": seconds})] * 10
    with pytest.raises(FarmAway, match="too busy"):
        small.submit({"type": "x", "settings": {}}, mark())
    assert len(fake.calls) == (1 if seconds == "3600" else 4)


def test_a_manager_that_is_down_has_got_nothing():
    with pytest.raises(FarmAway, match="not reached"):
        Flamenco("http://127.0.0.1:9").submit({"type": "x", "settings": {}}, mark())


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (said(200, HTML), FarmRefuses, "no Flamenco Manager: “<!doctype"),
        (said(302, b"", Location="http://127.0.0.1:9/"), FarmRefuses, "another address"),
        (said(401, HTML), FarmRefuses, "does not let the bridge in"),
        (refused(500, "error fetching job"), FarmAway, "error fetching job"),
        (said(504, HTML), FarmAway, "trouble"),
        (refused(400, "job ID not valid"), FarmRefuses, "not valid"),
    ],
)
def test_looking_says_what_is_wrong(fake, small, answer, kind, words):
    fake.next = [answer]
    with pytest.raises(kind, match=words):
        small.look([NOBODY])
    assert len(fake.calls) == 1


def test_a_slow_manager_is_away_for_a_look(fake, monkeypatch):
    monkeypatch.setattr(asking, "READ", 0.2)
    fake.next = [lambda _: time.sleep(2) or said(200, {})]
    with pytest.raises(FarmAway, match="too long"):
        Flamenco(fake.url).look([NOBODY])


def test_an_older_manager_is_asked_by_a_query(fake, small, echo):
    fake.old, ours = True, mark()
    sent = small.submit(echo(small), ours)
    assert small.find(ours) == sent


def test_a_job_that_is_being_deleted_is_gone(fake, small, echo):
    ours = mark()
    sent = small.submit(echo(small), ours)
    fake.jobs[sent.id]["delete_requested_at"] = "2026-11-21T10:00:00Z"
    assert (small.find(ours), small.look([sent])) == (None, {})


@pytest.fixture
def sent(small, echo):
    """A job on the small Manager."""
    return small.submit(echo(small), mark())


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("under-construction", "queued"),
        ("queued", "queued"),
        ("requeueing", "queued"),
        ("active", "running"),
        ("pause-requested", "running"),
        ("paused", "paused"),
        ("cancel-requested", "running"),
        ("canceled", "cancelled"),
        ("completed", "done"),
        ("failed", "failed"),
    ],
)
def test_every_status_is_known(fake, small, sent, status, state):
    fake.runs(sent.id, status, steps_completed=3, steps_total=10)
    found = small.look([sent])[sent.id]
    assert (found.state, found.done, found.total) == (state, 3, 10)


def test_an_unknown_status_is_said(fake, small, sent):
    fake.runs(sent.id, "dreaming", steps_completed="many", steps_total=-1)
    found = small.look([sent])[sent.id]
    assert (found.state, found.done, found.total) == ("queued", 0, 0)
    assert "dreaming" in found.message


def test_a_failure_names_its_tasks_and_shows_the_log(fake, small, sent):
    task, *_ = fake.runs(sent.id, "failed", ("failed", "blender"), ("completed", "blender"))
    fake.logs[task["id"]] = "".join(f"line {n}\n" for n in range(100)) + "Cannot read file /proj/a.blend\n"
    found = small.look([sent])[sent.id]
    assert (found.state, found.failed, found.message) == ("failed", 1, "Failed of 2 tasks: blender-1.")
    log = small.log_tail(sent).splitlines()
    assert (log[0], log[-1], len(log)) == ("blender-1:", "Cannot read file /proj/a.blend", 61)


def test_a_job_that_failed_at_its_film_has_its_frames(fake, small, sent):
    fake.runs(sent.id, "failed", ("completed", "blender"), ("failed", "ffmpeg"))
    assert "The frames are there" in small.look([sent])[sent.id].message


def test_the_last_picture_comes_from_the_manager(fake, small, sent):
    fake.pictures[sent.id] = "/job-files/job-3f1c/last-rendered"
    found = small.picture(sent)
    assert (found.content, found.content_type) == (PICTURE, "image/jpeg")


@pytest.mark.parametrize(
    "base", ["//evil.test/x", "http://evil.test/x", "/job-files/../../etc", "/a?b", "@evil.test/", "/a b", 3]
)
def test_a_picture_is_asked_for_nowhere_else(fake, small, sent, base):
    fake.pictures[sent.id] = base
    before = len(fake.calls)
    assert small.picture(sent) is None
    assert len(fake.calls) == before + 1


def test_what_is_no_picture_is_none(fake, small, sent):
    fake.pictures[sent.id] = "/job-files/x"
    tell = said(200, {"base": "/job-files/x", "suffixes": ["last-rendered.jpg"]})
    fake.next = [tell, said(200, HTML)]
    assert small.picture(sent) is None


def test_a_job_without_a_worker_is_stuck(fake, small, sent):
    fake.waits(sent.id, 3)
    fake.workers.clear()
    assert small.look([sent])[sent.id].stuck == ""  # It may be taken any moment.
    fake.waits(sent.id, 12)
    assert small.look([sent])[sent.id].stuck == "The Manager has no workers. It has waited for 12 minutes."
    fake.workers["w"] = {"name": "ws1", "status": "offline", "tags": []}
    fake.status = "inoperative"
    assert "No worker of the farm can work" in small.look([sent])[sent.id].stuck
    fake.workers["w"]["status"], fake.status = "asleep", "waiting"
    assert "All workers of the farm sleep" in small.look([sent])[sent.id].stuck


def test_a_job_without_a_worker_for_its_tag_is_stuck(fake, small, sent):
    fake.waits(sent.id, 300)
    fake.jobs[sent.id]["worker_tag"] = TAG
    assert small.look([sent])[sent.id].stuck == ""  # Others come first.
    fake.workers = {"w": {"name": "ws1", "status": "awake", "tags": []}}
    assert small.look([sent])[sent.id].stuck.startswith("No worker with the tag “gpu” is awake")
    assert small.look([sent])[sent.id].stuck.endswith("It has waited for 5 hours.")


def test_a_job_that_no_worker_may_take_any_more_is_stuck(fake, small, sent):
    fake.runs(sent.id, "active", ("completed", "blender"), ("soft-failed", "blender"))
    fake.waits(sent.id, 20)
    fake.blocklist = [{"worker_id": "w", "worker_name": "ws1", "task_type": "blender"}]
    assert "get no more of it: ws1." in small.look([sent])[sent.id].stuck


def test_a_hint_that_cannot_be_had_spoils_nothing(fake, small, sent):
    fake.waits(sent.id, 20)
    fake.next = [said(200, fake.jobs[sent.id]), refused(500, "error fetching workers")]
    assert small.look([sent])[sent.id].stuck == ""


def test_the_reason_is_asked_for_once(fake, small, echo):
    sent = [small.submit(echo(small), mark()) for _ in range(20)]
    fake.workers.clear()
    for one in sent:
        fake.waits(one.id, 20)
    fake.calls.clear()
    assert all(one.stuck for one in small.look(sent).values())
    assert len(fake.calls) == 2


@pytest.mark.parametrize("priority", [-1, 101])
def test_a_priority_out_of_bounds_is_refused(fake, small, sent, priority):
    with pytest.raises(FarmRefuses, match="0 to 100"):
        small.set_priority(sent, priority)
