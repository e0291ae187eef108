"""Show which assets stand in the selected shots, and add, remove or replace one in all of them at once.

The page is the breakdown: shots against assets, with how often each stands there, and a file that Kitsu's own casting
import reads. Kitsu lets studio and production managers change casting; everybody but vendors reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from actions.contract import ActionError, Call, Field, Outcome, Plan
from actions.doing.changing import Change, Doing, carry_out, foresee
from actions.registry import handler
from kitsu_bridge.kitsu.assets import Asset, NoSuchAsset, find_assets
from kitsu_bridge.kitsu.interface import Record
from kitsu_bridge.kitsu.links import entity_link
from kitsu_bridge.kitsu.tasks import Named, Task
from kitsu_bridge.sheets import Cell, csv_lines

MOST_CELLS = 30_000
"""Shots times assets on the page; the file has them all."""

COLUMNS = ("Episode", "Parent", "Name", "Asset Type", "Asset", "Occurences", "Label")
"""Those of Kitsu's casting import, in its spelling (zou/app/blueprints/source/csv/casting.py in Zou 1.0.97)."""

LABEL = "fixed"
"""How an asset stands in a shot where nobody said otherwise, as Kitsu's casting import has it."""

NOT_SHOWN = "Kitsu does not show casting to vendors."
NOT_YOURS = "Kitsu lets studio managers and managers of the production change casting."

What = Literal["show", "add", "remove", "replace"]
WORDS = (
    ("show", "Only show the casting"),
    ("add", "Add an asset"),
    ("remove", "Remove an asset"),
    ("replace", "Replace an asset by another"),
)
NAMED = "A name, “Type / Name”, or an id. For a change only."
TIMES = "For adding and replacing. Left empty: once, or as often as the asset that it replaces."


@dataclass(frozen=True)
class Options:
    """What an administrator sets once."""

    read_only: Annotated[bool, Field(label="Only show", help="Nobody changes casting with this action.")] = False


@handler(title="Casting", entity_types={"shot"})
def run(
    call: Call,
    options: Options,
    *,
    change: Annotated[What, Field(label="What to do", choices=WORDS)] = "show",
    asset: Annotated[str, Field(label="Asset", help=NAMED, placeholder="Props / Lantern")] = "",
    by: Annotated[str, Field(label="Replaced by", help=NAMED, placeholder="Props / Lantern")] = "",
    times: Annotated[int | None, Field(label="How often", unit="times", help=TIMES, least=1, most=999)] = None,
) -> Outcome:
    """Change what is asked for, then show the casting of all selected shots as it is then."""
    wish = _wish(call, options, change, asset, by, times)
    board = Board(call)
    done = carry_out(call, _doing(board, wish)) if wish else _shown(call, board)
    board.read([task for task in call.tasks if task.id in call.done_before and task.entity.id not in board.casting])
    return Outcome(done.message, data=board.page())


def preview(
    call: Call, options: Options, *, change: What = "show", asset: str = "", by: str = "", times: int | None = None
) -> Plan:
    """Each shot's change, and what stands in the way of it."""
    wish = _wish(call, options, change, asset, by, times)
    if wish is None:
        return Plan("The casting is shown; nothing changes.")
    return foresee(call, _doing(Board(call), wish))


@dataclass(frozen=True, slots=True)
class Wish:
    """The change that is asked for, with the asset as each production has it, by the production's id."""

    change: What
    asset: dict[str, Asset]
    by: dict[str, Asset]
    times: int | None


def _wish(call: Call, options: Options, change: What, asset: str, by: str, times: int | None) -> Wish | None:
    """None where nothing is to be changed."""
    if change == "show":
        return None
    if options.read_only:
        raise ActionError("This action only shows the casting.")
    if not asset.strip() or (change == "replace" and not by.strip()):
        raise ActionError("Say which asset, and for a replacement by which other one.")
    texts = [asset, by] if change == "replace" else [asset]
    found = {project.id: _found(call, project, texts) for project in {task.project for task in call.tasks}}
    return Wish(
        change,
        {key: assets[0] for key, assets in found.items()},
        {key: assets[-1] for key, assets in found.items()},
        times,
    )


def _found(call: Call, project: Named, texts: Sequence[str]) -> list[Asset]:
    try:
        return find_assets(call.kitsu, project, texts)
    except NoSuchAsset as error:
        raise ActionError(str(error)) from None


class Board:
    """What stands in the shots of a call, as it was read or written last."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.casting: dict[str, list[Record]] = {}
        """A shot's id -> the rows of its casting."""

    def read(self, tasks: Sequence[Task]) -> None:
        """The casting of these tasks' shots, as Kitsu has it now."""
        shots = {task.entity.id: task.entity.record for task in tasks if not self.unseen(task)}
        found = self.call.kitsu.casting(shots.values()) if shots else {}
        self.casting |= {shot: found.get(shot, []) for shot in shots}

    def unseen(self, task: Task) -> str:
        """Why a task's casting is not shown; empty when it is."""
        if task.entity.kind != "shot":
            return f"Casting is shown for shots; this is a task on {_a(task.entity.kind)}."
        return NOT_SHOWN if self._role(task) == "vendor" else ""

    def barred(self, task: Task) -> str:
        """Why a task's casting is not changed by this person; empty when it may be (`CastingResource` in Zou 1.0.97)."""
        return self.unseen(task) or ("" if self._role(task) in {"admin", "manager"} else NOT_YOURS)

    def _role(self, task: Task) -> str:
        return self.call.person.role_in(task.project.id) if self.call.person else "admin"

    def page(self) -> dict[str, Any]:
        """The breakdown as the page shows it: a row for each shot, a column for each asset, and the file with everything."""
        tasks = {task.entity.id: task for task in self.call.tasks if task.entity.id in self.casting}
        columns = sorted({(row["asset_type_name"], row["asset_name"], row["asset_id"])
                          for rows in self.casting.values() for row in rows})  # fmt: skip
        shown = list(tasks.values())[: max(1, MOST_CELLS // max(1, len(columns)))]
        return {
            "types": [{"name": name, "count": sum(one[0] == name for one in columns)}
                      for name in dict.fromkeys(one[0] for one in columns)],
            "assets": [name for _, name, _ in columns],
            "shots": [self._row(task, [asset_id for *_, asset_id in columns]) for task in shown],
            "totals": [sum(self._times(shot, asset_id) for shot in tasks) for *_, asset_id in columns],
            "left_out": len(tasks) - len(shown),
            "file": self._file(tasks.values()) if columns else "",
        }  # fmt: skip

    def _row(self, task: Task, asset_ids: Sequence[str]) -> dict[str, Any]:
        counts = [self._times(task.entity.id, one) for one in asset_ids]
        return {"name": task.entity.path, "link": entity_link(self.call.kitsu_url, task), "counts": counts}

    def _times(self, shot: str, asset_id: str) -> int:
        return sum(row["nb_occurences"] for row in self.casting[shot] if row["asset_id"] == asset_id)

    def _file(self, tasks: Iterable[Task]) -> str:
        """The whole casting, as Kitsu's own import reads it."""
        try:
            return self.call.keep("casting.csv", csv_lines(COLUMNS, self._lines(tasks), mark=True), "text/csv").url
        except ActionError as error:
            self.call.log(str(error), "warning")
            return ""

    def _lines(self, tasks: Iterable[Task]) -> Iterator[Sequence[Cell]]:
        for task in tasks:
            above = [one.name if one else "" for one in (task.entity.episode, task.entity.sequence)]
            for row in self.casting[task.entity.id]:
                cast = (row["asset_type_name"], row["asset_name"], row["nb_occurences"], row.get("label") or "")
                yield (*above, task.entity.name, *cast)


def _shown(call: Call, board: Board) -> Outcome:
    """Nothing is changed: each shot's casting in words."""
    for tasks in call.chunks(100, "Reading casting"):
        board.read(tasks)
        for task in tasks:
            if why := board.unseen(task):
                call.task_skipped(task, why)
            else:
                call.task_done(task, _in_words(board.casting[task.entity.id]))
    shots, assets = len(board.casting), len({row["asset_id"] for rows in board.casting.values() for row in rows})
    return Outcome(f"{_number(assets, 'asset')} in {_number(shots, 'shot')}.")


def _in_words(rows: Iterable[Record]) -> str:
    named = [f"{row['asset_name']}{_more(row['nb_occurences'])}" for row in rows]
    return ", ".join(named) or "Nothing is cast in it."


def _doing(board: Board, wish: Wish) -> Doing:
    """How the change is decided for each shot, and written: one request for each shot, and only where something changes."""

    def decide(tasks: Sequence[Task]) -> list[Change]:
        board.read(tasks)
        return [_decided(board, wish, task) for task in tasks]

    def write(changes: Sequence[Change]) -> Iterator[str]:
        for change in changes:
            task = change.task
            written = board.call.kitsu.set_casting(task.project.id, task.entity.id, change.value)
            board.casting[task.entity.id] = written
            if _counts(written) == _counts(change.value):
                yield task.id

    what = {"add": "Adding", "remove": "Removing", "replace": "Replacing"}[wish.change]
    return Doing(what, decide, write, "an asset may have been deleted meanwhile.")


def _counts(rows: Iterable[Record]) -> dict[str, int]:
    return {row["asset_id"]: row["nb_occurences"] for row in rows}


def _decided(board: Board, wish: Wish, task: Task) -> Change:
    if why := board.barred(task):
        return Change(task, "blocked", why)
    rows = board.casting[task.entity.id]
    asset = wish.asset[task.project.id]
    return CHANGES[wish.change](task, rows, asset, wish.by[task.project.id], wish.times)


def _adding(task: Task, rows: list[Record], asset: Asset, _by: Asset, times: int | None) -> Change:
    before = _counts(rows).get(asset.id, 0)
    after = times or before or 1
    if before == after:
        return Change(task, "same", f"{asset.path} stands in it already.")
    value = _with(rows, asset, after, _label(rows, asset))
    return Change(task, "write", asset.path, before=_often(before), after=_often(after), value=value)


def _removing(task: Task, rows: list[Record], asset: Asset, _by: Asset, _times: int | None) -> Change:
    before = _counts(rows).get(asset.id, 0)
    if not before:
        return Change(task, "same", f"{asset.path} does not stand in it.")
    return Change(task, "write", asset.path, before=_often(before), after=_often(0), value=_without(rows, asset))


def _replacing(task: Task, rows: list[Record], asset: Asset, by: Asset, times: int | None) -> Change:
    counts = _counts(rows)
    if asset.id not in counts or asset.id == by.id:
        return Change(task, "same", f"{asset.path} does not stand in it.")
    after = times or counts[asset.id] + counts.get(by.id, 0)
    value = _with(_without(rows, asset), by, after, _label(rows, asset))
    before = f"{asset.path}{_more(counts[asset.id])}"
    return Change(task, "write", "Replaced", before=before, after=f"{by.path}{_more(after)}", value=value)


CHANGES: dict[str, Callable[[Task, list[Record], Asset, Asset, int | None], Change]] = {
    "add": _adding,
    "remove": _removing,
    "replace": _replacing,
}


def _without(rows: Iterable[Record], asset: Asset) -> list[Record]:
    return [row for row in rows if row["asset_id"] != asset.id]


def _with(rows: Iterable[Record], asset: Asset, times: int, label: str) -> list[Record]:
    return [*_without(rows, asset), {"asset_id": asset.id, "nb_occurences": times, "label": label}]


def _label(rows: Iterable[Record], asset: Asset) -> str:
    """What is kept of how an asset stands in a shot, also for the one that takes its place."""
    return next((row.get("label") or LABEL for row in rows if row["asset_id"] == asset.id), LABEL)


def _often(times: int) -> str:
    return {0: "not in it", 1: "once"}.get(times, f"{times} times")


def _more(times: int) -> str:
    return f" ×{times}" if times != 1 else ""


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _a(word: str) -> str:
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"
