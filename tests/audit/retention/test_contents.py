"""Files in archives: their SHA-256 always, their contents where the studio wants them."""

from __future__ import annotations

import gzip
import json
from hashlib import sha256
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from audit.files import keep_file
from audit.models import InvocationFile
from audit.retention.archive import read_archive
from audit.retention.checking import ArchiveCheck
from audit.retention.erasing import erase, whose
from audit.retention.lines import PIECE
from audit.retention.pruning import prune
from tests.audit.retention.conftest import HANA

LARGE = bytes(range(256)) * (PIECE // 128) + b"and a third piece"


@pytest.fixture
def archived(triggers, ran, rule, settings):
    """The archive of an invocation with three files: given, made and large, made and empty."""

    def make(part="files", *, contents=True):
        settings.ARCHIVE_FILES = contents
        old = ran(40)
        keep_file(old, "../../résumé <b>.bin", LARGE, "", InvocationFile.Origin.MADE)
        keep_file(old, "empty", b"", "", InvocationFile.Origin.MADE)
        rule(part, 30)
        assert prune()[part] == 1
        (path,) = settings.ARCHIVE_DIR.glob("*.jsonl.gz")
        return path

    return make


def files(path):
    return {
        line["size"]: line for line in read_archive(path) if line["type"] == "row" and line["of"] == "invocationfile"
    }


def rewritten(path, change):
    lines = [changed for line in read_archive(path) if (changed := change(line)) is not None]
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)
    return ArchiveCheck().check(path).troubles


@pytest.mark.parametrize("part", ["files", "events"])
def test_it_works(archived, tmp_path, part):
    path = archived(part)
    found = ArchiveCheck().check(path)
    assert (found.troubles, found.files) == ([], 3)
    assert files(path)[len(LARGE)]["sha256"] == sha256(LARGE).hexdigest()
    said = StringIO()
    call_command("unpack_archive", path, tmp_path / "out", stdout=said)
    written = [one for one in (tmp_path / "out").rglob("*") if one.is_file()]
    assert sorted(one.read_bytes() for one in written) == sorted([b"notes", LARGE])
    assert all(len(one.relative_to(tmp_path / "out").parts) == 2 for one in written)
    with pytest.raises(CommandError, match="there already"):
        call_command("unpack_archive", path, tmp_path / "out")


def test_without_contents_it_names_them(archived, tmp_path):
    path = archived(contents=False)
    assert ArchiveCheck().check(path).troubles == []
    assert {line["sha256"] for line in files(path).values()} == {
        sha256(content).hexdigest() for content in (b"notes", LARGE, b"")
    }
    assert "content" not in {line["type"] for line in read_archive(path)}


def test_a_content_that_was_altered_or_taken_away_is_found(archived):
    path = archived()
    whole = path.read_bytes()
    pieces = [line["base64"] for line in read_archive(path) if line["type"] == "content"]
    last = pieces[-1]

    def altered(line):
        return line | {"base64": f"AAAA{last[4:]}"} if line.get("base64") == last else line

    assert "was altered" in rewritten(path, altered)[0]
    path.write_bytes(whole)
    assert "is missing" in rewritten(path, lambda line: None if line["type"] == "content" else line)[0]
    path.write_bytes(whole)
    assert "was altered" in rewritten(path, lambda line: None if line.get("base64") == last else line)[0]
    with pytest.raises(CommandError, match="Nothing was written"):
        call_command("unpack_archive", path, path.parent / "out")
    assert not (path.parent / "out").exists()


@pytest.mark.parametrize("part", ["files", "events"])
def test_what_an_erased_person_gave_goes_out_of_it(archived, part, settings):
    path = archived(part)
    erase(whose(HANA.id), None)
    found = ArchiveCheck().check(path)
    assert (found.troubles, found.files) == ([], 3)
    lines = [*read_archive(path)]
    (given,) = [line for line in lines if line.get("origin") == "given"]
    assert (given["name"], given["sha256"]) == ("erased person", "")
    assert given["id"] not in {line["file"] for line in lines if line["type"] == "content"}
    assert len([line for line in lines if line["type"] == "content"]) == 3
