from __future__ import annotations

import pytest

from kitsu_bridge.kitsu.multipart import LONGEST_NAME, Multipart, short_name


def test_it_works(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"12345" * 100_000)
    with Multipart({"comment": "é & <b>"}, [("file", path)]) as form:
        length, body = len(form), b"".join(form)
    boundary = form.content_type.partition("boundary=")[2].encode()
    first, second, end = body.split(b"--" + boundary)[1:]
    assert length == len(body)
    assert first == '\r\nContent-Disposition: form-data; name="comment"\r\n\r\né & <b>\r\n'.encode()
    assert second.endswith(b"\r\n\r\n" + path.read_bytes() + b"\r\n")
    assert end == b"--\r\n"


def test_it_closes_its_files(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"1")
    with Multipart({}, [("file", path)]) as form:
        (opened,) = [part for part in form._parts if getattr(part, "name", "") == str(path)]
    assert opened.closed


SHORTENED = {
    "a.png": "a.png",
    "x" * 300 + ".mov": "x" * (LONGEST_NAME - 4) + ".mov",
    "y" * 300: "y" * LONGEST_NAME,
    ".hidden": ".hidden",
}


@pytest.mark.parametrize(("name", "short"), SHORTENED.items())
def test_it_shortens_names_that_kitsu_could_not_keep(name, short):
    assert short_name(name) == short
