"""The documentation says what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from actions.kinds.tables import markdown_table
from actions.models import Action
from actions.registry import kinds
from actions.rules import broken_rules

ROOT = Path(__file__).resolve().parent.parent
READ = re.compile(
    r"env\.(?:text|secret|boolean|integer|words|url|hosts|networks|paths|sites|origins|server|time_zone|choice|rate)"
    r"\(\s*\"([A-Z_]+)\"(?:, ([^,)]+))?"
)
ROW = re.compile(r"^\| `([A-Z_]+)` \|([^|]*)\|", re.MULTILINE)

KIND = re.compile(r"^### (\w+)$(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
EXAMPLE = re.compile(r"^```json\n(.*?)^```", re.MULTILINE | re.DOTALL)


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


def built_in():
    return {name: kind for name, kind in kinds().items() if not kind.origin}


def told_of_kinds():
    return dict(KIND.findall((ROOT / "docs/kinds.md").read_text()))


def test_every_kind_is_documented():
    assert told_of_kinds().keys() == built_in().keys()


def test_kinds_are_documented_as_they_are():
    for name, told in told_of_kinds().items():
        kind = built_in()[name]
        assert told.strip().startswith(f"**{kind.title}.** {kind.description}\n\nWho may: "), name
        for word, specs in (("Options", kind.options), ("Parameters", kind.parameters)):
            wanted = f"\n{word}:\n\n{markdown_table(specs)}\n"
            assert (wanted in told) if specs else (f"{word}:" not in told), f"manage.py kinds {name} --markdown"


@pytest.mark.parametrize("name", sorted(built_in()))
def test_examples_of_kinds_can_be_kept(settings, name):
    settings.COMMAND_PROGRAMS = ["/usr/local/bin/make-dailies"]
    (text,) = EXAMPLE.findall(told_of_kinds()[name])
    action = Action(**json.loads(text))
    assert (action.kind, list(broken_rules(action))) == (name, [])


def test_the_readme_lists_every_kind():
    rows = re.findall(
        r"^\| \[`(\w+)`\]\(docs/kinds.md#(\w+)\) \| (.+) \|$", (ROOT / "README.md").read_text(), re.MULTILINE
    )
    first = {name: " ".join(kind.description.split("\n\n")[0].split()) for name, kind in built_in().items()}
    assert {name: line for name, _, line in rows} == first
    assert all(name == anchor for name, anchor, _ in rows)


def test_links_between_documents_lead_somewhere():
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_fresh_environment_example_names_real_settings():
    names = re.findall(r"^([A-Z_]+)=", (ROOT / "deploy/kitsu-bridge.env.example").read_text(), re.MULTILINE)
    assert names
    assert {name.removesuffix("_FILE") for name in names} <= documented().keys()
