"""The assets of a production, found by what a person writes: an id, a name, or `Props / Lantern`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from kitsu_bridge.kitsu.interface import Kitsu, Record
from kitsu_bridge.kitsu.resolve import is_id
from kitsu_bridge.kitsu.tasks import KINDS, Named


class NoSuchAsset(LookupError):
    """No asset, or several, by what was written; the message names the nearest."""


@dataclass(frozen=True, slots=True)
class Asset:
    """An asset as casting names it."""

    id: str
    name: str
    type: str

    @property
    def path(self) -> str:
        """`Props / Lantern`."""
        return f"{self.type} / {self.name}"


def find_assets(kitsu: Kitsu, project: Named, texts: Sequence[str]) -> list[Asset]:
    """The asset that each text means in a production, or among those that others share with it, by id. Raises
    `NoSuchAsset`."""
    rows = kitsu.project_entities(project.id, "Asset")
    assets = _named(kitsu, [row for row in rows if not row.get("canceled")])
    return [_found(kitsu, project, assets, text.strip()) for text in texts]


def _found(kitsu: Kitsu, project: Named, assets: Sequence[Asset], text: str) -> Asset:
    wanted = text.casefold()
    same = [one for one in assets if wanted in _spellings(one)]
    if not same and is_id(wanted):
        same = _named(kitsu, [row for row in kitsu.entities([wanted]) if row.get("is_shared")])
    if len(same) == 1:
        return same[0]
    if same:
        raise NoSuchAsset(f"“{text}” may be {_or(one.path for one in same[:5])}. Write which.")
    raise NoSuchAsset(f"There is no asset “{text[:100]}” in {project.name}.{_nearest(assets, wanted)}")


def _named(kitsu: Kitsu, rows: Iterable[Record]) -> list[Asset]:
    types = {row["id"]: row["name"] for row in kitsu.entity_types()}
    named = [Asset(row["id"], row["name"], types.get(row["entity_type_id"], "")) for row in rows]
    return [asset for asset in named if asset.type not in KINDS]


def _spellings(asset: Asset) -> tuple[str, ...]:
    return asset.id, asset.name.casefold(), asset.path.casefold()


def _nearest(assets: Sequence[Asset], wanted: str) -> str:
    paths = {spelling: one.path for one in assets for spelling in _spellings(one)[1:]}
    near = dict.fromkeys(paths[spelling] for spelling in get_close_matches(wanted, paths, 3))
    return f" Did you mean {_or(near)}?" if near else ""


def _or(names: Iterable[str]) -> str:
    return " or ".join(f"“{name}”" for name in names)
