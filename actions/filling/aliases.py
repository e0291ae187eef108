"""Other names for what Kitsu names: lines such as `Lighting = lgt`."""

from __future__ import annotations

from actions.contract import ActionError

RENAMED = ("project_name", "task_type_name", "asset_type_name")
"""The variables whose values have other names elsewhere."""

MOST = 1000


def aliases_of(text: str) -> dict[str, str]:
    """Other names by those of Kitsu, in which case does not count. Raises `ActionError` for a line that says none."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST:
        raise ActionError(f"Those are {len(lines):,} lines; {MOST:,} are the most.")
    pairs = [
        (name.strip().casefold(), other.strip(), line) for line in lines for name, _, other in [line.partition("=")]
    ]
    for name, other, line in pairs:
        if not name or not other:
            raise ActionError(f"“{line[:80]}” names nothing: write a line such as Lighting = lgt.")
    return {name: other for name, other, _ in pairs}
