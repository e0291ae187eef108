"""Files on shared storage: real folders and files, links included."""

from __future__ import annotations

import hashlib
import os

import pytest

from actions.clients.storage import SEQUENCE, checksum, find_file
from actions.contract import ActionError, Cancelled


@pytest.fixture
def root(tmp_path):
    """A folder to publish from, beside one that is nobody's business."""
    (tmp_path / "projects" / "SQ01").mkdir(parents=True)
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "secret.mov").write_text("secret")
    return tmp_path / "projects"


def parts(root, *more):
    return [*root.parts[1:], *more]


def found(root, *place):
    return find_file([str(root)], parts(root, *place))[0]


def touch(folder, *names):
    for name in names:
        (folder / name).write_text(name)


def test_it_works(root):
    touch(root / "SQ01", "SH0010.mov")
    assert find_file([str(root)], parts(root, "SQ01", "SH0010.mov")) == (root / "SQ01" / "SH0010.mov", 10)


def test_it_takes_the_last_version(root):
    touch(root / "SQ01", "SH0010_v2.mov", "SH0010_v10.mov", "SH0010_v9.mov", "SH0010_v11.txt", "SH0020_v99.mov")
    assert found(root, "SQ01", "SH0010_v*.mov").name == "SH0010_v10.mov"


def test_a_star_in_a_name_of_kitsu_finds_no_more_than_one_star(root):
    touch(root / "SQ01", "a*b_v1.mov", "axb_v2.mov")
    with pytest.raises(ActionError, match="No file"):
        found(root, "SQ01", "a*b_v*.mov")
    touch(root / "SQ01", "[a]_v1.mov")
    assert found(root, "SQ01", "[a]_v*.mov").name == "[a]_v1.mov"


@pytest.mark.parametrize("name", ["SH.####.exr", "SH.%04d.exr", "SH.%d.exr", "SH.$F4.exr"])
def test_it_says_that_a_sequence_is_no_movie(root, name):
    with pytest.raises(ActionError, match="frames of a sequence"):
        found(root, "SQ01", name)


def test_it_knows_frames_when_it_sees_them(root):
    touch(root / "SQ01", "SH.1001.exr", "SH.1002.exr", "SH.1003.exr")
    with pytest.raises(ActionError) as said:
        found(root, "SQ01", "SH.*.exr")
    assert str(said.value) == SEQUENCE
    touch(root / "SQ01", "SH_v001.png", "SH_v002.png")
    assert found(root, "SQ01", "SH_v*.png").name == "SH_v002.png"


@pytest.mark.parametrize("part", ["..", ".", "", " ", "a/b", "a\\b", "a\x00b", "a\nb", "../../private"])
def test_a_name_cannot_lead_elsewhere(root, part):
    for place in (["SQ01", part], [part, "x.mov"]):
        with pytest.raises(ActionError, match="cannot be a part of a path"):
            found(root, *place)


def test_a_link_may_not_lead_out(root):
    (root / "out").symlink_to(root.parent / "private")
    (root / "SQ01" / "file.mov").symlink_to(root.parent / "private" / "secret.mov")
    for place in (["out", "secret.mov"], ["out", "*.mov"], ["SQ01", "file.mov"], ["SQ01", "*.mov"]):
        with pytest.raises(ActionError, match="outside the folders"):
            found(root, *place)


def test_a_path_elsewhere_is_refused_whether_it_is_there_or_not(root):
    for name in ("secret.mov", "nothing.mov", "*.mov"):
        with pytest.raises(ActionError, match="outside the folders"):
            find_file([str(root)], [*root.parent.parts[1:], "private", name])
    with pytest.raises(ActionError, match="outside the folders"):
        find_file([f"{root}2"], parts(root, "SQ01", "x.mov"))
    with pytest.raises(ActionError, match="outside the folders"):
        find_file([], parts(root, "SQ01", "x.mov"))


def test_a_link_within_is_followed(root):
    touch(root / "SQ01", "SH0010_v3.mov")
    (root / "SQ01" / "latest.mov").symlink_to("SH0010_v3.mov")
    assert found(root, "SQ01", "latest.mov").name == "SH0010_v3.mov"


def test_links_in_a_circle_are_said(root):
    (root / "a").symlink_to(root / "b")
    (root / "b").symlink_to(root / "a")
    with pytest.raises(ActionError):
        found(root, "a", "x.mov")


def test_what_is_not_there_is_named(root):
    with pytest.raises(ActionError, match=r"nothing\.mov cannot be read: No such file"):
        found(root, "SQ01", "nothing.mov")
    with pytest.raises(ActionError, match="SQ01 is no file, but a folder"):
        found(root, "SQ01")
    with pytest.raises(ActionError, match="SQ99 cannot be read: No such file"):
        found(root, "SQ99", "*.mov")
    os.mkfifo(root / "SQ01" / "pipe.mov")
    with pytest.raises(ActionError, match=r"pipe\.mov is no file"):
        found(root, "SQ01", "pipe.mov")


def test_it_sums_up_a_file(root):
    content = os.urandom(3 * 1024 * 1024 + 7)
    (root / "big.mov").write_bytes(content)
    assert checksum(root / "big.mov", lambda: None) == hashlib.sha256(content).hexdigest()


def test_it_stops_when_cancelled(root):
    (root / "big.mov").write_bytes(b"x" * 10)

    def stop():
        raise Cancelled

    with pytest.raises(Cancelled):
        checksum(root / "big.mov", stop)
    with pytest.raises(ActionError, match="cannot be read"):
        checksum(root / "gone.mov", lambda: None)
