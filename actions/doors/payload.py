"""Reads a request's body and query string, whatever its content type, into names and values."""

from __future__ import annotations

import codecs
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError

from actions.line.problems import Refusal, refuse

FORM, MULTIPART, JSON = "application/x-www-form-urlencoded", "multipart/form-data", "application/json"

# fmt: off
CHARSETS = frozenset((
    "ascii", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "iso8859-1", "iso8859-2", "iso8859-15",
    "cp1250", "cp1251", "cp1252", "shift_jis", "cp932", "euc_jp", "euc_kr", "cp949", "gbk", "gb2312", "gb18030", "big5",
))
# fmt: on
"""What a body may be written in, by Python's names. Not all that Python knows: `punycode` takes minutes for a megabyte."""


@dataclass(frozen=True, slots=True)
class Payload:
    """What was sent: `fields` in the order of sending (a name may repeat), `text` the body as text for the record."""

    fields: tuple[tuple[str, Any], ...]
    text: str
    content_type: str
    size: int


def raw_body(request: HttpRequest) -> tuple[bytes, Refusal | None]:
    """The bytes of the body, and the refusal when it is too large or broke off."""
    try:
        return request.body, None
    except RequestDataTooBig:
        limit = f"{settings.LARGEST_BODY:,} bytes"
        return b"", refuse(
            413,
            "too_large",
            "Too much was sent",
            f"The call is larger than {limit}.",
            "Select fewer tasks, or have LARGEST_BODY raised.",
        )
    except (UnreadablePostError, OSError):
        return b"", refuse(
            400, "broken_off", "The call broke off", "Its body did not arrive whole.", "Send it once more."
        )


def as_text(body: bytes) -> str:
    """Bytes as text that any database can keep: what is no UTF-8, and NUL, is written as an escape."""
    text = body[: settings.PAYLOAD_KEPT].decode("utf-8", "backslashreplace")
    return text.replace("\x00", "\\x00")


def read(request: HttpRequest, body: bytes) -> Payload:
    """The fields of query string and body; a name in the body wins over the same in the query string.

    Raises `Refusal` for a content type, an encoding or a form that cannot be read.
    """
    query = _pairs(request.META.get("QUERY_STRING", ""), "The query string")
    fields = _body_fields(request, body) if body else ()
    named = {name.lower() for name, _ in fields}
    kept = tuple(pair for pair in query if pair[0].lower() not in named)
    text = as_text(body) if body else as_text(request.META.get("QUERY_STRING", "").encode("utf-8", "replace"))
    return Payload(kept + fields, text, (request.content_type or "")[:120], len(body))


def _body_fields(request: HttpRequest, body: bytes) -> tuple[tuple[str, Any], ...]:
    content_type = (request.content_type or "").lower()
    charset = _charset(request)
    if content_type == MULTIPART:
        return _multipart(request)
    if content_type == FORM:
        return _pairs(_decoded(body, charset), "The form")
    if content_type == JSON or content_type.endswith("+json"):
        return _json(_decoded(body, charset))
    raise refuse(
        415,
        "content_type",
        "This content type is not understood",
        f"The call says that it is {content_type or 'nothing in particular'!r}.",
        f"Send {FORM}, {MULTIPART} or {JSON}.",
    )


def _charset(request: HttpRequest) -> str:
    """What the body says that it is written in, by Python's name."""
    said = (request.content_params or {}).get("charset", "utf-8")
    try:
        name = codecs.lookup(said).name
    except (LookupError, ValueError):
        name = ""
    if name not in CHARSETS:
        raise _encoding(f"The body says that it is {said[:40]!r}, which is not known here.")
    return name


def _decoded(body: bytes, charset: str) -> str:
    try:
        text = body.decode(charset)
    except UnicodeError:
        raise _encoding(f"The body is not the {charset!r} that it says it is.") from None
    return _without_nul(text.removeprefix("\ufeff"), "The body")


def _without_nul(text: str, what: str) -> str:
    if "\x00" in text:
        raise refuse(400, "nul", "NUL bytes", f"{what} has NUL bytes in it.", "Send text without them.")
    return text


def _encoding(detail: str) -> Refusal:
    return refuse(400, "encoding", "The encoding cannot be read", detail, "Send UTF-8.")


def _pairs(text: str, what: str) -> tuple[tuple[str, Any], ...]:
    try:
        pairs = parse_qsl(
            text, keep_blank_values=True, errors="strict", max_num_fields=settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
        )
    except UnicodeDecodeError:
        raise _encoding(f"{what} holds bytes that are not UTF-8.") from None
    except ValueError:
        raise refuse(413, "too_many", "Too many fields", f"{what} has too many of them.", "Send fewer.") from None
    for pair in pairs:
        _without_nul("".join(pair), what)
    return tuple(pairs)


def _json(text: str) -> tuple[tuple[str, Any], ...]:
    try:
        found = json.loads(text)
    except RecursionError:
        raise _not_json("it is nested too deeply") from None
    except ValueError as error:
        raise _not_json(str(error)) from None
    if not isinstance(found, dict):
        raise _not_json(f"it is a {type(found).__name__}, not an object with names")
    _without_nul(json.dumps(found, ensure_ascii=False), "The JSON")
    if "\\u0000" in text:
        raise refuse(400, "nul", "NUL bytes", "The JSON has NUL characters in it.", "Send text without them.")
    return tuple(found.items())


def _not_json(why: str) -> Refusal:
    return refuse(400, "json", "The JSON cannot be read", f"The body says it is JSON, but {why[:200]}.", "Correct it.")


def _multipart(request: HttpRequest) -> tuple[tuple[str, Any], ...]:
    try:
        posted = request.POST
    except (MultiPartParserError, SuspiciousOperation, ValueError, UnicodeError) as error:
        raise refuse(
            400, "multipart", "The form cannot be read", f"Its parts are broken: {str(error)[:200]}", "Send it again."
        ) from None
    pairs = tuple((name, value) for name, values in posted.lists() for value in values)
    for pair in pairs:
        _without_nul("".join(pair), "The form")
        if "\ufffd" in "".join(pair):
            raise _encoding("The form holds bytes that are not UTF-8.")
    return pairs
