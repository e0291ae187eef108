from __future__ import annotations

import copy
import time
from concurrent.futures import wait

import pytest
from django.test import Client
from django.urls import reverse

from actions.statistics import reading
from kitsu_bridge.kitsu.studio import studio

SHORT = "The Lantern Keeper"


@pytest.fixture
def kitsu():
    """The studio of this process, put back as it was once nothing is read from it any more."""
    one = studio()
    before = copy.deepcopy(vars(one.tables))
    yield one
    wait(list(reading._running.values()))
    vars(one.tables).update(before)
    one.trouble = None


@pytest.fixture
def project_id(kitsu):
    """The id of a production in which everybody is."""
    return next(row["id"] for row in kitsu.bot().projects() if row["name"].startswith(SHORT))


class Patient(Client):
    """A browser that waits for a page that is still being made, as its script does."""

    def get(self, *args, **kwargs):
        for _ in range(600):
            answer = super().get(*args, **kwargs)
            if answer.status_code != 202 and not (answer.context and answer.context.get("step")):
                break
            time.sleep(0.05)
        return answer


@pytest.fixture
def browser(db, kitsu):
    """A browser of somebody of the sample studio, or of nobody."""

    def opened(name=""):
        client = Patient(headers={"accept": "text/html"})
        if name:
            client.cookies["access_token_cookie"] = kitsu.log_in(f"{name}@sample.studio", "any")
        return client

    return opened


@pytest.fixture
def page(browser, project_id):
    """A page of the statistics as somebody sees it: `page("greta", person_id=...)`."""

    def ask(name="hana", url="statistics", project="", **query):
        query = {"project_id": project or project_id} | query
        return browser(name).get(reverse(url), query)

    return ask
