"""What an answer of Zou means, or that there was none: each failure in the words of `errors.py`."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ReadTimeoutError

from kitsu_bridge.kitsu import errors

READS = {"GET", "HEAD"}

PERHAPS_WRITTEN = {500, 502, 504}
"""Answers after which a change may stand: Zou broke off in the middle, or a proxy did not wait for its end."""

BY_STATUS: dict[int, type[errors.KitsuError]] = {
    400: errors.KitsuRefuses,
    401: errors.TokenRejected,
    403: errors.KitsuForbids,
    404: errors.NotInKitsu,
    405: errors.NotKitsu,
    413: errors.KitsuRefuses,
    422: errors.KitsuRefuses,
    429: errors.KitsuBusy,
    502: errors.KitsuBusy,
    503: errors.KitsuBusy,
    504: errors.KitsuBusy,
}


def understood(response: requests.Response, body: bytes) -> Any:
    """The JSON of a good answer; else the error that the answer means."""
    status = response.status_code
    if 300 <= status < 400:
        raise errors.NotKitsu(f"It redirects to {_host(response.headers.get('Location', ''))}; correct KITSU_URL.")
    if status == 204 or (status < 300 and not body.strip()):
        return None
    found = _json(response, body, status)
    if status < 300:
        return found
    if status == 422 and response.request.method == "GET":
        raise errors.TokenRejected  # flask-jwt-extended's answer to garbage (seen on a live Zou 1.0.97)
    message = found.get("message", "") if isinstance(found, dict) else ""
    raise _refusal(response, str(message)[:300], found)


def _refusal(response: requests.Response, message: str, answer: object = None) -> errors.KitsuError:
    kind = BY_STATUS.get(response.status_code, errors.KitsuBroken)
    if issubclass(kind, errors.KitsuUnavailable):
        maybe = response.request.method not in READS and response.status_code in PERHAPS_WRITTEN
        return kind(message, answer=answer, may_be_written=maybe)
    return kind(message, answer=answer)


def no_file(response: requests.Response, largest: int) -> errors.KitsuError | None:
    """Why there is no file, if there is none: 202 while Zou still makes it (`preview_processing_response`, 1.0.97)."""
    if response.status_code == 202:
        return errors.NotInKitsu("Kitsu is still making this picture.")
    if response.status_code != 200:
        return _refusal(response, "")
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > largest:
        return errors.TooLarge(f"{int(length):,} bytes; at most {largest:,} are taken.")
    return None


def trouble(error: Exception, url: str, seconds: float, *, writes: bool) -> errors.KitsuError:
    """What became of a request that got no answer, or none that was whole, within so many seconds."""
    maybe = writes and _was_sent(error)
    if isinstance(error, requests.exceptions.SSLError):
        return errors.KitsuUnreachable(f"Its certificate is not accepted: {_short(error)}")
    if isinstance(error, requests.exceptions.RetryError):
        return errors.KitsuBusy()
    if isinstance(error, requests.Timeout | ReadTimeoutError) or "timed out" in str(error).lower():
        return errors.KitsuSlow(f"It had {seconds:g} seconds.", may_be_written=maybe)
    if isinstance(error, requests.ConnectionError):
        return errors.KitsuUnreachable(f"{_host(url)}.", may_be_written=maybe)
    if isinstance(error, HTTPError):
        return errors.KitsuUnreachable(f"Its answer broke off: {_short(error)}", may_be_written=maybe)
    return errors.NotKitsu(_short(error), may_be_written=maybe)


def _was_sent(error: Exception) -> bool:
    """Whether a request may have left before it failed: not when there was no connection for it."""
    inner = error.args[0] if error.args else None
    reason = getattr(inner, "reason", inner)
    return not isinstance(error, requests.ConnectTimeout) and not isinstance(
        reason, NewConnectionError | ConnectTimeoutError
    )


def _json(response: requests.Response, body: bytes, status: int) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        if status >= 500 or (status in BY_STATUS and status not in {400, 404, 405}):
            raise _refusal(response, "") from None
        kind = response.headers.get("Content-Type", "no content type").partition(";")[0]
        words = " ".join(body[:200].decode("utf-8", "replace").split())[:80]
        raise errors.NotKitsu(f"It answered {status} with {kind}: {words!r}") from None


def _host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}" if parts.hostname else url[:100]


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
