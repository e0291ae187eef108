from __future__ import annotations

import importlib
import json
import sys

import pytest

from actions.kinds import folder


@pytest.fixture
def opened(tmp_path):
    """The folder as the package; forgotten afterwards."""
    folder.open_folder(tmp_path)
    yield tmp_path
    for name in [one for one in sys.modules if one.startswith(folder.PACKAGE)]:
        del sys.modules[name]


def read(name):
    return importlib.import_module(f"{folder.PACKAGE}.{name}")


def test_it_works(opened):
    (opened / "greet.py").write_text("from . import _words\nfrom ._words import HELLO\n")
    (opened / "_words.py").write_text("HELLO = 'hello'\n")
    assert read("greet").HELLO == "hello"
    assert [path.name for path in folder.files(opened)] == ["greet.py"]


def test_it_puts_nothing_on_the_path(opened):
    before = list(sys.path)
    (opened / "json.py").write_text("from json import dumps\n")
    assert read("json").dumps is json.dumps
    assert sys.path == before
    assert importlib.import_module("json") is json


def test_it_reads_what_changed_within_the_same_second(opened):
    (opened / "greet.py").write_text("WORD = 1\n")
    assert read("greet").WORD == 1
    (opened / "greet.py").write_text("WORD = 2\n")
    folder.open_folder(opened)
    assert read("greet").WORD == 2


def test_it_leaves_no_byte_code(opened):
    (opened / "greet.py").write_text("from . import _words\n")
    (opened / "_words.py").write_text("")
    read("greet")
    assert {path.name for path in opened.iterdir()} == {"greet.py", "_words.py"}


def test_it_imports_packages_of_the_folder(opened):
    (opened / "parts").mkdir()
    (opened / "parts" / "__init__.py").write_text("from .words import HELLO\n")
    (opened / "parts" / "words.py").write_text("HELLO = 'hello'\n")
    (opened / "greet.py").write_text("from .parts import HELLO\n")
    assert read("greet").HELLO == "hello"


@pytest.mark.parametrize("name", ["_colours.py", "test_greet.py", "conftest.py", "notes.txt", "greet.py~"])
def test_it_passes_over_what_is_no_kind(tmp_path, name):
    (tmp_path / name).write_text("")
    (tmp_path / "tests").mkdir()
    assert folder.files(tmp_path) == []


def test_a_changed_file_has_another_fingerprint(tmp_path):
    (tmp_path / "greet.py").write_text("WORD = 1\n")
    before = folder.fingerprint(tmp_path)
    assert folder.fingerprint(tmp_path) == before
    (tmp_path / "greet.py").write_text("WORD = 22\n")
    assert folder.fingerprint(tmp_path) != before


def test_a_page_is_part_of_the_fingerprint(tmp_path):
    before = folder.fingerprint(tmp_path)
    (tmp_path / "templates/results").mkdir(parents=True)
    (tmp_path / "templates/results/greet.html").write_text("<p>")
    assert folder.fingerprint(tmp_path) != before
