"""The checks that come with the bridge. Each is one function: a sentence for what is wrong, nothing when all is well."""

from __future__ import annotations

from datetime import date

from actions.quality.facts import Facts
from actions.quality.table import check
from kitsu_bridge.kitsu.frames import frame_range, preview_frames
from kitsu_bridge.kitsu.tasks import Task


@check(title="Overdue", severity="problem", hidden_from={"client"})
def overdue(task: Task, facts: Facts) -> str:
    """It is not done, and its due date has passed."""
    due = _day(task, "due_date")
    if due is None or due >= facts.today or _is(task, "is_done"):
        return ""
    days = (facts.today - due).days
    return f"It was due on {due.isoformat()}, {days:,} day{'' if days == 1 else 's'} ago."


@check(title="Status without preview", severity="problem")
def status_without_preview(task: Task, facts: Facts) -> str:
    """It waits for approval, was sent back or is done, and there is no preview to look at."""
    if not _judged(task) or task.last_preview or task.task_type.id in facts.without_preview:
        return ""
    return f"Its status is {task.status.name}, and it has no preview."


@check(title="Frame range missing", severity="problem", entity_types={"shot"}, of="entity")
def frame_range_missing(task: Task, facts: Facts) -> str:
    """The shot has no frame range: neither In and Out nor Frames, or an Out before its In."""
    return "" if frame_range(task) else "Kitsu has no frame range for the shot, or one that ends before it begins."


@check(title="Frames disagree", severity="warning", entity_types={"shot"}, of="entity")
def frames_disagree(task: Task, facts: Facts) -> str:
    """The shot's In and Out make another number of frames than Kitsu's column Frames."""
    found, counted = frame_range(task), task.entity.record.get("nb_frames")
    if found is None or not counted or found.frames == counted:
        return ""
    return f"In and Out make {found.frames:,} frames, and Frames says {counted:,}."


@check(title="Preview has other frames", severity="warning", entity_types={"shot"})
def preview_has_other_frames(task: Task, facts: Facts) -> str:
    """The last preview is a movie, and longer or shorter than the shot."""
    found, preview = frame_range(task), facts.preview(task)
    frames = preview_frames(task, preview) if preview else None
    if found is None or frames is None or abs(frames - found.frames) <= facts.tolerance:
        return ""
    return f"Its preview has {frames:,} frames, the shot {found.frames:,}."


@check(title="Nobody assigned", severity="warning", hidden_from={"client"})
def nobody_assigned(task: Task, facts: Facts) -> str:
    """It is not done, and nobody is assigned to it."""
    return "" if task.assignees or _is(task, "is_done") else "Nobody is assigned to it."


@check(title="Preview without status", severity="warning")
def preview_without_status(task: Task, facts: Facts) -> str:
    """There is a preview, and its status still says that nothing has begun."""
    if not task.last_preview or not _is(task, "is_default"):
        return ""
    return f"It has a preview, and its status is still {task.status.name}."


@check(title="Nothing cast", severity="warning", entity_types={"shot"}, of="entity", hidden_from={"vendor"})
def nothing_cast(task: Task, facts: Facts) -> str:
    """No asset is cast in the shot, and its casting is not on standby."""
    standby = task.entity.record.get("is_casting_standby")
    return "" if standby or facts.is_cast(task) else "No asset is cast in the shot."


@check(title="Done without time spent", severity="notice", hidden_from={"client"})
def done_without_time(task: Task, facts: Facts) -> str:
    """It is done, and nobody noted time on it."""
    return (
        "It is done, and nobody noted time on it." if _is(task, "is_done") and not task.record.get("duration") else ""
    )


@check(title="No estimate", severity="notice", hidden_from={"client"})
def no_estimate(task: Task, facts: Facts) -> str:
    """It is not done, and nobody has estimated it."""
    return "" if task.record.get("estimation") or _is(task, "is_done") else "It has no estimate."


@check(title="No preview yet", severity="notice")
def no_preview(task: Task, facts: Facts) -> str:
    """Work has begun, and there is no preview; nobody was asked to look at one yet."""
    begun = _is(task, "is_wip") or task.record.get("real_start_date") or task.record.get("duration")
    if not begun or _judged(task) or task.last_preview or task.task_type.id in facts.without_preview:
        return ""
    return "Work on it has begun, and it has no preview."


def _is(task: Task, flag: str) -> bool:
    """Whether its status has a flag (zou/app/models/task_status.py in Zou 1.0.97)."""
    return bool(task.status.record.get(flag))


def _judged(task: Task) -> bool:
    """Whether its status says that somebody looks or has looked at it."""
    return any(_is(task, flag) for flag in ("is_feedback_request", "is_retake", "is_done"))


def _day(task: Task, field: str) -> date | None:
    try:
        return date.fromisoformat(str(task.record.get(field))[:10])
    except ValueError:
        return None
