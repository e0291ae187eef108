from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse

from actions.models import KindSwitch
from actions.registry import kinds
from audit.models import Event, Invocation
from audit.states import Happened, State

LIST = "admin:actions_kindswitch_changelist"


def switch(client, name, on):
    return client.post(reverse("admin:actions_kindswitch_switch", args=[name]), {"on": "yes" if on else "no"})


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def test_it_works(ada, kinds_folder, an_action):
    kinds_folder("greet")
    an_action("greet", name="Say <b>hello</b>")
    page = text(ada.get(reverse(LIST)))
    assert "Switched off" in page
    assert "Say &lt;b&gt;hello&lt;/b&gt;" in page
    assert "<code>word</code>" in page
    assert switch(ada, "greet", True)["Location"].endswith("#greet")
    assert "Switched on" in text(ada.get(reverse(LIST)))
    row = KindSwitch.objects.get()
    assert (row.enabled, row.switched_by) == (True, ada.person["full_name"])
    event = Event.objects.get(what=Happened.KIND_ENABLED)
    assert (event.subject, event.actor_id) == ("kind:greet", ada.person["id"])


def test_a_broken_one_shows_its_error_and_has_no_switch(ada, kinds_folder):
    kinds_folder("broken", "'''<script>alert(1)</script>'''\nimport no_such_library\n")
    page = text(ada.get(reverse(LIST)))
    assert "No module named &#x27;no_such_library&#x27;" in page
    assert "<script>alert" not in page
    assert switch(ada, "broken", True).status_code == 404
    assert not KindSwitch.objects.exists()


def test_one_that_takes_a_name_of_the_bridge_is_refused_beside_its_name(ada, kinds_folder):
    kinds_folder("debug")
    page = text(ada.get(reverse(LIST)))
    assert "There is a kind &#x27;debug&#x27; of the bridge itself already" in page
    assert switch(ada, "debug", False).status_code == 404
    assert switch(ada, "debug (folder)", True).status_code == 404


@pytest.mark.parametrize("role", ["manager", "supervisor", "user", "client", "vendor"])
def test_it_is_for_studio_managers_only(signed_in, kinds_folder, role):
    kinds_folder("greet")
    client = signed_in(role)
    assert client.get(reverse(LIST)).status_code == 302
    assert switch(client, "greet", True).status_code == 302
    assert not KindSwitch.objects.filter(enabled=True).exists()


def test_a_link_switches_nothing(ada, kinds_folder):
    kinds_folder("greet")
    assert ada.get(reverse("admin:actions_kindswitch_switch", args=["greet"]) + "?on=yes").status_code == 405
    assert not KindSwitch.objects.filter(enabled=True).exists()


def test_the_form_of_an_action_says_that_its_kind_is_off(ada, kinds_folder, an_action):
    kinds_folder("greet")
    action = an_action("greet")
    change = reverse("admin:actions_action_change", args=[action.pk])
    page = text(ada.get(change))
    assert "This kind is switched off: calls are refused" in page
    assert "Greet (switched off)" in page
    assert "Greet: switched off" in text(ada.get(reverse("admin:actions_action_changelist")))
    switch(ada, "greet", True)
    assert "switched off" not in text(ada.get(change))


def test_a_call_of_one_that_is_off_is_refused_in_words(ada, kinds_folder, an_action, sample_task_ids):
    kinds_folder("greet")
    an_action("greet")
    sent = {"personid": ada.person["id"], "personemail": ada.person["email"], "selection": ",".join(sample_task_ids(2))}
    response = ada.post(reverse("run", args=["greet"]), sent, headers={"origin": "http://testserver"})
    assert response.status_code == 403
    assert "“Greet”, is switched off" in response.content.decode()
    refused = Invocation.objects.get()
    assert (refused.state, refused.reason_code) == (State.REFUSED, "kind_off")


def test_its_own_page_is_found_in_its_folder(ada, kinds_folder, settings, an_action, a_queued_invocation):
    kinds_folder("greet")
    folder = Path(settings.KINDS_FOLDER) / "templates"
    (folder / "results").mkdir(parents=True)
    (folder / "results" / "greet.html").write_text("<p>Greeted by {{ invocation.kind }}</p>")
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [engine | {"DIRS": [*engine["DIRS"], folder]}]
    invocation = a_queued_invocation(an_action("greet"))
    Invocation.objects.filter(pk=invocation.pk).update(state=State.SUCCEEDED, outcome={"data": {}}, message="Done.")
    assert "<p>Greeted by greet</p>" in text(ada.get(invocation.get_absolute_url()))


ODD = """
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from actions.contract import Field, File, Outcome
from actions.registry import handler

@dataclass(frozen=True)
class Options:
    one: {hint} = {default}
{more}

@handler(title="Odd")
def run(call, options: Options, *, two: {hint} = {default}):
    return Outcome("")
"""


@pytest.mark.parametrize(
    ("hint", "default", "more"),
    [
        ("Annotated[str, Field(choices=('abc',))]", "''", ""),
        ("Annotated[str, Field(choices=5)]", "''", ""),
        ("Annotated[int, Field(least='x')]", "3", ""),
        ("int", "'three'", ""),
        ("date", "'never'", ""),
        ("tuple[int, ...]", "5", ""),
        ("Annotated[File | None, Field(accept=5)]", "None", ""),
        ("Annotated[str, Field(help=5, label=5)]", "''", ""),
        ("Annotated[str, Field(template='nonsense')]", "''", ""),
        ("str", "''", "    def __post_init__(self):\n        raise RuntimeError('odd')"),
        ("str", "''", "def wrong(options, settings):\n    raise RuntimeError('odd')"),
        ("str", "''", "preview = 5"),
        ("str", "''", "def preview(call): ..."),
    ],
)
def test_an_odd_one_takes_no_page_down(ada, kinds_folder, hint, default, more):
    kinds_folder("odd", ODD.format(hint=hint, default=default, more=more))
    assert text(ada.get(reverse(LIST)))
    switch(ada, "odd", True)
    add = reverse("admin:actions_action_add")
    assert text(ada.get(f"{add}?kind=odd"))
    sent = {"name": "Odd", "slug": "odd", "kind": "odd", "enabled": "on", "order": "10", "trust": "proven"}
    limits = {"largest_selection": "100", "double_click_window": "5", "time_limit": "60", "worker_lost": "end"}
    assert ada.post(add, sent | limits).status_code in {200, 302}
    assert text(ada.get(reverse("admin:actions_action_changelist")))


NAMES = """
from actions.quality import check

@check(title="Wrong name", severity="problem")
def wrong_name(task, facts):
    '''Names have no <spaces>.'''
    return ""
"""


def test_a_file_of_quality_checks_is_no_kind_and_is_shown(ada, kinds_folder):
    path = kinds_folder("names", NAMES)
    page = text(ada.get(reverse(LIST)))
    assert "Quality checks of the studio" in page
    assert "Wrong name" in page
    assert "Names have no &lt;spaces&gt;." in page
    assert str(path) in page
    assert switch(ada, "names", True).status_code == 404
    path.unlink()
    kinds.cache_clear()
    assert "Quality checks of the studio" not in text(ada.get(reverse(LIST)))
