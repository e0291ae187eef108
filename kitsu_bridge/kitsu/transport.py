"""Requests to Zou: with time limits, few retries, bounded answers, and every failure named in `errors.py`'s words.

gazu 1.3.1 has no timeouts and no retries, lets 503 and 429 surface as JSON errors, and would log a person out at the end of
`with client:` (gazu/client.py); hence its clients are made here and used in no other way.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import gazu
import requests
from gazu.client import KitsuClient
from requests.adapters import HTTPAdapter
from requests.cookies import RequestsCookieJar
from urllib3.exceptions import HTTPError
from urllib3.util.retry import Retry

from kitsu_bridge.kitsu import errors
from kitsu_bridge.kitsu.answers import READS, no_file, trouble, understood
from kitsu_bridge.kitsu.json_rows import json_rows
from kitsu_bridge.kitsu.multipart import PIECE, Multipart
from kitsu_bridge.kitsu.storable import storable

CONNECT = 3.05
"""Seconds for a connection."""

LARGEST = 256 * 1024 * 1024
"""Bytes of one answer."""

WRITE = 60.0
"""Seconds for the answer to a change, at least: what is given up too early is done all the same, and nobody knows."""

UPLOAD = 300.0
"""Seconds for the answer to an upload: without a job queue Zou converts a movie before it answers."""

WHOLE = 120.0
"""Seconds for the first byte of a production's whole list, at least: Zou has it together before it begins to send."""

LONGEST = 2 * 1024**3
"""Bytes of an answer that is read row by row, and never held as a whole."""

PICTURES = "application/json, */*;q=0.5"
"""Prefers JSON, so that Zou answers 202 for a picture that it still makes, not 404 (`wants_json_over_picture`, 1.0.97)."""

# Only what reads is tried again. `Retry-After` is not obeyed here: it may ask for more than a person waits.
RETRY = Retry(
    total=2,
    connect=2,
    read=1,
    status=2,
    status_forcelist=(429, 502, 503, 504),
    allowed_methods=("GET", "HEAD"),
    backoff_factor=0.2,
    respect_retry_after_header=False,
    raise_on_status=False,
)


class NoCookies(RequestsCookieJar):
    """Keeps nothing: one person's cookie must not travel with another's request."""

    def set_cookie(self, cookie: Any, *args: Any, **kwargs: Any) -> None:
        """Forget it."""


class Transport:
    """The way to one Zou. Each thread has a connection of its own; a token travels with each request and stays nowhere."""

    def __init__(self, url: str, timeout: float) -> None:
        self.url, self._timeout = url.rstrip("/"), timeout
        self._local = threading.local()
        self._root = ""
        self._finding = threading.Lock()

    @property
    def root(self) -> str:
        """Where the API stands: the URL of the settings, or the same with or without `/api`, whichever answers as Zou."""
        if not self._root:
            with self._finding:
                self._root = self._root or self._find()
        return self._root

    def get(
        self, path: str, token: str = "", params: Mapping[str, Any] | Sequence[tuple[str, Any]] | None = None
    ) -> Any:
        """Read; retried when Kitsu is busy."""
        query = (
            urlencode(params, safe=",") if params else None
        )  # A comma need not be escaped, and lists of ids have many.
        return self._request("GET", f"{self.root}/{path}", token, params=query)

    def send(self, method: str, path: str, token: str, body: Any = None, *, seconds: float = 0) -> Any:
        """Write; never sent twice. After a failure `may_be_written` says whether it may have reached Zou.

        `seconds` for its answer, if they are more than the setting's.
        """
        return self._request(
            method, f"{self.root}/{path}", token, json=storable(body), seconds=max(seconds, self._timeout)
        )

    def upload(self, path: str, token: str, fields: Mapping[str, str], files: Sequence[tuple[str, Path]]) -> Any:
        """Write a form with files; never sent twice."""
        try:
            with Multipart(storable(fields), files) as form:
                return self._request(
                    "POST",
                    f"{self.root}/{path}",
                    token,
                    data=form,
                    headers={"Content-Type": form.content_type},
                    seconds=max(UPLOAD, self._timeout),
                )
        except OSError as error:
            raise errors.FileUnreadable(error.strerror or "") from None

    def stream(self, path: str, token: str, largest: int) -> Iterator[bytes]:
        """Read a file piece by piece; raises before the first piece when there is none, `TooLarge` beyond `largest` bytes."""
        response = self._open("GET", f"{self.root}/{path}", token, headers={"Accept": PICTURES})
        if (reason := no_file(response, largest)) is not None:
            response.close()
            raise reason
        return self._pieces(response, largest)

    def rows(self, path: str, token: str, params: Mapping[str, Any] | None = None) -> Iterator[Any]:
        """Read a long list row by row: a JSON array, or a line for each row. Raises before the first row when it is refused."""
        query = urlencode(params) if params else None
        response = self._open("GET", f"{self.root}/{path}", token, seconds=max(WHOLE, self._timeout), params=query)
        if response.status_code != 200:
            with response:
                understood(response, _body(response))
        return json_rows(self._pieces(response, LONGEST))

    def _pieces(self, response: requests.Response, largest: int) -> Iterator[bytes]:
        left = largest
        with response:
            try:
                for piece in response.raw.stream(PIECE, decode_content=True):
                    left -= len(piece)
                    if left < 0:
                        raise errors.TooLarge(f"More than {largest:,} bytes.")
                    yield piece
            except (requests.RequestException, HTTPError) as error:
                raise trouble(error, response.url, self._timeout, writes=False) from None

    def _find(self) -> str:
        """Ask `GET /` of each candidate; Zou answers `{"api": "Zou", ...}`."""
        bare = self.url.removesuffix("/api")
        failed: errors.KitsuError | None = None
        for candidate in dict.fromkeys((self.url, f"{bare}/api", bare)):
            try:
                answer = self._request("GET", f"{candidate}/", "")
            except errors.KitsuError as error:
                failed = failed or error
                continue
            if isinstance(answer, dict) and answer.get("api") == "Zou":
                return candidate
        wrong = isinstance(failed, errors.NotKitsu | errors.NotInKitsu) or failed is None
        raise self._nobody(bare) if wrong else failed  # type: ignore[misc]

    def _nobody(self, bare: str) -> errors.NotKitsu:
        return errors.NotKitsu(f"Neither {bare}/api nor {bare} answers as Kitsu's API; correct KITSU_URL.")

    def _request(self, method: str, url: str, token: str, *, seconds: float = 0, **more: Any) -> Any:
        with self._open(method, url, token, seconds=seconds, **more) as response:
            try:
                return understood(response, _body(response))
            except HTTPError as error:  # While the body is read, urllib3's errors come as they are.
                raise trouble(error, url, seconds or self._timeout, writes=method not in READS) from None

    def _open(
        self,
        method: str,
        url: str,
        token: str,
        *,
        seconds: float = 0,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> requests.Response:
        """The answer's head; its body is still on the way."""
        said = {**(headers or {}), **({"Authorization": f"Bearer {token}"} if token else {})}
        try:
            found: requests.Response = self._client().session.request(
                method,
                url,
                headers=said,
                timeout=(CONNECT, seconds or self._timeout),
                allow_redirects=False,
                stream=True,
                **more,
            )
        except requests.RequestException as error:
            raise trouble(error, url, seconds or self._timeout, writes=method not in READS) from None
        return found

    def _client(self) -> KitsuClient:
        """gazu's client of this thread, with limits on what it does."""
        client: KitsuClient | None = getattr(self._local, "client", None)
        if client is None:
            client = gazu.client.create_client(self.url)
            client.session.cookies = NoCookies()
            adapter = HTTPAdapter(max_retries=RETRY, pool_connections=2, pool_maxsize=4)
            client.session.mount("http://", adapter)
            client.session.mount("https://", adapter)
            self._local.client = client
        return client


def _body(response: requests.Response) -> bytes:
    body: bytes = response.raw.read(LARGEST + 1, decode_content=True)
    if len(body) > LARGEST:
        raise errors.NotKitsu(f"The answer is larger than {LARGEST:,} bytes.")
    return body
