"""Export the selection as a table or as an editorial list.

CSV, JSON and XLSX hold a row for each task, in the columns that the person chooses, custom fields among them. EDL and OTIO
hold the frame range of each selected shot, in the order of sequences and shots.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from actions.clients.editorial import Cut, edl_list, list_rate, otio_list
from actions.contract import Call, Field, Kept, Outcome
from actions.filling import fill, last_previews, of_call
from actions.handlers.export.columns import COLUMNS, USUAL, ColumnName, Value, custom_field, custom_fields
from actions.registry import handler
from kitsu_bridge.kitsu.frames import frame_range, frames_a_second, preview_frames
from kitsu_bridge.kitsu.links import preview_link, task_link
from kitsu_bridge.kitsu.order import in_order
from kitsu_bridge.kitsu.tasks import Task
from kitsu_bridge.sheets import Cell, csv_lines, write_xlsx

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}
FORMATS = (
    ("csv", "CSV: a table"),
    ("xlsx", "XLSX: a table for Excel"),
    ("json", "JSON: a table for programs"),
    ("edl", "EDL: shots, CMX 3600"),
    ("otio", "OTIO: shots, OpenTimelineIO"),
)
CHOICES = tuple((name, column.title) for name, column in COLUMNS.items())
Format = Literal["csv", "xlsx", "json", "edl", "otio"]


@dataclass(frozen=True)
class Options:
    """How files are named and written."""

    name: Annotated[str, Field(label="File name", template="text", help="Without its ending.")] = (
        "{action_name|default:Export} {date}"
    )
    separator: Annotated[
        Literal["comma", "semicolon", "tab"],
        Field(label="Separator of CSV", help="Excel wants the one of its own region."),
    ] = "comma"
    hour: Annotated[
        int,
        Field(label="Record times begin at", unit="hours", least=0, most=22, help="Of EDL and OTIO: 1 is 01:00:00:00."),
    ] = 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the file is to hold, and how it is written."""

    options: Options
    columns: tuple[ColumnName, ...]
    fields: tuple[str, ...]
    mark: bool

    @property
    def titles(self) -> list[str]:
        """What stands above the columns."""
        return [*(COLUMNS[name].title for name in self.columns), *self.fields]


@handler(title="Export")
def run(
    call: Call,
    options: Options,
    *,
    format: Annotated[Format, Field(choices=FORMATS)] = "csv",  # noqa: A002 - the word of the form
    columns: Annotated[
        tuple[ColumnName, ...], Field(choices=CHOICES, help="Of tables. None chosen: the usual ones.")
    ] = USUAL,
    fields: Annotated[
        str, Field(label="Custom fields", help="Of tables: metadata columns, with commas between them; * for all.")
    ] = "",
    for_excel: Annotated[bool, Field(label="CSV for Excel", help="With the mark by which Excel knows UTF-8.")] = False,
) -> Outcome:
    """Make the file, keep it with the invocation, and offer it for download."""
    wanted = Wanted(options, columns or USUAL, tuple(custom_fields(call.tasks, fields)), for_excel)
    files = MAKERS[format](call, wanted)
    if not files:
        return Outcome("No file was made: none of the selected tasks can stand in it.")
    if len(files) == 1:
        return Outcome(f"{files[0].name} is ready, {_size(files[0].size)}.", then="download", target=files[0].url)
    shown = [{"name": file.name, "url": file.url, "size": _size(file.size)} for file in files]
    return Outcome(f"{len(files)} files are ready, one for each production.", data={"files": shown})


def _csv(call: Call, wanted: Wanted) -> list[Kept]:
    separator = SEPARATORS[wanted.options.separator]
    lines = csv_lines(wanted.titles, _rows(call, wanted), separator=separator, mark=wanted.mark)
    return _told(call, call.keep(_name(call, wanted, "csv"), lines, "text/csv; charset=utf-8"))


def _xlsx(call: Call, wanted: Wanted) -> list[Kept]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "table.xlsx")
        write_xlsx(path, wanted.titles, _rows(call, wanted))
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return _told(call, call.keep(_name(call, wanted, "xlsx"), path, kind))


def _json(call: Call, wanted: Wanted) -> list[Kept]:
    return _told(call, call.keep(_name(call, wanted, "json"), _json_lines(call, wanted), "application/json"))


def _json_lines(call: Call, wanted: Wanted) -> Iterator[bytes]:
    names = [*wanted.columns, *wanted.fields]
    before = "[\n"
    for values in _values(call, wanted):
        row = dict(zip(names, values, strict=True))
        yield (before + json.dumps(row, ensure_ascii=False, default=str)).encode("utf-8", "replace")
        before = ",\n"
    yield b"\n]\n"


def _rows(call: Call, wanted: Wanted) -> Iterator[list[Cell]]:
    for values in _values(call, wanted):
        yield [", ".join(value) if isinstance(value, list) else value for value in values]


def _values(call: Call, wanted: Wanted) -> Iterator[list[Value]]:
    """What stands in each row; in between the progress is said and a wish to stop is heard."""
    for number, task in enumerate(call.tasks, 1):
        call.stop_if_cancelled()
        own = [COLUMNS[name].read(call, task) for name in wanted.columns]
        yield [*own, *(custom_field(task, name) for name in wanted.fields)]
        call.progress(number, len(call.tasks), "Writing rows")


def _told(call: Call, file: Kept) -> list[Kept]:
    """Results, now that the file is kept."""
    for number, task in enumerate(call.tasks, 1):
        call.task_done(task, f"Row {number:,}.")
    return [file]


def _edl(call: Call, wanted: Wanted) -> list[Kept]:
    return _lists(call, wanted, "edl", edl_list)


def _otio(call: Call, wanted: Wanted) -> list[Kept]:
    return _lists(call, wanted, "otio", otio_list)


def _lists(call: Call, wanted: Wanted, ending: str, write: Callable[[str, Sequence[Cut], int], str]) -> list[Kept]:
    """One list for each production: editors cut one at a time, and frames a second are a production's."""
    projects: dict[str, list[Task]] = {}
    for task in in_order(call.tasks):
        projects.setdefault(task.project.id, []).append(task)
    files = []
    for tasks in projects.values():
        call.stop_if_cancelled()
        shots = _shots(call, tasks, one_rate=ending == "edl")
        if shots:
            name = _name(call, wanted, ending, tasks[0].project.name if len(projects) > 1 else "")
            text = write(name.removesuffix(f".{ending}"), [cut for _, cut in shots], wanted.options.hour)
            files.append(call.keep(name, text.encode(), "application/octet-stream"))
            for number, (task, _) in enumerate(shots, 1):
                call.task_done(task, f"Event {number} of {name}.")
    return files


def _shots(call: Call, tasks: Sequence[Task], *, one_rate: bool) -> list[tuple[Task, Cut]]:
    """The shots of these tasks, each once, with the task that stands for it; of the others it is said why they are not."""
    found: dict[str, tuple[Task, Cut]] = {}
    for task in sorted(tasks, key=lambda task: task.last_preview is None):  # A task with a preview stands for its shot.
        if task.entity.kind != "shot":
            call.task_skipped(task, f"It is on {_a(task.entity.kind)}: only shots stand in an editorial list.")
        elif task.entity.id in found:
            there = found[task.entity.id][0].task_type.name
            call.task_skipped(task, f"Its shot stands in the list already, by {there}.")
        elif (cut := _cut(call, task)) is None:
            call.task_failed(task, "Its shot has no frame range in Kitsu: neither In and Out nor Frames.")
        else:
            found[task.entity.id] = (task, cut)
    ordered = [found[task.entity.id] for task in tasks if found.get(task.entity.id, (None,))[0] is task]
    return _of_one_rate(call, ordered) if one_rate and ordered else ordered


def _of_one_rate(call: Call, shots: list[tuple[Task, Cut]]) -> list[tuple[Task, Cut]]:
    """What an EDL can say: one rate, and no frames before 0."""
    rate = list_rate([cut for _, cut in shots])
    for task, cut in shots:
        if cut.fps != rate:
            rates = f"It has {cut.fps:g} frames a second and the list {rate:g}"
            call.task_failed(task, f"{rates}: an EDL has one rate. Choose OTIO.")
        elif cut.first < 0:
            call.task_failed(task, "It begins before frame 0, which timecode cannot say. Choose OTIO.")
    return [(task, cut) for task, cut in shots if cut.fps == rate and cut.first >= 0]


def _cut(call: Call, task: Task) -> Cut | None:
    found = frame_range(task)
    if found is None:
        return None
    preview = last_previews(call).get(task.last_preview.id) if task.last_preview else None
    sequence = task.entity.sequence.name if task.entity.sequence else ""
    return Cut(
        name=f"{sequence}_{task.entity.name}" if sequence else task.entity.name,
        reel=task.entity.name,
        first=found.first,
        frames=found.frames,
        fps=frames_a_second(task),
        media=preview_link(call.kitsu_url, preview) if preview else "",
        media_frames=preview_frames(task, preview) or 0 if preview else 0,
        about={"shot": task.entity.path, "entity_id": task.entity.id, "link": task_link(call.kitsu_url, task)},
    )


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _name(call: Call, wanted: Wanted, ending: str, project: str = "") -> str:
    """The file's name, in which no sign may stand for a folder."""
    name = " ".join([fill(wanted.options.name, of_call(call)), *([project] if project else [])])
    return f"{name.replace('/', '-').replace(chr(92), '-')[:150]}.{ending}"


def _size(size: int) -> str:
    return f"{size / 1000:,.1f} kB" if size < 10**7 else f"{size / 10**6:,.0f} MB"


MAKERS: dict[Format, Callable[[Call, Wanted], list[Kept]]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "json": _json,
    "edl": _edl,
    "otio": _otio,
}
