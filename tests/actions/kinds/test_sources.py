from __future__ import annotations

import pytest

from actions.kinds.sources import folder_trouble
from actions.registry import kinds
from tests.actions.conftest import GREETS

INFO = "Metadata-Version: 2.1\nName: our-tools\nVersion: 1.0\n"


@pytest.fixture
def package(tmp_path, monkeypatch):
    """An installed package that offers kinds: `package(greet="our_tools.greet")`."""
    where = tmp_path / "site"
    (where / "our_tools").mkdir(parents=True)
    (where / "our_tools/__init__.py").write_text("")
    (where / "our_tools/greet.py").write_text(GREETS)
    (where / "our_tools-1.0.dist-info").mkdir()
    (where / "our_tools-1.0.dist-info/METADATA").write_text(INFO)
    monkeypatch.syspath_prepend(str(where))

    def offer(**points):
        lines = "\n".join(f"{name} = {value}" for name, value in points.items())
        (where / "our_tools-1.0.dist-info/entry_points.txt").write_text(f"[kitsu_bridge.handlers]\n{lines}\n")
        kinds.cache_clear()
        return kinds()

    yield offer
    kinds.cache_clear()


def test_it_works(kinds_folder):
    path = kinds_folder("greet")
    found = kinds()["greet"]
    assert (found.title, found.origin, found.file, found.error) == ("Greet", "folder", str(path), "")
    assert [spec.name for spec in found.parameters] == ["word"]
    assert kinds()["debug"].origin == ""


def test_packages_offer_kinds(package):
    found = package(greet="our_tools.greet")["greet"]
    assert (found.title, found.origin, found.file) == ("Greet", "package our-tools", "our_tools.greet")


@pytest.mark.parametrize(
    ("value", "words"), [("our_tools.gone", "ModuleNotFoundError"), ("our_tools.greet:run", "No module named")]
)
def test_a_package_s_broken_kind_says_so(package, value, words):
    found = package(greet=value)
    assert words in found["greet"].error
    assert found["debug"].run


def test_a_built_in_kind_cannot_be_replaced(kinds_folder):
    kinds_folder("debug")
    assert kinds()["debug"].origin == ""
    refused = kinds()["debug (folder)"]
    assert refused.run is None
    assert refused.error == "There is a kind 'debug' of the bridge itself already. Rename this one."


def test_of_a_package_and_the_folder_the_package_counts(package, kinds_folder):
    kinds_folder("greet")
    found = package(greet="our_tools.greet")
    assert found["greet"].origin == "package our-tools"
    assert "package our-tools" in found["greet (folder)"].error


def test_a_folder_that_is_away_takes_nothing_down(settings, tmp_path):
    settings.KINDS_FOLDER = str(tmp_path / "not mounted")
    kinds.cache_clear()
    assert "debug" in kinds()
    assert "No such file" in folder_trouble()
    kinds.cache_clear()
