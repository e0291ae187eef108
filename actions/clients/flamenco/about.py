"""What a Manager says of itself: that it is one, its job types, and its tags."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from actions.clients.flamenco.job_types import JobType, job_type_of
from actions.clients.flamenco.wire import API, NotThere, Wire
from actions.farms.asking import place_of
from actions.farms.contract import FarmRefuses

NAME = re.compile(r"[^/?#\x00-\x1f]{1,200}")


@dataclass(frozen=True, slots=True)
class About:
    """Who a Manager is. `warning`: what keeps jobs waiting there though it takes them; empty where nothing does."""

    name: str
    version: str
    warning: str = ""


class Manager:
    """One Manager. `login`: `name:password` for a proxy that stands before it; Flamenco itself asks nobody who they are."""

    def __init__(self, url: str, login: str = "") -> None:
        self.place = address_of(url)
        basic = base64.b64encode(login.encode()).decode()
        self.wire = Wire(self.place, {"Authorization": f"Basic {basic}"} if login else {})

    def about(self) -> About:
        """Who answers. Raises `FarmRefuses` where that is no Flamenco, or one that nobody has set up."""
        said = self.wire.object("/version")
        if not isinstance(said.get("name"), str) or not isinstance(said.get("version"), str):
            raise FarmRefuses(f"What answers at {self.place} is no Flamenco Manager.")
        if self.wire.object("/configuration").get("isFirstRun") is True:
            raise FarmRefuses(f"The Manager at {self.place} is not set up yet: open it in a browser once.")
        return About(said["name"], said["version"], WARNINGS.get(self.status(), ""))

    def status(self) -> str:
        """Of the whole farm: `active idle waiting asleep inoperative unknown starting`; empty where it does not say."""
        try:
            return str(self.wire.object("/status").get("status") or "")
        except NotThere:  # An older Manager has no such call.
            return ""

    def job_types(self) -> dict[str, str]:
        """What all job types are called for people, by their names."""
        found = rows_of(self.wire.object("/jobs/types"), "job_types")
        return {str(one["name"]): str(one.get("label") or one["name"]) for one in found if one.get("name")}

    def job_type(self, name: str) -> JobType:
        """A job type as it is now. Raises `FarmRefuses` where there is none of the name."""
        if not NAME.fullmatch(name):
            raise FarmRefuses(f"“{name[:80]}” is no name of a job type.")
        try:
            return job_type_of(self.wire.object(f"/jobs/type/{quote(name, safe='')}"))
        except NotThere:
            raise FarmRefuses(f"The Manager has no job type “{name}”. It has: {_list(self.job_types())}.") from None

    def tags(self) -> dict[str, str]:
        """Names of tags by their ids."""
        try:
            found = rows_of(self.wire.object("/worker-mgt/tags"), "tags")
        except NotThere:  # An older Manager has no tags.
            return {}
        return {str(one["id"]): str(one.get("name") or "") for one in found if one.get("id")}

    def tag_id(self, name: str) -> str:
        """The id of a tag by its name. Raises `FarmRefuses`: a job with an unknown one would never begin."""
        tags = self.tags()
        same = [one for one, theirs in tags.items() if theirs == name]
        near = same or [one for one, theirs in tags.items() if theirs.casefold() == name.strip().casefold()]
        if len(near) != 1:
            raise FarmRefuses(f"The Manager has no worker tag “{name[:80]}”. It has: {_list(tags.values())}.")
        return near[0]

    def two_way(self, platform: str) -> dict[str, str]:
        """Beginnings of paths of `linux`, `windows` or `darwin` that the Manager turns into other systems', by their names."""
        try:
            said = self.wire.object(f"/configuration/variables/users/{quote(platform, safe='')}")
        except NotThere:
            return {}
        rows = {name: one for name, one in said.items() if isinstance(one, dict) and one.get("is_twoway") is True}
        return {name: str(one.get("value") or "") for name, one in rows.items()}

    def check(self, job: Mapping[str, Any]) -> None:
        """Have the Manager compile a job without keeping it. Raises `FarmRefuses` with its words."""
        self.wire.reply("POST", f"{API}/jobs/check", job)


WARNINGS = {
    "inoperative": "No worker of the farm can work now: there is none, or all are offline or have an error.",
    "waiting": "All workers of the farm sleep: jobs wait until one wakes up.",
}
"""By the status of a farm (internal/manager/farmstatus/farmstatus.go in 3.9-alpha)."""


def address_of(url: str) -> str:
    """Where a Manager stands, from the address of its pages or of its API. Raises `FarmRefuses` for no address."""
    return re.sub(r"(/app|/api/v3)(/.*)?$", "", place_of(url))


def rows_of(said: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """A list of objects within an answer; what is no object is left out."""
    found = said.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _list(names: Iterable[str]) -> str:
    return ", ".join(list(names)[:50]) or "none"
