"""What an administrator sets of Kabaret: where it is, and which oid stands for which task."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal

from actions.clients.kabaret import checked_address
from actions.clients.protocols.kabaret import SCHEME, cluster_of
from actions.contract import ActionError, Field, Of
from actions.filling import aliases_of, problems

MODES = (("link", "By a link, on the person's own computer"), ("session", "In the running Kabaret, through its Redis"))
VIEWS = (("current", "In the view that is there"), ("new", "In a new view"))

SHOTS = "sequences/{sequence_name}/shots/{entity_name}/tasks/{task_type_name|lower}"
ASSETS = "assets/{entity_name}/tasks/{task_type_name|lower}"
TYPES = "asset_types/{asset_type_name}"


def _oid(label: str, hint: str = "") -> Field:
    return Field(label=label, help=hint, template="text", aliases="aliases")


@dataclass(frozen=True)
class Options:
    """Which cluster, how it is reached, and the oids. Their defaults are libreflow 2.18's own (baseflow/mytasks.py)."""

    cluster: Annotated[str, Field(label="Cluster", help="As Kabaret has it; the case counts.")]
    mode: Annotated[Literal["link", "session"], Field(label="How it opens", choices=MODES)] = "link"
    view: Annotated[Literal["current", "new"], Field(label="Where it opens", choices=VIEWS)] = "current"
    shot: Annotated[str, _oid("Oid of a shot's task")] = f"/{{project_name}}/films/{{project_name}}/{SHOTS}"
    shot_tv: Annotated[str, _oid("The same in a TV show")] = f"/{{project_name}}/films/{{episode_name}}/{SHOTS}"
    asset: Annotated[str, _oid("Oid of an asset's task")] = f"/{{project_name}}/{TYPES}/{ASSETS}"
    asset_family: Annotated[
        str, _oid("The same in a family", "For assets with {data.category}; empty: all as above.")
    ] = f"/{{project_name}}/{TYPES}/asset_families/{{data.category}}/{ASSETS}"
    asset_tv: Annotated[str, _oid("The same in a TV show", "For assets of an episode.")] = (
        f"/{{project_name}}/asset_libs/{{episode_name}}/{TYPES}/{ASSETS}"
    )
    asset_pack: Annotated[
        str, _oid("The same of no episode", "In a TV show: libreflow's library of all episodes; empty: as no TV show.")
    ] = f"/{{project_name}}/asset_libs/main_pack/{TYPES}/{ASSETS}"
    other: Annotated[
        str, _oid("Oid of any other task", "Sequences, episodes, edits; empty: they cannot be opened.")
    ] = ""
    aliases: Annotated[
        str,
        Field(
            label="Other names in Kabaret",
            long=True,
            help="Of productions, task types and asset types, one a line: Lighting = lgt",
        ),
    ] = ""
    redis: Annotated[
        str,
        Field(label="Kabaret's Redis", help="redis://host:6379/0, without a password; for the running Kabaret only."),
    ] = ""
    redis_secret: Annotated[
        str, Of("secret"), Field(label="Or the secret with its address", help="Where it has a password.")
    ] = ""
    users: Annotated[
        str,
        Field(
            label="Logins",
            long=True,
            help="Names on the computers by e-mail in Kitsu, one a line: jane@studio.com = jdoe",
        ),
    ] = ""
    users_by_email: Annotated[
        bool, Field(label="Everybody else by their e-mail", help="Their login is what stands before the @.")
    ] = True
    wait: Annotated[int, Field(label="Wait for its answer", unit="seconds", least=1, most=10)] = 3
    advice: Annotated[str, Field(label="When nothing opens", long=True, help="Your own words for the page.")] = ""

    def __post_init__(self) -> None:
        """Raises `ActionError` for what can open nothing, when the action is saved and again when it runs."""
        cluster_of(self.cluster)
        self.names, self.logins  # noqa: B018 - asked for their errors
        assets = (self.asset, self.asset_family, self.asset_tv, self.asset_pack)
        for template in filter(None, (self.shot, self.shot_tv, *assets, self.other)):
            if not template.startswith("/"):
                raise ActionError("An oid begins with a slash and the project: /{project_name}/...")
            if wrong := problems(template):
                raise ActionError(" ".join(wrong))
        if self.redis:
            _without_password(checked_address(self.redis))
        if self.mode == "session" and bool(self.redis) == bool(self.redis_secret):
            raise ActionError("Say where Kabaret's Redis is: by its address, or by the secret that holds it.")

    @cached_property
    def names(self) -> dict[str, str]:
        """What Kabaret calls what Kitsu calls otherwise."""
        return aliases_of(self.aliases)

    @cached_property
    def logins(self) -> dict[str, str]:
        """Logins by e-mail."""
        return aliases_of(self.users)

    @property
    def declared(self) -> tuple[str, str | None]:
        """Scheme and host of every link that the action opens; of no other has its page one."""
        return SCHEME, self.cluster


def _without_password(url: str) -> None:
    if "@" in url or "password" in url.lower():
        raise ActionError("No password may stand in the address: keep the whole of it as a secret, and name that.")
