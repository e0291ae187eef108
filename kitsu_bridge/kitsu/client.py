"""The real Kitsu: Zou's routes behind the interface. This file and `transport.py` alone know gazu and HTTP.

Routes and rights are those of Zou 1.0.97 (zou/app/blueprints).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any

from kitsu_bridge.kitsu.errors import (
    KitsuForbids,
    KitsuRefuses,
    NotInKitsu,
    SecondFactorNeeded,
    SignInRefused,
    TokenRejected,
)
from kitsu_bridge.kitsu.interface import Kitsu, Record
from kitsu_bridge.kitsu.recent import recent
from kitsu_bridge.kitsu.resolve import is_id
from kitsu_bridge.kitsu.transport import Transport

CHUNK = 92
"""Ids in one request: gunicorn in front of Zou takes 4,094 bytes of a request line, and an id takes 43 of them."""

AT_ONCE = 4
"""Requests at a time. Four fetch 1,000 tasks in half the time of one; more gain nothing (measured on two cores)."""

ROUTES = {
    "Shot": "shots",
    "Asset": "assets",
    "Sequence": "sequences",
    "Episode": "episodes",
    "Edit": "edits",
    "Concept": "concepts",
}

_pool = ThreadPoolExecutor(max_workers=4 * AT_ONCE, thread_name_prefix="kitsu")


class ZouStudio:
    """A Kitsu that people work with."""

    is_sample = False

    def __init__(
        self, url: str, *, bot_token: str = "", login: str = "", password: str = "", timeout: float = 10.0
    ) -> None:
        self.url = url
        self._transport = Transport(url, timeout)
        self._bot_token, self._login, self._password = bot_token, login, password
        self._signing_in = threading.Lock()
        self._signed_in = ""

    def version(self) -> str:
        """From `GET /`."""
        return str(self._transport.get("").get("version", "unknown"))

    def bot(self) -> Kitsu:
        """By token; or by e-mail and password, signed in again when the session has expired."""
        if self._bot_token:
            return ZouKitsu(self._transport, self._bot_token)
        return ZouKitsu(self._transport, self._session_token(""), renew=self._session_token)

    def session(self, token: str) -> Kitsu:
        """A person's session."""
        return ZouKitsu(self._transport, token)

    def log_in(self, email: str, password: str, code: str = "") -> str:
        """`POST /auth/login`; the code as TOTP, or as a recovery code when it is longer than six digits."""
        body: dict[str, str] = {"email": email, "password": password}
        if code:
            body["totp" if code.strip().isdigit() and len(code.strip()) <= 8 else "recovery_code"] = code.strip()
        try:
            answer = self._transport.send("POST", "auth/login", "", body)
        except (KitsuRefuses, TokenRejected) as error:
            raise _sign_in_error(error) from None
        if not isinstance(answer, dict) or not answer.get("login") or not answer.get("access_token"):
            raise SignInRefused
        return str(answer["access_token"])

    def log_out(self, token: str) -> None:
        """`GET /auth/logout` revokes the token it is called with."""
        self._transport.get("auth/logout", token)

    def _session_token(self, expired: str) -> str:
        with self._signing_in:
            if self._signed_in in {"", expired}:
                self._signed_in = self.log_in(self._login, self._password)
            return self._signed_in


def _sign_in_error(error: KitsuRefuses | TokenRejected) -> SignInRefused | SecondFactorNeeded:
    answer = error.answer if isinstance(error.answer, dict) else {}
    if answer.get("missing_OTP") or answer.get("wrong_OTP"):
        return SecondFactorNeeded(error.detail)
    if answer.get("too_many_failed_login_attemps"):
        return SignInRefused("Too many attempts; Kitsu lets you try again in a minute.")
    return SignInRefused()


class ZouKitsu:
    """`Kitsu` over HTTP, with one token."""

    def __init__(self, transport: Transport, token: str, renew: Callable[[str], str] | None = None) -> None:
        self._transport, self._token, self._renew = transport, token, renew

    def _get(self, path: str, **params: Any) -> Any:
        try:
            return self._transport.get(path, self._token, params or None)
        except TokenRejected:
            if self._renew is None:
                raise
            self._token = self._renew(self._token)
            return self._transport.get(path, self._token, params or None)

    def _by(self, path: str, field: str, ids: Iterable[str], **params: Any) -> list[Record]:
        """Rows whose field is one of these ids: 80 a request, four requests at a time."""
        wanted = [one for one in dict.fromkeys(ids) if is_id(one)]
        chunks = [wanted[start : start + CHUNK] for start in range(0, len(wanted), CHUNK)]
        return self._all(
            lambda chunk: self._get(path, **{field: json.dumps(chunk, separators=(",", ":"))}, **params), chunks
        )

    def _all(self, read: Callable[[Any], list[Record]], of: Sequence[Any]) -> list[Record]:
        if len(of) <= 1:
            return [row for one in of for row in read(one)]
        gate = threading.Semaphore(AT_ONCE)

        def one_at_a_time(one: Any) -> list[Record]:
            with gate:
                return read(one)

        return list(chain.from_iterable(_pool.map(one_at_a_time, of)))

    def whoami(self) -> Record:
        """`GET /auth/authenticated`."""
        return dict(self._get("auth/authenticated")["user"])

    def context(self) -> Record:
        """`GET /data/user/context`."""
        return dict(self._get("data/user/context"))

    def open_projects(self) -> list[Record]:
        """`GET /data/projects/open`."""
        return self._recent("data/projects/open")

    def _recent(self, path: str, **params: Any) -> list[Record]:
        """A list that changes seldom: read once in half a minute for each token."""
        return recent((self._transport.url, self._token, path), lambda: list(self._get(path, **params)))

    def tasks(self, ids: Sequence[str]) -> list[Record]:
        """`GET /data/tasks?id=[...]&relations=true`."""
        return self._by("data/tasks", "id", ids, relations="true")

    def entity_tasks(self, entity_ids: Sequence[str]) -> list[Record]:
        """`GET /data/tasks?entity_id=[...]&relations=true`."""
        return self._by("data/tasks", "entity_id", entity_ids, relations="true")

    def entities(self, ids: Sequence[str]) -> list[Record]:
        """`GET /data/entities?id=[...]`."""
        return self._by("data/entities", "id", ids)

    def entity_types(self) -> list[Record]:
        """`GET /data/entity-types`."""
        return self._recent("data/entity-types")

    def persons(self) -> list[Record]:
        """`GET /data/persons?relations=true`, with departments."""
        return self._recent("data/persons", relations="true")

    def projects(self) -> list[Record]:
        """`GET /data/projects?relations=true`."""
        return list(self._get("data/projects", relations="true"))

    def task_types(self) -> list[Record]:
        """`GET /data/task-types`."""
        return self._recent("data/task-types")

    def task_statuses(self) -> list[Record]:
        """`GET /data/task-status`."""
        return self._recent("data/task-status")

    def departments(self) -> list[Record]:
        """`GET /data/departments`."""
        return self._recent("data/departments")

    def team(self, project_id: str) -> list[Record]:
        """`GET /data/projects/<id>/team`."""
        return list(self._get(f"data/projects/{_id(project_id)}/team"))

    def project_tasks(self, project_id: str) -> list[Record]:
        """`GET /data/projects/<id>/tasks`: all in one answer."""
        return list(self._get(f"data/projects/{_id(project_id)}/tasks"))

    def project_entities(self, project_id: str, for_entity: str) -> list[Record]:
        """`GET /data/projects/<id>/shots`, `assets`, `sequences`, `episodes`, `edits` or `concepts`."""
        return list(self._get(f"data/projects/{_id(project_id)}/{ROUTES[for_entity]}"))

    def entity_count(self, project_id: str, entity_type_id: str) -> int:
        """The total of `GET /data/entities?...&page=1&limit=1`."""
        asked = {"project_id": _id(project_id), "entity_type_id": _id(entity_type_id), "page": 1, "limit": 1}
        return int(self._get("data/entities", **asked)["total"])

    def preview_files(self, ids: Sequence[str]) -> list[Record]:
        """`GET /data/preview-files?id=[...]`."""
        return self._by("data/preview-files", "id", ids)

    def task_previews(self, task_ids: Sequence[str]) -> list[Record]:
        """`GET /data/preview-files?task_id=[...]`."""
        return self._by("data/preview-files", "task_id", task_ids)

    def comments(self, task_ids: Sequence[str]) -> list[Record]:
        """`GET /data/comments?object_id=[...]` for admins; for the others task by task, as Kitsu's own pages do."""
        try:
            return self._by("data/comments", "object_id", task_ids, relations="true")
        except KitsuForbids:
            return self._all(lambda one: list(self._get(f"data/tasks/{one}/comments")), self._readable(task_ids))

    def time_spents(self, task_ids: Sequence[str]) -> list[Record]:
        """`GET /data/time-spents?task_id=[...]` for admins; for the others task by task."""
        try:
            return self._by("data/time-spents", "task_id", task_ids)
        except KitsuForbids:
            return self._all(self._time_of_task, self._readable(task_ids))

    def _time_of_task(self, task_id: str) -> list[Record]:
        """`{person id: [rows], "total": minutes}` (zou/app/services/time_spents_service.py)."""
        found = self._get(f"actions/tasks/{task_id}/time-spents")
        return [row for person, rows in found.items() if person != "total" for row in rows]

    def _readable(self, task_ids: Sequence[str]) -> list[str]:
        """One task that may not be read would end a reading task by task."""
        return [row["id"] for row in self.tasks(task_ids)]

    def casting(self, entities: Iterable[Record]) -> dict[str, list[Record]]:
        """Shots by their sequence, one request for each; everything else one by one."""
        groups: dict[tuple[str, str], set[str]] = {}
        for row in entities:
            parent = (
                f"sequences/{row['parent_id']}" if row.get("nb_frames") is not None and row.get("parent_id") else ""
            )
            groups.setdefault((row["project_id"], parent or f"entities/{row['id']}"), set()).add(row["id"])
        found: dict[str, list[Record]] = {}
        for part in self._all(lambda group: [self._casting(group[0], group[1])], list(groups.items())):
            found |= part
        return found

    def _casting(self, of: tuple[str, str], wanted: set[str]) -> dict[str, list[Record]]:
        project_id, place = of
        try:
            answer = self._get(f"data/projects/{project_id}/{place}/casting")
        except NotInKitsu:
            return {}
        if isinstance(answer, list):
            return {one: answer for one in wanted if answer}
        return {key: rows for key, rows in answer.items() if key in wanted and rows}

    def custom_actions(self) -> list[Record]:
        """`GET /data/custom-actions`."""
        return list(self._get("data/custom-actions"))

    def create_custom_action(self, data: Record) -> Record:
        """`POST /data/custom-actions`."""
        return dict(self._transport.send("POST", "data/custom-actions", self._token, data))

    def update_custom_action(self, action_id: str, data: Record) -> Record:
        """`PUT /data/custom-actions/<id>`."""
        return dict(self._transport.send("PUT", f"data/custom-actions/{_id(action_id)}", self._token, data))

    def delete_custom_action(self, action_id: str) -> None:
        """`DELETE /data/custom-actions/<id>`."""
        try:
            self._transport.send("DELETE", f"data/custom-actions/{_id(action_id)}", self._token)
        except NotInKitsu:
            return


def _id(text: str) -> str:
    """An id may become part of a path; nothing else may."""
    if not is_id(text.lower()):
        raise NotInKitsu(f"{text[:60]!r} is no id.")
    return text
