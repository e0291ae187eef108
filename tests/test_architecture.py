"""The house stays a house: who may import whom, how long a file may be, which names are not used."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("kitsu_bridge", "actions", "audit")
SOURCES = sorted(
    path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts
)
EVERYTHING = [*SOURCES, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "benchmarks").rglob("*.py"))]

LONGEST_FILE = 400
NOT_USED = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "base",
    "misc",
    "service",
    "services",
    "manager",
    "processor",
}

HANDLERS_MAY = (
    "actions.contract",
    "actions.doing",
    "actions.registry",
    "actions.clients",
    "actions.farms.asking",
    "actions.farms.contract",
    "actions.figures",
    "actions.filling",
    "actions.quality",
    "kitsu_bridge.kitsu.assets",
    "kitsu_bridge.kitsu.deliveries",
    "kitsu_bridge.kitsu.errors",
    "kitsu_bridge.kitsu.frames",
    "kitsu_bridge.kitsu.interface",
    "kitsu_bridge.kitsu.links",
    "kitsu_bridge.kitsu.media",
    "kitsu_bridge.kitsu.order",
    "kitsu_bridge.kitsu.people",
    "kitsu_bridge.kitsu.playlists",
    "kitsu_bridge.kitsu.resolve",
    "kitsu_bridge.kitsu.rights",
    "kitsu_bridge.kitsu.tasks",
    "kitsu_bridge.kitsu.visibility",
    "kitsu_bridge.sheets",
)
CLIENTS_MAY = ("actions.contract", "actions.farms.asking", "actions.farms.contract")
CONTRACT_MAY = ("kitsu_bridge.kitsu.interface", "kitsu_bridge.kitsu.people", "kitsu_bridge.kitsu.tasks")


def name_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path):
    """The modules that a file imports, at its top or within a function."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield absolute(node, path)


def absolute(node, path):
    """The module of `from ... import`, a relative one seen from its file."""
    package = path.relative_to(ROOT).parent.parts
    above = package[: len(package) - node.level + 1] if node.level else ()
    return ".".join([*above, *([node.module] if node.module else [])])


def ours(path):
    return {module for module in imports(path) if module.split(".")[0] in PACKAGES}


def within(module, allowed):
    return any(module == one or module.startswith(f"{one}.") for one in allowed)


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_imports_go_one_way(path):
    package = path.relative_to(ROOT).parts[0]
    may = {"kitsu_bridge": {"kitsu_bridge"}, "audit": {"audit", "kitsu_bridge"}, "actions": set(PACKAGES)}[package]
    exceptions = {"kitsu_bridge.urls": set(), "kitsu_bridge.settings": set()}
    assert {module.split(".")[0] for module in ours(path)} <= may | exceptions.get(name_of(path), set())


def test_handlers_know_the_contract_and_nothing_else():
    for path in (ROOT / "actions/handlers").rglob("*.py"):
        own = ".".join(name_of(path).split(".")[:3])  # A kind of several modules is a folder of its own.
        strange = {module for module in ours(path) if not within(module, (*HANDLERS_MAY, own))}
        assert not strange, f"{name_of(path)} imports {strange}"
        roots = {module.split(".")[0] for module in imports(path)}
        assert not roots & {"django", "celery", "gazu", "requests"}, name_of(path)


def test_clients_know_the_contract_and_their_own_library():
    for path in (ROOT / "actions/clients").rglob("*.py"):
        own = ".".join(name_of(path).split(".")[:3])  # A client of several modules is a folder of its own.
        assert all(within(module, (*CLIENTS_MAY, own)) for module in ours(path)), name_of(path)


def test_the_contract_needs_nothing_but_types():
    contract = ROOT / "actions/contract.py"
    assert all(within(module, CONTRACT_MAY) for module in ours(contract))
    assert "django" not in {module.split(".")[0] for module in imports(contract)}


def test_figures_know_kitsu_and_nothing_else():
    for path in (ROOT / "actions/figures").rglob("*.py"):
        assert all(within(module, ("actions.figures", "kitsu_bridge.kitsu")) for module in ours(path)), name_of(path)
        roots = {module.split(".")[0] for module in imports(path)}
        assert not roots & {"django", "celery", "gazu", "requests"}, name_of(path)


def test_only_the_client_of_kitsu_knows_gazu():
    users = {name_of(path) for path in SOURCES if any(module.split(".")[0] == "gazu" for module in imports(path))}
    assert users == {"kitsu_bridge.kitsu.transport"}


def test_the_record_knows_nothing_of_actions():
    for path in (ROOT / "audit").rglob("*.py"):
        assert not any(module.split(".")[0] == "actions" for module in imports(path)), name_of(path)


def test_files_are_of_a_bearable_length():
    long = {
        name_of(path): length for path in EVERYTHING if (length := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert not {name: length for name, length in long.items() if name.split(".")[0] in PACKAGES}


def test_names_that_say_nothing_are_not_used():
    assert not {name_of(path) for path in SOURCES} & {
        name for name in map(name_of, SOURCES) if name.split(".")[-1] in NOT_USED
    }


def test_nothing_asks_which_kind_it_is():
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Compare) and ast.unparse(node.left) in {"kind", "invocation.kind", "action.kind"}:
                compared = [
                    one for one in node.comparators if isinstance(one, ast.Constant) and isinstance(one.value, str)
                ]
                names = {one.stem for one in (ROOT / "actions/handlers").iterdir()}
                assert not {one.value for one in compared} & names, f"{name_of(path)}: {ast.unparse(node)}"


def test_every_file_puts_off_its_annotations():
    for path in EVERYTHING:
        text = path.read_text()
        assert not text.strip() or "from __future__ import annotations" in text or text.count("\n") < 3, name_of(path)


def test_the_top_level_has_no_other_package():
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    assert folders - {"staticfiles"} <= {*PACKAGES, "templates", "tests", "docs", "deploy", "benchmarks"}
