"""The sample studio's side of the interface: sessions with the rights that Zou gives, on tables in memory."""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Iterable, Sequence
from copy import deepcopy
from threading import RLock
from typing import Any

from kitsu_bridge.kitsu.errors import (
    KitsuError,
    KitsuForbids,
    KitsuRefuses,
    NotInKitsu,
    SignInRefused,
    TokenRejected,
)
from kitsu_bridge.kitsu.interface import Kitsu, Record
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.sample.people import add_people
from kitsu_bridge.kitsu.sample.productions import SPECIAL, add_productions
from kitsu_bridge.kitsu.sample.rows import Tables
from kitsu_bridge.kitsu.sample.work import add_work
from kitsu_bridge.kitsu.visibility import Visible
from kitsu_bridge.secrets import fingerprint

BOT = "bridge@sample.studio"


class SampleStudio:
    """An invented Kitsu. `trouble` makes every call fail with it, as a Kitsu that is down, slow or lying would."""

    url = "sample:"
    is_sample = True

    def __init__(self) -> None:
        self.trouble: KitsuError | None = None
        self.lock = RLock()
        self._tables: Tables | None = None
        self._revoked: set[str] = set()

    @property
    def tables(self) -> Tables:
        """Made when they are first looked at."""
        with self.lock:
            if self._tables is None:
                self._tables = Tables()
                for add in (add_people, add_productions, add_work):
                    add(self._tables)
            return self._tables

    def check(self) -> None:
        """Raises the trouble, if there is one."""
        if self.trouble is not None:
            raise self.trouble

    def version(self) -> str:
        """It has none of Zou's."""
        self.check()
        return "sample"

    def people(self) -> list[Record]:
        """Everybody to choose from at the sign-in, with the names of their departments."""
        names = {row["id"]: row["name"] for row in self.tables.departments.values()}
        return [
            {**row, "department_names": [names[one] for one in row["departments"]]}
            for row in self.tables.persons.values()
            if row["active"] and not row["is_bot"]
        ]

    def bot(self) -> Kitsu:
        """A session of the bridge's bot, a studio manager."""
        return SampleKitsu(self, self._by_email(BOT))

    def session(self, token: str) -> Kitsu:
        """A session with a token that `log_in` gave, in this process or in another with the same secret key."""
        person = self._owner(token)
        if person is None or person["role"] == "admin":
            return SampleKitsu(self, person)
        return Visible(SampleKitsu(self, self._by_email(BOT)), Person.from_record(person))

    def log_in(self, email: str, password: str, code: str = "") -> str:
        """Any password will do: nobody here has one. An account that is inactive stays outside, as at Kitsu."""
        self.check()
        person = self._by_email(email)
        if person is None or not person["active"] or person["is_bot"] or not password:
            raise SignInRefused
        part = uuid.uuid4().hex
        return f"sample-{part}.{person['id']}.{_seal(part, person['id'])}"

    def log_out(self, token: str) -> None:
        """This token is worth nothing any more."""
        self.check()
        self._revoked.add(token)

    def _by_email(self, email: str) -> Record | None:
        wanted = email.casefold()
        return next((row for row in self.tables.persons.values() if row["email"].casefold() == wanted), None)

    def _owner(self, token: str) -> Record | None:
        """Whose token it is: sealed with the secret key, so that a worker of another process knows it as well."""
        part, _, rest = token.removeprefix("sample-").partition(".")
        person_id, _, seal = rest.partition(".")
        if token in self._revoked or not token.isascii() or not hmac.compare_digest(seal, _seal(part, person_id)):
            return None
        return self.tables.persons.get(person_id)


def _seal(part: str, person_id: str) -> str:
    return fingerprint("sample studio", part, person_id)


class SampleKitsu:
    """A session that sees everything: a studio manager's, or the bot's."""

    def __init__(self, studio: SampleStudio, person: Record | None) -> None:
        self._studio, self._me = studio, person

    @property
    def _tables(self) -> Tables:
        """The tables, for a session that is still good."""
        self._studio.check()
        if self._me is None:
            raise TokenRejected
        return self._studio.tables

    def _rows(self, table: str) -> list[Record]:
        tables = self._tables
        with self._studio.lock:
            return deepcopy(list(getattr(tables, table).values()))

    def _by_id(self, table: str, ids: Sequence[str]) -> list[Record]:
        """In the table's order, not in that of the ids: Zou's lists have none either."""
        wanted = set(ids)
        for one in wanted:
            _must_be_uuid(one)
        tables = self._tables
        with self._studio.lock:
            return deepcopy([row for key, row in getattr(tables, table).items() if key in wanted])

    def _having(self, table: str, field: str, values: Sequence[str]) -> list[Record]:
        wanted = set(values)
        tables = self._tables
        with self._studio.lock:
            return deepcopy([row for row in getattr(tables, table).values() if row[field] in wanted])

    def whoami(self) -> Record:
        """The account of this session."""
        tables = self._tables
        assert self._me is not None
        return deepcopy(tables.persons[self._me["id"]])

    def context(self) -> Record:
        """What Kitsu's pages start from; not for bots, as at Zou 1.0.97 (seen live)."""
        if self.whoami()["is_bot"]:
            raise KitsuForbids
        types = self._rows("entity_types")
        me = self.whoami()["id"]
        roles = {project_id: team[me] for project_id, team in self._tables.teams.items() if team.get(me)}
        return {
            "projects": self._rows("projects"),
            "task_types": self._rows("task_types"),
            "task_status": self._rows("task_statuses"),
            "persons": self._rows("persons"),
            "departments": self._rows("departments"),
            "asset_types": [row for row in types if row["name"] not in SPECIAL],
            "custom_actions": self._rows("custom_actions"),
            "project_roles": roles,
        }

    def open_projects(self) -> list[Record]:
        """All of them are open."""
        return self._rows("projects")

    def tasks(self, ids: Sequence[str]) -> list[Record]:
        """Tasks by id."""
        return self._by_id("tasks", ids)

    def entity_tasks(self, entity_ids: Sequence[str]) -> list[Record]:
        """Tasks on these entities."""
        return self._having("tasks", "entity_id", entity_ids)

    def entities(self, ids: Sequence[str]) -> list[Record]:
        """Entities by id."""
        return self._by_id("entities", ids)

    def entity_types(self) -> list[Record]:
        """All entity types."""
        return self._rows("entity_types")

    def persons(self) -> list[Record]:
        """Everybody."""
        return self._rows("persons")

    def projects(self) -> list[Record]:
        """All productions."""
        return self._rows("projects")

    def task_types(self) -> list[Record]:
        """All task types."""
        return self._rows("task_types")

    def task_statuses(self) -> list[Record]:
        """All statuses."""
        return self._rows("task_statuses")

    def departments(self) -> list[Record]:
        """All departments."""
        return self._rows("departments")

    def team(self, project_id: str) -> list[Record]:
        """A project's team."""
        tables = self._tables
        if project_id not in tables.projects:
            raise NotInKitsu
        roles = tables.teams[project_id]
        return [{**row, "project_role": roles[row["id"]]} for row in self._by_id("persons", list(roles))]

    def project_tasks(self, project_id: str) -> list[Record]:
        """All tasks of a project."""
        if project_id not in self._tables.projects:
            raise NotInKitsu
        return self._having("tasks", "project_id", [project_id])

    def project_entities(self, project_id: str, for_entity: str) -> list[Record]:
        """All entities of one kind in a project."""
        types = {row["id"]: row["name"] for row in self.entity_types()}
        rows = self._having("entities", "project_id", [project_id])
        kinds = {row["id"]: "Asset" if types[row["entity_type_id"]] not in SPECIAL else types[row["entity_type_id"]]
                 for row in rows}  # fmt: skip
        return [row for row in rows if kinds[row["id"]] == for_entity]

    def entity_count(self, project_id: str, entity_type_id: str) -> int:
        """How many entities of a type a project has."""
        rows = self._having("entities", "project_id", [project_id])
        return sum(row["entity_type_id"] == entity_type_id for row in rows)

    def preview_files(self, ids: Sequence[str]) -> list[Record]:
        """Previews by id."""
        return self._by_id("preview_files", ids)

    def task_previews(self, task_ids: Sequence[str]) -> list[Record]:
        """Previews of tasks."""
        return self._having("preview_files", "task_id", task_ids)

    def comments(self, task_ids: Sequence[str]) -> list[Record]:
        """Comments of tasks."""
        return self._having("comments", "object_id", task_ids)

    def time_spents(self, task_ids: Sequence[str]) -> list[Record]:
        """Time spent on tasks."""
        return self._having("time_spents", "task_id", task_ids)

    def casting(self, entities: Iterable[Record]) -> dict[str, list[Record]]:
        """What is cast in these entities."""
        casting = self._tables.casting
        return {row["id"]: deepcopy(casting[row["id"]]) for row in entities if row["id"] in casting}

    def custom_actions(self) -> list[Record]:
        """All custom actions."""
        return self._rows("custom_actions")

    def create_custom_action(self, data: Record) -> Record:
        """One more; Zou asks for nothing but a name (zou/app/blueprints/crud/custom_action.py in 1.0.97)."""
        if not data.get("name"):
            raise KitsuRefuses("The 'name' field is required and cannot be None.")
        tables = self._tables
        with self._studio.lock:
            defaults: dict[str, Any] = {"url": "", "entity_type": "all", "is_ajax": False}
            return deepcopy(tables.add("custom_actions", "CustomAction", (uuid.uuid4(),), **(defaults | data)))

    def update_custom_action(self, action_id: str, data: Record) -> Record:
        """Change one."""
        tables = self._tables
        with self._studio.lock:
            if action_id not in tables.custom_actions:
                raise NotInKitsu
            tables.custom_actions[action_id].update(data)
            return deepcopy(tables.custom_actions[action_id])

    def delete_custom_action(self, action_id: str) -> None:
        """Take one away."""
        tables = self._tables
        with self._studio.lock:
            tables.custom_actions.pop(action_id, None)


def _must_be_uuid(text: str) -> None:
    """One id that is none spoils the whole list, at Zou as here (seen on a live 1.0.97)."""
    try:
        uuid.UUID(text)
    except ValueError:
        raise KitsuRefuses(f"{text[:60]!r} is no id.") from None
