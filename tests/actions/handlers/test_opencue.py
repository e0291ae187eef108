"""Jobs for OpenCue, sent to a small gateway."""

from __future__ import annotations

import json
import shlex
from xml.etree import ElementTree as ET

import pytest

from actions.contract import ActionError
from actions.handlers import opencue
from actions.handlers.opencue import Options
from tests.actions.farms.farm_calls import shots
from tests.actions.outside import a_service

SENT = (200, {}, json.dumps({"jobs": {"jobs": [{"id": "j-1", "name": "x"}]}}).encode())


def options(url="http://farm:8448", **more):
    given = {"secret": "FARM", "scene": "/proj/{entity_name}.blend", "command": "blender -b #SCENE# -f #IFRAME#"}
    return Options(url=url, **(given | more))


def layers(got):
    return ET.fromstring(got.json["spec"]).findall("job/layers/layer")  # noqa: S314 (our own)


def test_it_works():
    sample = shots()
    with a_service(SENT) as web:
        outcome = sample.run(opencue, options(web.url))
    assert outcome.message == "2 of 2 jobs are on OpenCue."
    (layer,) = layers(web.got[0])
    assert layer.find("range").text == "1001-1010"
    assert shlex.split(layer.find("cmd").text)[:3] == ["blender", "-b", f"/proj/{sample.tasks[0].entity.name}.blend"]


def test_it_sends_one_job_with_a_layer_for_each_task():
    sample = shots(3)
    with a_service(SENT) as web:
        sample.run(opencue, options(web.url, once_for="selection", show="bunny"))
    (got,) = web.got
    assert len(layers(got)) == len({layer.get("name").lower() for layer in layers(got)}) == 3
    assert len(sample.report.done) == 3


def test_it_refuses_one_job_of_two_shows():
    sample = shots(2)
    with pytest.raises(ActionError, match="different shows"):
        sample.run(opencue, options(once_for="selection", show="{entity_name}"))


@pytest.mark.parametrize("name", ["'; rm -rf / #", "$(id)", "`id`", "a b & c", "</cmd><x>", "Ä'ö\"ü"])
def test_it_quotes_every_value(name):
    sample = shots(1)
    sample.tasks[0].entity.record["data"]["take"] = name
    with a_service(SENT) as web:
        sample.run(opencue, options(web.url, command="render {data.take} #SCENE#"))
    if "#" in name:
        assert "number sign" in sample.report.failed[0].message
    else:
        assert shlex.split(layers(web.got[0])[0].find("cmd").text)[1] == name


@pytest.mark.parametrize("name", ["-rf", "--python-expr"])
def test_no_value_becomes_an_option(name):
    sample = shots(1)
    sample.tasks[0].entity.record["data"]["take"] = name
    (step,) = sample.preview(opencue, options(command="render {data.take} #SCENE#")).steps
    assert (step.blocked, "option" in step.message) == (True, True)


def test_a_person_may_ask_for_other_frames_and_another_priority():
    sample, wished = shots(1), {"frames": "7,9-12", "priority": 1}
    with a_service(SENT) as web:
        sample.run(opencue, options(web.url, frames="1-2"), **wished)
    (layer,) = layers(web.got[0])
    root = ET.fromstring(web.got[0].json["spec"])  # noqa: S314 (our own)
    assert (layer.find("range").text, root.find("job/priority").text) == ("7,9-12", "1")
    assert "frames 7,9-12" in sample.preview(opencue, options(), **wished).steps[0].message


def test_it_keeps_a_scene_with_spaces_and_quotes_in_one():
    sample = shots(1)
    with a_service(SENT) as web:
        sample.run(opencue, options(web.url, scene="/proj/it's a & b.blend"))
    assert shlex.split(layers(web.got[0])[0].find("cmd").text, comments=False)[2] == "/proj/it's a & b.blend"


def test_names_have_room_in_cuebots_database():
    sample = shots(1)
    long = "x" * 300
    with a_service(SENT) as web:
        sample.run(opencue, options(web.url, show="bunny", shot=long, user=long))
    spec = ET.fromstring(web.got[0].json["spec"])  # noqa: S314 (our own)
    show, shot, user = (spec.find(name).text for name in ("show", "shot", "user"))
    assert (show, len(shot), len(user)) == ("bunny", 64, 32)
    assert len(f"{show}-{shot}-{user}_{spec.find('job').get('name')}") <= 255


@pytest.mark.parametrize(
    ("more", "words"), [({"user": "root"}, "no jobs of root"), ({"command": "x" * 4_001}, "OpenCue keeps 4,000")]
)
def test_what_cuebot_has_no_place_for_is_not_sent(more, words):
    sample = shots(1)
    with a_service(SENT) as web:
        sample.run(opencue, options(web.url, **more))
    assert words in sample.report.failed[0].message
    assert not web.got


def test_it_foretells_what_it_sends():
    steps = shots().preview(opencue, options()).steps
    assert [step.blocked for step in steps] == [False, False]
    assert "frames 1001-1010" in steps[0].message
    assert not any(step.blocked for step in shots().preview(opencue, options(once_for="selection")).steps)


def test_it_says_what_is_wrong_when_the_action_is_saved():
    assert list(opencue.wrong(options("farm"), {}))
    assert list(opencue.wrong(options(command="a '{entity_name}'"), {}))
    assert not list(opencue.wrong(options(), {}))


def test_it_says_that_the_gateway_does_not_let_it_in():
    sample = shots(1)
    with a_service((401, {}, b"no token")) as web:
        sample.run(opencue, options(web.url))
    assert "secret" in sample.report.failed[0].message
