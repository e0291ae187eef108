"""Episodes side by side: how far each is, how often its work came back, what is late."""

from __future__ import annotations

from collections.abc import Sequence

from actions.figures.adding import frames, grouped, ids, seconds, share, with_frames
from actions.figures.figure import Column, Figure, Row, Series, Value
from actions.figures.meaning import is_delivered, is_late, stage
from actions.figures.production import Production
from actions.figures.rows import TaskRow

STAGES = (
    ("done", "Done"),
    ("review", "In review"),
    ("retake", "Retake"),
    ("work", "In work"),
    ("waiting", "Not begun, or else"),
)
OF_THE_STUDIO = ("retakes", "rate", "late", "due")


def episodes(production: Production) -> Figure:
    """Each episode; what belongs to none comes last."""
    found = grouped(production.tasks, lambda task: _episode(production, task))
    order = sorted(found, key=lambda one: (not one, production.label(one), one))
    has_episodes = any(found)
    columns = tuple(one for one in _COLUMNS if production.sees_studio or one.key not in OF_THE_STUDIO)
    return Figure(
        slug="episodes",
        title="Episodes",
        help="The tasks of each episode by the stage that their status stands for.",
        chart="stacked",
        columns=columns,
        rows=tuple(_row(production, _label(production, one), found[one], one) for one in order if has_episodes),
        series=tuple(Series(key, label) for key, label in STAGES),
        unit="tasks",
        total=_row(production, "All", production.tasks) if has_episodes else None,
        empty="There are no episodes here.",
    )


_COLUMNS = (
    Column("label", "Episode", kind="text"),
    *(Column(key, label, "tasks") for key, label in STAGES),
    Column("tasks", "All", "tasks"),
    Column("share", "Done, share", kind="share"),
    Column("retakes", "Retakes"),
    Column("rate", "Retakes a delivered task"),
    Column("late", "Overdue", "tasks"),
    Column("due", "Last due day", kind="date"),
    Column("frames", "Frames"),
    Column("seconds", "Seconds", "s"),
)


def _episode(production: Production, task: TaskRow) -> str:
    entity = production.entity(task)
    return entity.id if entity.kind == "episode" else entity.episode_id


def _label(production: Production, episode_id: str) -> str:
    return (production.label(episode_id) or "Unknown episode") if episode_id else "No episode"


def _row(production: Production, label: str, tasks: Sequence[TaskRow], key: str = "") -> Row:
    stages = grouped(tasks, lambda task: stage(production, task))
    delivered = [task for task in tasks if is_delivered(production, task)]
    late = [task for task in tasks if is_late(production, task)]
    retakes = sum(task.retakes for task in tasks)
    last = max((task.due for task in tasks if task.due), default=None)
    values: dict[str, Value] = {
        "label": label,
        **{one: len(stages.get(one, ())) for one, _ in STAGES},
        "tasks": len(tasks),
        "share": share(len(stages.get("done", ())), len(tasks)),
        "retakes": retakes,
        "rate": share(retakes, len(delivered)),
        "late": len(late),
        "due": last.isoformat() if last else None,
        "frames": frames(production, tasks),
        "seconds": seconds(production, tasks),
    }
    cells = {one: ids(stages.get(one, ())) for one, _ in STAGES}
    cells |= {"share": cells["done"], "retakes": ids(t for t in tasks if t.retakes), "rate": ids(delivered)}
    cells |= {"late": ids(late), "due": ids(t for t in tasks if t.due and t.due == last)}
    cells |= dict.fromkeys(("frames", "seconds"), ids(with_frames(production, tasks)))
    return Row(label, values, ids(tasks), key=key, cell_task_ids=cells)
