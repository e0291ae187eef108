"""Asks for one of each: for tests of the parameters."""

from __future__ import annotations

from dataclasses import asdict, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Literal

from actions.contract import (
    ActionError,
    AssetTypeId,
    Call,
    Field,
    File,
    LongText,
    Outcome,
    PersonId,
    Plan,
    ProjectId,
    StatusId,
    Step,
    TaskTypeId,
)
from actions.registry import handler


@handler(title="Asking")
def run(
    call: Call,
    *,
    title: str = "Review {date}",
    count: Annotated[int, Field(least=1, most=10, unit="frames")],
    note: LongText = "",
    ratio: float = 1.0,
    price: Decimal | None = None,
    loud: bool = False,
    day: date | None = None,
    at: time | None = None,
    moment: datetime | None = None,
    size: Literal["small", "large"] = "small",
    several: tuple[Literal["a", "b", "c"], ...] = (),
    more: dict[str, Any] | None = None,
    project: ProjectId | None = None,
    status: Annotated[StatusId | None, Field(within="project")] = None,
    people: tuple[PersonId, ...] = (),
    kind_of_task: TaskTypeId | None = None,
    kind_of_asset: AssetTypeId | None = None,
    password: Annotated[str, Field(secret=True)] = "",
    picture: Annotated[File | None, Field(accept=(".png",), largest=1000)] = None,
) -> Outcome:
    """Tell what was given."""
    given = {name: _plain(value) for name, value in locals().items() if name != "call"}
    given["password"] = password[::-1]
    given["content"] = picture.path.read_text() if picture else ""
    for task in call.tasks:
        call.task_done(task)
    return Outcome(f"{count} of {title}", data=given)


def preview(call: Call, *, title: str = "", **given: Any) -> Plan:
    """Say it."""
    if title == "bad":
        raise ActionError("Choose another title.")
    return Plan(f"Tells {title}.", [Step(task, "told") for task in call.tasks])


def _plain(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
