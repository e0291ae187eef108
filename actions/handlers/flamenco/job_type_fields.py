"""The fields of an action's form for the settings of its job type, as the Manager has it while the form is open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from actions.clients.flamenco import Flamenco, JobType, Setting
from actions.contract import ActionError, Field, MoreOptions
from actions.handlers.flamenco.building import FRAMES
from actions.handlers.flamenco.worked_out import WORKED_OUT

READS = ("url", "proxy_login", "job_type", "scene_key", "platform")
MOST = 200
"""Fields of one form."""

NO_ADDRESS = "Give the Manager's address and look again: its job types, tags and settings are then here to choose."
BEHIND = (
    "The Manager stands behind a login, which is for running calls only: it is not read here. Write the settings of the job type "
    "as JSON; they are checked when the action runs."
)


def more_options(values: Mapping[str, Any], settings: Mapping[str, Any]) -> MoreOptions:
    """A field for each setting of the chosen job type, and job types and worker tags to choose from."""
    nothing = MoreOptions("settings", "Settings of the job type", reads=READS)
    url = str(values.get("url") or "").strip()
    if not url or values.get("proxy_login"):
        return replace(nothing, said=BEHIND if url else NO_ADDRESS)
    try:
        return _found(Flamenco(url), values, nothing)
    except ActionError as error:
        return replace(nothing, said=f"{error} What was saved stands below as it is.")


def _found(manager: Flamenco, values: Mapping[str, Any], nothing: MoreOptions) -> MoreOptions:
    about, types = manager.about(), manager.job_types()
    said = [
        f"{about.name}, Flamenco {about.version}.",
        about.warning,
        _paths(manager, str(values.get("platform") or "")),
    ]
    chosen = str(values.get("job_type") or "simple-blender-render")
    offered = {"job_type": tuple(sorted(types.items())), "tag": _tags(manager)}
    if chosen not in types:
        missing = f"It has no job type “{chosen[:80]}”: choose one."
        return replace(nothing, said=" ".join(filter(None, [*said, missing])), offered=offered)
    kind = manager.job_type(chosen)
    said += [_changed(kind, str(values.get("type_seen") or "")), _by_itself(kind)]
    return MoreOptions(
        nothing.into,
        f"Settings of {kind.name}",
        " ".join(filter(None, said)),
        dict(list(_fields(kind, str(values.get("scene_key") or "blendfile")))[:MOST]),
        offered,
        {"type_seen": seen_of(kind)},
        READS,
    )


def _changed(kind: JobType, seen: str) -> str:
    if seen == seen_of(kind) or not seen.startswith(f"{kind.name} "):
        return ""
    return "The job type was changed on the Manager since the action was saved: look through its settings."


def seen_of(kind: JobType) -> str:
    """Which version of which job type it is."""
    return f"{kind.name} {kind.etag}"


def _fields(kind: JobType, scene_key: str) -> Iterator[tuple[str, Any]]:
    """What people may type, and what Blender's add-on would work out. Scene and frames have fields of their own."""
    for one in kind.settings:
        if one.key not in {scene_key, FRAMES} and one.editable and one.visible != "hidden":
            yield one.key, _hint(one)


def _hint(one: Setting) -> Any:
    about = Field(
        label=one.label or one.key.replace("_", " ").capitalize(),
        help=_help(one),
        placeholder="" if one.default is None else str(one.default),
        least=one.least,
        most=one.most,
    )
    plain: Any = PLAIN.get(one.type, str)
    if one.choices:
        plain, about = Literal[one.choices], replace(about, choices=tuple((name, name) for name in one.choices))
    elif one.type == "bool":
        about = replace(about, choices=(("True", "Yes"), ("False", "No")))
    elif plain is str:
        about = replace(about, template="text")
    return Annotated[plain if _needed(one) else plain | None, about]


PLAIN: Mapping[str, Any] = {"int32": int, "float": float, "bool": Literal[True, False]}


def _needed(one: Setting) -> bool:
    return one.required and one.default is None and not (one.evaluated and one.key in WORKED_OUT)


def _help(one: Setting) -> str:
    """What it is, what it must be, and what it is when it stays empty."""
    said = [one.description.rstrip("."), "A path of the farm's machines" if one.is_path else "", _empty(one)]
    return "".join(f"{text}. " for text in [*said, f"Its name is {one.key}"] if text).strip()


def _empty(one: Setting) -> str:
    if one.default is not None:
        words = {"True": "yes", "False": "no", "": "nothing"}
        return f"Empty: {words.get(str(one.default), one.default)}"
    return "Empty: worked out for each task" if one.evaluated and one.key in WORKED_OUT else ""


def _by_itself(kind: JobType) -> str:
    """Settings without a field, which the bridge works out as Blender's add-on does."""
    names = [one.key for one in kind.settings if one.key in WORKED_OUT and one.evaluated and not one.editable]
    return f"Worked out for each task, unless the object below says otherwise: {', '.join(names)}." if names else ""


def _tags(manager: Flamenco) -> tuple[tuple[str, str], ...]:
    return tuple((name, name) for name in sorted(filter(None, manager.tags().values())))


def _paths(manager: Flamenco, platform: str) -> str:
    """How the Manager turns paths of the chosen system."""
    if platform in {"", "manager"}:
        return ""
    found = [f"{value} ({name})" for name, value in sorted(manager.two_way(platform).items())][:10]
    return f"It turns paths that begin with {', '.join(found)}." if found else "It has no two-way variables for paths."
