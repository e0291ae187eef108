"""Has options that are templates: for tests of what is checked when an action is saved, and of the live preview."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from actions.contract import Call, Field, Outcome
from actions.filling import fill, of_call
from actions.registry import handler


@dataclass(frozen=True)
class Options:
    """One of each syntax."""

    title: Annotated[str, Field(template="text")] = "Review {date}"
    address: Annotated[str, Field(label="Where to", template="url")] = "https://ok/{entity_name}"
    body: Annotated[str, Field(template="json", long=True)] = '{"name": "{entity_name}"}'
    words: Annotated[tuple[str, ...], Field(template="text")] = ()

    def __post_init__(self) -> None:
        """Two that do not go together."""
        if self.title == self.address:
            raise ValueError("title: It is the same as the address.")
        if not self.title.strip("-"):
            raise ValueError("Nothing can be done so.")


@handler(title="Filled")
def run(call: Call, options: Options) -> Outcome:
    """Say the title."""
    return Outcome(fill(options.title, of_call(call)))
