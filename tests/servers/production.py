"""A production of a test's own in the real Zou: its shots, its tasks and its people; all of it is gone at the end."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
import uuid
from collections.abc import Sequence
from typing import Any


class Production:
    """Made with the bot's right. `tasks` are those of one task type, `people` by the name that the test gives them."""

    def __init__(self, shots: int, people: dict[str, str], name: str = "Own <i>production</i>") -> None:
        self.mark = uuid.uuid4().hex[:8]
        self.people: dict[str, dict[str, Any]] = {}
        self.task_type = self._first_task_type()
        self.id: str = self.ask("POST", "data/projects", {"name": f"{name} {self.mark}"})["id"]
        sequence = self.ask("POST", f"data/projects/{self.id}/sequences", {"name": "SQ01"})
        made = [self.shot(sequence["id"], f"SH{number:04} <b>{self.mark}</b>") for number in range(shots)]
        self.tasks: list[dict[str, Any]] = self.tasks_of(self.task_type["id"], made)
        for who, role in people.items():
            self.join(who, role)

    def ask(self, verb: str, path: str, data: Any = None, token: str = "") -> Any:
        """One request, as the bot or with somebody's token."""
        headers = {
            "Authorization": f"Bearer {token or os.environ['TEST_ZOU_BOT_TOKEN']}",
            "Content-Type": "application/json",
        }
        body = None if data is None else json.dumps(data).encode()
        request = urllib.request.Request(f"{os.environ['TEST_ZOU_URL']}/{path}", body, headers, method=verb)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - our own server
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{verb} {path}: {error.code} {error.read()[:400]!r}") from error

    def shot(self, sequence_id: str, name: str) -> str:
        """One more shot; its id."""
        found: str = self.ask("POST", f"data/projects/{self.id}/shots", {"name": name, "sequence_id": sequence_id})[
            "id"
        ]
        return found

    def tasks_of(self, task_type_id: str, shot_ids: Sequence[str]) -> list[dict[str, Any]]:
        """A task of this type on each of these shots, in their order."""
        path = f"actions/projects/{self.id}/task-types/{task_type_id}/shots/create-tasks"
        rows = {row["entity_id"]: row for row in self.ask("POST", path, list(shot_ids))}
        return [rows[one] for one in shot_ids]

    def join(self, who: str, role: str, departments: Sequence[str] = ()) -> dict[str, Any]:
        """A person of this role, in the team."""
        about = {
            "first_name": who.title(), "last_name": f"<b>{self.mark}</b>", "email": f"{who}-{self.mark}@example.org",
            "role": role, "departments": list(departments),
        }  # fmt: skip
        self.people[who] = self.ask("POST", "data/persons", about)
        password = {"password": os.environ["TEST_ZOU_PASSWORD"], "password_2": os.environ["TEST_ZOU_PASSWORD"]}
        self.ask("POST", f"actions/persons/{self.people[who]['id']}/change-password", password)
        self.ask("POST", f"data/projects/{self.id}/team", {"person_id": self.people[who]["id"]})
        return self.people[who]

    def status(self, short: str) -> str:
        """The id of a status by its short name."""
        return next(str(row["id"]) for row in self.ask("GET", "data/task-status") if row["short_name"] == short)

    def change(self, task: dict[str, Any], **fields: Any) -> None:
        """Fields of a task."""
        self.ask("PUT", f"data/tasks/{task['id']}", fields)

    def remove(self) -> None:
        """All of it, people too."""
        closed = next(row["id"] for row in self.ask("GET", "data/project-status") if row["name"] == "Closed")
        self.ask("PUT", f"data/projects/{self.id}", {"project_status_id": closed})
        self.ask("DELETE", f"data/projects/{self.id}?force=true")
        for row in self.people.values():
            self.ask("DELETE", f"data/persons/{row['id']}?force=true")

    def _first_task_type(self) -> dict[str, Any]:
        rows = [row for row in self.ask("GET", "data/task-types") if row["for_entity"] == "Shot"]
        return dict(min(rows, key=lambda row: (row["priority"], row["name"])))
