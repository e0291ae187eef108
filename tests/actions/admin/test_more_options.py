"""The form of a Flamenco action, made of the job type that the Manager has at that moment."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from actions.models import Action
from tests.actions.admin.test_action import ADD, change, form
from tests.actions.clients.flamenco.conftest import fake

__all__ = ["fake"]

KEY = "more_settings__"
DOWN = "http://127.0.0.1:9"


def sent(url, settings="", **more):
    """What the form of a Flamenco action sends; `chunk_size=5` is the field of that setting."""
    options = {"url": url, "job_type": "simple-blender-render", "scene": "/proj/{entity_name|path}.blend"}
    options |= {"scene_key": "blendfile", "settings": settings, "job_name": "x", "priority": "50", "platform": "linux"}
    options |= {"once_for": "task"}
    typed = {f"option_{key}": value for key, value in (options | more.pop("options", {})).items()}
    given = {"render_output_root": "/proj/out", "add_path_components": "0"} | more.pop("given", {})
    return form(kind="flamenco", **typed, **{KEY + key: value for key, value in given.items()}, **more)


@pytest.fixture
def saved(ada, fake):
    """An action that was saved by the form."""

    def save(**more):
        response = ada.post(reverse(ADD), sent(fake.url, **more))
        assert response.status_code == 302, response.context["errors"]
        return Action.objects.get()

    return save


def shown(ada, action):
    """The form as it is opened."""
    return ada.get(change(action))


def fields(response):
    return response.context["adminform"].form


def kept(action):
    action.refresh_from_db()
    return json.loads(action.options["settings"])


def test_it_works(ada, saved, fake):
    fake.types["simple-blender-render"]["settings"] += [
        {"key": "denoise", "type": "bool", "label": "Remove noise"},
        {"key": "engine", "type": "string", "choices": ["CYCLES", "EEVEE"], "default": "CYCLES"},
    ]
    action = saved(given={"chunk_size": "5", "denoise": "True", "engine": "EEVEE", "scene": "{entity_name}"})
    given = {"render_output_root": "/proj/out", "add_path_components": 0, "chunk_size": 5, "denoise": True}
    assert kept(action) == {**given, "engine": "EEVEE", "scene": "{entity_name}"}
    response = shown(ada, action)
    form = fields(response)
    names = [name.removeprefix(KEY) for name in form.fields if name.startswith(KEY)]
    assert names == ["chunk_size", "render_output_root", "add_path_components", "format", "scene", "denoise", "engine"]
    assert form[KEY + "chunk_size"].value() == "5"
    assert form["option_settings"].value() == "{}"
    page = response.text
    assert "Bridge test Flamenco, Flamenco 3.9-alpha0 (cf286e71)." in page
    assert "/proj (storage)" in page
    assert "Number of frames to render in one Blender render task. Empty: 1." in page
    assert "Worked out for each task, unless the object below says otherwise: render_output_path." in page
    ada.post(change(action), sent(fake.url))
    assert kept(action) == {"render_output_root": "/proj/out", "add_path_components": 0}


def test_job_types_and_tags_are_those_of_the_manager(ada, saved):
    form = fields(shown(ada, saved(options={"tag": "gpu"})))
    assert ("echo-sleep-test", "Echo Sleep Test") in form.fields["option_job_type"].choices
    assert [value for value, _ in form.fields["option_tag"].choices] == ["", "gpu"]


@pytest.mark.parametrize(
    ("given", "key", "words"),
    [
        ({"render_output_root": ""}, "render_output_root", "required"),
        ({"chunk_size": "some"}, "chunk_size", "whole number"),
        ({"add_path_components": "40"}, "add_path_components", "less than or equal to 32"),
        ({"scene": "{entity_nam}"}, "scene", "entity_nam"),
        ({"render_output_root": "{project_name"}, "render_output_root", "not closed"),
    ],
)
def test_every_field_says_what_is_wrong(ada, fake, given, key, words):
    response = ada.post(reverse(ADD), sent(fake.url, given=given))
    assert words in " ".join(fields(response).errors[KEY + key])
    assert not Action.objects.exists()


def test_the_object_holds_what_no_field_can(ada, saved, fake):
    given = {"fps": 25, "chunk_size": "{fps}", "format": "PNG"}
    action = saved(settings=json.dumps(given))
    assert kept(action) == {**given, "render_output_root": "/proj/out", "add_path_components": 0}
    form = fields(shown(ada, action))
    assert json.loads(form["option_settings"].value()) == {"fps": 25, "chunk_size": "{fps}"}
    assert form[KEY + "format"].value() == "PNG"
    twice = ada.post(change(action), sent(fake.url, settings='{"chunk_size": "{fps}"}', given={"chunk_size": "3"}))
    assert "another value below" in " ".join(fields(twice).errors[KEY + "chunk_size"])


def test_it_is_shown_anew_without_being_saved(ada, fake):
    other = {"job_type": "echo-sleep-test", "scene": ""}
    sending = sent(fake.url, given={"chunk_size": "7"}, options=other, _look="yes")
    response = ada.post(reverse(ADD), sending)
    form = fields(response)
    assert not Action.objects.exists()
    assert "errornote" not in response.text
    assert [name for name in form.fields if name.startswith(KEY)] == [
        f"{KEY}{name}" for name in ("message", "sleep_duration_seconds", "sleep_repeats")
    ]
    assert json.loads(form["option_settings"].value())["chunk_size"] == "7"  # Nothing typed is lost,
    back = sent(fake.url, given={}, settings=form["option_settings"].value(), _look="yes")
    assert fields(ada.post(reverse(ADD), back))[KEY + "chunk_size"].value() == "7"  # and finds its field again.


def test_the_form_opens_while_the_manager_is_away(ada, saved, fake):
    action = saved(given={"chunk_size": "5"})
    before, seen = kept(action), action.options["type_seen"]
    Action.objects.update(options={**action.options, "url": DOWN})
    response = shown(ada, action)
    assert "is not reached" in response.text
    assert json.loads(fields(response)["option_settings"].value()) == before
    action.refresh_from_db()
    away = sent(
        DOWN, settings=action.options["settings"], given={"chunk_size": "8"}
    )  # It went away after it was opened.
    assert ada.post(change(action), away).status_code == 302
    assert kept(action) == {**before, "chunk_size": "8", "add_path_components": "0"}
    assert action.options["type_seen"] == seen
    back = fields(ada.post(change(action), sent(fake.url, settings=action.options["settings"], _look="yes")))
    assert back[KEY + "chunk_size"].value() == "8"


def test_it_says_that_the_job_type_was_changed(ada, saved, fake):
    action = saved()
    assert "look through its settings" not in shown(ada, action).text
    fake.types["simple-blender-render"]["etag"] = "new"
    assert "look through its settings" in shown(ada, action).text
    ada.post(change(action), sent(fake.url))
    assert "look through its settings" not in shown(ada, action).text


def test_a_new_action_says_how_to_go_on(ada):
    page = ada.get(f"{reverse(ADD)}?kind=flamenco").text
    assert "look again" in page
    assert 'name="_look"' in page


def test_what_the_manager_says_is_no_markup(ada, saved, fake):
    action = saved()
    kind = fake.types["simple-blender-render"]
    hostile = "<script>alert(1)</script>"
    kind["settings"] += [
        {"key": f'"><b>{hostile}', "type": "string", "label": hostile, "description": hostile, "default": hostile},
        {"key": "odd", "type": "string", "default": [hostile], "choices": [hostile, 3], "visible": 5, "evalInfo": 5},
    ]
    fake.types[hostile] = {**kind, "name": hostile, "label": hostile}
    page = shown(ada, action).text
    assert hostile not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_job_type_that_is_gone_can_be_replaced(ada, saved, fake):
    action = saved()
    del fake.types["simple-blender-render"]
    response = shown(ada, action)
    assert "It has no job type “simple-blender-render”: choose one." in response.text
    assert fields(response)["option_job_type"].value() == "simple-blender-render"


def test_it_reads_no_manager_behind_a_login(ada, saved, fake):
    action = saved()
    Action.objects.update(options={**action.options, "proxy_login": "FARM"})
    fake.calls.clear()
    assert "stands behind a login" in shown(ada, action).text
    assert fake.calls == []
