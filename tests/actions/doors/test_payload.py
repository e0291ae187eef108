from __future__ import annotations

import pytest
from django.test import RequestFactory, override_settings
from hypothesis import given
from hypothesis import strategies as st

from actions.doors.payload import as_text, raw_body, read
from actions.line.problems import Refusal
from tests.payloads import recorded

FORM = "application/x-www-form-urlencoded"
factory = RequestFactory()


def reading(body, content_type=FORM, query=""):
    request = factory.generic("POST", f"/run/x/?{query}", body, content_type)
    return read(request, body)


def refusal(body, content_type=FORM, query=""):
    with pytest.raises(Refusal) as caught:
        reading(body, content_type, query)
    return caught.value.problem


def test_it_reads_kitsu_s_form():
    form = recorded("form")
    payload = reading(form.body, form.headers["content-type"])
    assert [name for name, _ in payload.fields] == [
        "personid", "personemail", "projectid", "currentpath", "currentserver", "selection", "entitytype"
    ]  # fmt: skip
    assert payload.size == len(form.body)
    assert payload.text == form.body.decode()


def test_it_reads_kitsu_s_json():
    ajax = recorded("ajax")
    assert dict(reading(ajax.body, ajax.headers["content-type"]).fields)["userid"].startswith("1f77da13")


def test_it_reads_multipart():
    request = factory.post("/run/x/", {"selection": ["a", "b"], "personid": "p"})
    assert read(request, request.body).fields == (("selection", "a"), ("selection", "b"), ("personid", "p"))


def test_it_reads_a_query_string():
    assert reading(b"", query="selection=a&selection=b").fields == (("selection", "a"), ("selection", "b"))


def test_it_lets_the_body_win_over_the_query_string():
    assert dict(reading(b"selection=b", query="Selection=a&personid=p").fields) == {"selection": "b", "personid": "p"}


def test_it_reads_json_with_a_byte_order_mark_and_another_name():
    assert reading(b'\xef\xbb\xbf{"a": 1}', "application/vnd.studio+json").fields == (("a", 1),)


def test_it_reads_another_charset_when_told():
    assert reading('{"a": "é"}'.encode("latin-1"), "application/json; charset=latin-1").fields == (("a", "é"),)


@pytest.mark.parametrize(
    ("body", "content_type", "code", "status"),
    [
        (b'{"selection": ', "application/json", "json", 400),
        (b"[1]", "application/json", "json", 400),
        (b'"text"', "application/json", "json", 400),
        (b"[" * 100_000, "application/json", "json", 400),
        (b'{"a": "\\u0000"}', "application/json", "nul", 400),
        (b'{"a": "\x00"}', "application/json", "nul", 400),
        (b"selection=%00", FORM, "nul", 400),
        (b"selection=\x00", FORM, "nul", 400),
        (b"selection=%ff%fe", FORM, "encoding", 400),
        (b"selection=\xff", FORM, "encoding", 400),
        (b"selection=a", f"{FORM}; charset=nonsense", "encoding", 400),
        # Decoding punycode takes time with the square of its length: this much of it, days.
        (b"a-" + b"ab9z" * 900_000, "application/json; charset=punycode", "encoding", 400),
        (b"--x\r\n", "multipart/form-data; boundary=x; charset=punycode", "encoding", 400),
        (b"\xff\xfe{\x00}\x00", "application/json", "encoding", 400),
        (b"<x/>", "text/xml", "content_type", 415),
        (b"selection=a", "text/plain", "content_type", 415),
        (b"no boundary here", "multipart/form-data", "multipart", 400),
        (b"--x\r\nbroken", "multipart/form-data; boundary=\xff", "multipart", 400),
        (b"a=1&" * 30_000, FORM, "too_many", 413),
    ],
)
def test_it_refuses_what_cannot_be_read(body, content_type, code, status):
    problem = refusal(body, content_type)
    assert (problem.code, problem.status) == (code, status)
    assert problem.cure


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100)
def test_it_refuses_a_body_that_is_too_large():
    body, broken = raw_body(factory.post("/run/x/", data=b"a" * 101, content_type=FORM))
    assert body == b""
    assert broken is not None
    assert (broken.problem.code, broken.problem.status) == ("too_large", 413)


def test_it_keeps_bytes_that_no_database_would():
    assert as_text(b"a\x00\xff") == "a\\x00\\xff"


@override_settings(PAYLOAD_KEPT=10)
def test_it_keeps_no_more_than_told():
    assert as_text(b"x" * 50) == "x" * 10


@given(
    st.binary(max_size=300),
    st.sampled_from([FORM, "application/json", "multipart/form-data; boundary=x", "application/json; charset=utf-16"]),
)
def test_it_reads_or_refuses_any_bytes(body, content_type):
    try:
        reading(body, content_type)
    except Refusal as found:
        assert 400 <= found.problem.status < 500
