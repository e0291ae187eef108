"""Kabaret: `kabaret://<cluster>/<oid>`, which the handler of deploy/kabaret opens on the person's own computer."""

from __future__ import annotations

import re
from urllib.parse import quote

from actions.clients.protocols.scheme import CONTROL, checked_url
from actions.contract import ActionError

SCHEME = "kabaret"
CLUSTER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
LONGEST_OID = 1000


def cluster_of(name: str) -> str:
    """A cluster's name, in which the case counts. Raises `ActionError` for one that cannot stand in a link."""
    if not CLUSTER.match(name):
        raise ActionError("Write the cluster as Kabaret has it: letters, digits, dots, hyphens and underscores.")
    return name


def part(value: str) -> str:
    """A value as one name within an oid. Raises `ActionError` for one that would lead elsewhere."""
    if "/" in value or value.strip() in ("", ".", "..") or CONTROL.search(value):
        raise ActionError(f"“{CONTROL.sub(' ', value)[:80]}” cannot be a name in Kabaret: it would lead elsewhere.")
    return value


def checked_oid(oid: str) -> str:
    """An oid such as `/film/sequences/sq01`. Raises `ActionError` for anything else."""
    names = oid.split("/")
    if not oid.startswith("/") or len(names) < 2 or CONTROL.search(oid) or len(oid) > LONGEST_OID:
        raise ActionError("That is no oid: it begins with a slash and the project, such as /film/sequences/sq01.")
    if any(name.strip() in ("", ".", "..") for name in names[1:]):
        raise ActionError("That is no oid: each of its names must be something, and none may be dots.")
    return oid


def url(cluster: str, oid: str, *, new_view: bool = False) -> str:
    """The link to an oid. Raises `ActionError`."""
    link = f"{SCHEME}://{cluster_of(cluster)}{quote(checked_oid(oid), safe='/')}{'?view=new' if new_view else ''}"
    return checked_url(link, SCHEME, cluster)
