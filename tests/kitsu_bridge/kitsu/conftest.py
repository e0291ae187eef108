"""One Kitsu after the other: the sample studio, and a real Zou where there is one."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

import pytest

from kitsu_bridge.kitsu.client import ZouStudio
from kitsu_bridge.kitsu.people import Person
from kitsu_bridge.kitsu.sample import SampleStudio
from kitsu_bridge.kitsu.visibility import seen_by

SAMPLE_PEOPLE = {
    "admin": "ada@sample.studio",
    "manager": "hana@sample.studio",
    "supervisor": "greta@sample.studio",
    "user": "noa@sample.studio",
    "client": "clara@sample.studio",
    "vendor": "pixelworks@sample.studio",
}
ZOU_PEOPLE = {role: f"{role}@studio.test" for role in SAMPLE_PEOPLE} | {"user": "artist@studio.test"}


@dataclass
class Kitsus:
    """A studio with somebody to sign in as for each role."""

    studio: object
    emails: dict[str, str]
    password: str
    tokens: dict[str, str] = field(default_factory=dict)

    def token(self, role):
        if role not in self.tokens:
            self.tokens[role] = self.studio.log_in(self.emails[role], self.password)
        return self.tokens[role]

    def session(self, role):
        return self.studio.session(self.token(role))

    def all_task_ids(self):
        bot = self.studio.bot()
        return [row["id"] for project in bot.projects() for row in bot.project_tasks(project["id"])]


def real():
    return Kitsus(
        ZouStudio(os.environ["TEST_ZOU_URL"], bot_token=os.environ["TEST_ZOU_BOT_TOKEN"]),
        ZOU_PEOPLE,
        os.environ["TEST_ZOU_PASSWORD"],
    )


@pytest.fixture(scope="session")
def _real():
    return real()


@pytest.fixture(params=["sample", pytest.param("zou", marks=pytest.mark.zou)])
def kitsu(request):
    """The same tests against both."""
    if request.param == "zou":
        return request.getfixturevalue("_real")
    return Kitsus(SampleStudio(), SAMPLE_PEOPLE, "any")


class InTheirPlace(Kitsus):
    """Nobody's own session: the bot in everybody's place."""

    def session(self, role):
        bot = self.studio.bot()
        row = next(row for row in bot.persons() if row.get("email") == self.emails[role])
        return seen_by(bot, Person.from_record(row))


def in_their_place():
    found = real()
    return InTheirPlace(found.studio, found.emails, found.password)


@pytest.fixture(params=["sample", *(pytest.param(one, marks=pytest.mark.zou) for one in ("zou", "zou by the bot"))])
def writing(request):
    """The same, and once more with the bot in each person's place."""
    if request.param == "zou by the bot":
        return in_their_place()
    return request.getfixturevalue("_real") if request.param == "zou" else Kitsus(SampleStudio(), SAMPLE_PEOPLE, "any")
