from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from actions.quality import Facts, checks
from kitsu_bridge.kitsu.tasks import Assignee, Named, Preview, Status
from tests.actions.making import a_task

TODAY = date(2026, 11, 21)
GOOD = {"frame_in": "1001", "frame_out": "1048"}


class Rows:
    """A Kitsu of so many rows: what the checks read beside the tasks."""

    def __init__(self, previews=(), casting=None):
        self._previews, self._casting = list(previews), casting or {}

    def preview_files(self, ids):
        return [row for row in self._previews if row["id"] in ids]

    def casting(self, entities):
        return {row["id"]: self._casting[row["id"]] for row in entities if row["id"] in self._casting}


def made(*, status="wip", entity=None, preview="", assigned=True, kind="shot", **record):
    """A task with nothing wrong, but for what is said."""
    task = a_task(kind=kind)
    flags = {
        "default": "is_default",
        "wip": "is_wip",
        "wfa": "is_feedback_request",
        "retake": "is_retake",
        "done": "is_done",
    }
    return replace(
        task,
        status=Status("s", status, {flags[status]: True}),
        entity=replace(
            task.entity,
            record={"id": task.entity.id, "data": GOOD, "nb_frames": 48, "nb_entities_out": 1, **(entity or {})},
        ),
        assignees=(Assignee("p", "Noa"),) if assigned else (),
        last_preview=Preview(preview) if preview else None,
        project=Named("p", "Fox", {"fps": "24"}),
        record={"estimation": 480, "due_date": "2026-12-01T00:00:00", "duration": 60, **record},
    )


def found(task, *, previews=(), casting=None, **facts):
    known = Facts(Rows(previews, casting), [task], TODAY, **facts)
    kinds = (one for one in checks().values() if not one.entity_types or task.entity.kind in one.entity_types)
    return {one.name: text for one in kinds if (text := one.examine(task, known))}


def movie(seconds):
    return [{"id": "v", "duration": seconds}]


def test_it_works():
    assert found(made(preview="v"), previews=movie(2.0)) == {}
    assert all(one.sentence and one.title for one in checks().values())
    assert len({one.title for one in checks().values()}) == len(checks())


CASES = [
    (made(status="default", estimation=0, duration=0), "no_estimate", "It has no estimate."),
    (made(status="done", preview="v", estimation=0), "", ""),
    (made(preview="v", due_date="2026-11-20T00:00:00"), "overdue", "It was due on 2026-11-20, 1 day ago."),
    (made(preview="v", due_date="2026-11-21T00:00:00"), "", ""),
    (made(preview="v", status="done", due_date="2026-11-20"), "", ""),
    (made(preview="v", due_date=None), "", ""),
    (made(), "no_preview", "Work on it has begun, and it has no preview."),
    (made(status="default", duration=0), "", ""),
    (made(status="default"), "no_preview", "Work on it has begun, and it has no preview."),
    (made(status="wfa"), "status_without_preview", "Its status is wfa, and it has no preview."),
    (made(status="retake"), "status_without_preview", "Its status is retake, and it has no preview."),
    (made(status="done"), "status_without_preview", "Its status is done, and it has no preview."),
    (made(status="default", preview="v"), "preview_without_status", "It has a preview, and its status is still default."),
    (made(preview="v", assigned=False), "nobody_assigned", "Nobody is assigned to it."),
    (made(status="done", preview="v", assigned=False), "", ""),
    (made(status="done", preview="v", duration=0), "done_without_time", "It is done, and nobody noted time on it."),
    (made(preview="v", entity={"data": None, "nb_frames": 0}), "frame_range_missing",
     "Kitsu has no frame range for the shot, or one that ends before it begins."),
    (made(preview="v", entity={"data": {"frame_in": "10", "frame_out": "1"}}), "frame_range_missing",
     "Kitsu has no frame range for the shot, or one that ends before it begins."),
    (made(preview="v", entity={"data": None, "nb_frames": 0}, kind="asset"), "", ""),
    (made(preview="v", entity={"nb_frames": 50}), "frames_disagree", "In and Out make 48 frames, and Frames says 50."),
    (made(preview="v", entity={"nb_entities_out": 0}), "nothing_cast", "No asset is cast in the shot."),
    (made(preview="v", entity={"nb_entities_out": 0, "is_casting_standby": True}), "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("task", "name", "text"), CASES)
def test_it_finds_what_is_wrong_and_nothing_else(task, name, text):
    assert found(task, previews=movie(2.0)) == ({name: text} if name else {})


@pytest.mark.parametrize(("seconds", "tolerance", "text"), [
    (2.0, 0, ""), (2.1, 0, "Its preview has 50 frames, the shot 48."), (2.1, 2, ""), (0, 0, ""),
    (1.0, 2, "Its preview has 24 frames, the shot 48."),
])  # fmt: skip
def test_a_preview_has_the_frames_of_its_shot(seconds, tolerance, text):
    assert (
        found(made(preview="v"), previews=movie(seconds), tolerance=tolerance).get("preview_has_other_frames", "")
        == text
    )


def test_casting_that_is_not_counted_is_read():
    task = made(preview="v", entity={"nb_entities_out": 0})
    assert found(task, previews=movie(2.0), casting={task.entity.id: [{"asset_id": "a"}]}) == {}


def test_task_types_without_previews_are_let_pass():
    task = made(status="done")
    assert found(task, without_preview=frozenset({task.task_type.id})) == {}
