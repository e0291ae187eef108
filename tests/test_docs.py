"""The documentation says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
READ = re.compile(
    r"env\.(?:text|secret|boolean|integer|words|url|hosts|paths|sites|origins|server|time_zone|choice|rate)"
    r"\(\s*\"([A-Z_]+)\"(?:, ([^,)]+))?"
)
ROW = re.compile(r"^\| `([A-Z_]+)` \|([^|]*)\|", re.MULTILINE)


def documented():
    return {name: default.strip() for name, default in ROW.findall((ROOT / "docs/settings.md").read_text())}


def read_by_settings():
    return dict(READ.findall((ROOT / "kitsu_bridge/settings.py").read_text()))


def test_every_setting_is_documented():
    assert read_by_settings().keys() == documented().keys()


def test_documented_defaults_are_the_real_ones():
    constants = {"True": "true", "False": "false", "4 * 1024 * 1024": "4194304", "256 * 1024": "262144"}
    told = documented()
    for name, default in read_by_settings().items():
        plain = constants.get(default, default.strip('"'))
        if re.fullmatch(r"[\w./]+", plain) and told[name].startswith("`") and "(" not in default and "{" not in default:
            assert told[name] == f"`{plain}`", name


def test_links_between_documents_lead_somewhere():
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_fresh_environment_example_names_real_settings():
    names = re.findall(r"^([A-Z_]+)=", (ROOT / "deploy/kitsu-bridge.env.example").read_text(), re.MULTILINE)
    assert names
    assert {name.removesuffix("_FILE") for name in names} <= documented().keys()
