from __future__ import annotations

import json

import pytest

from actions.clients.afanasy import Afanasy, Place, wire
from actions.farms.contract import FarmAway, FarmRefuses, FarmUnsure, Picture, Seen, Sent
from tests.actions.clients.afanasy.conftest import delete
from tests.actions.clients.afanasy.jobs import job

NOT_THERE = Sent("999999999", "999999999")


@pytest.fixture
def _short(monkeypatch):
    """Nobody waits ten seconds in a test."""
    monkeypatch.setattr(wire, "ANSWER", 1.5)


def test_it_works(any_farm, mark):
    assert any_farm.ping() >= 0
    sent = any_farm.submit(job(), mark)
    assert sent.id == sent.serial
    assert int(sent.serial) > 0
    assert any_farm.find(mark) == sent
    assert any_farm.look([sent]) == {sent.id: Seen("paused", total=3)}


def test_it_says_what_is_not_there_any_more(any_farm, mark):
    sent = any_farm.submit(job(), mark)
    delete(any_farm, sent)
    assert any_farm.look([sent, NOT_THERE]) == {}
    assert any_farm.find(mark) is None
    for ask in (any_farm.cancel, any_farm.retry_errors, any_farm.log_tail):
        with pytest.raises(FarmRefuses, match="any more"):
            ask(sent)


def test_it_takes_no_new_job_for_an_old_one_when_an_id_is_used_again(any_farm, mark):
    first = any_farm.submit(job(), mark)
    delete(any_farm, first)
    second = any_farm.submit(job(), f"{mark}2")
    assert any_farm.look([first, second]).keys() == {second.id}
    with pytest.raises(FarmRefuses):
        any_farm.cancel(first)
    assert any_farm.look([second])[second.id].state == "paused"


def test_it_stops_a_job_and_lets_it_go_on(any_farm, mark):
    sent = any_farm.submit(job(offline=False), mark)
    any_farm.cancel(sent)
    assert any_farm.look([sent])[sent.id].state == "cancelled"
    any_farm.retry_errors(sent)
    assert any_farm.look([sent])[sent.id].state in {"queued", "running"}


def test_it_sets_priorities_within_the_farms_own(any_farm, mark):
    sent = any_farm.submit(job(priority=50), mark)
    any_farm.set_priority(sent, 250)
    assert any_farm._row(sent)["priority"] == 250
    for wrong in (-1, 251, 1000):
        with pytest.raises(FarmRefuses, match="0 to 250"):
            any_farm.set_priority(sent, wrong)


def test_it_shows_no_log_where_there_is_none(any_farm, mark):
    sent = any_farm.submit(job(), mark)
    assert (any_farm.log_tail(sent), any_farm.picture(sent)) == ("", None)


THUMBNAIL = "/farm/afanasy/jobs/0/2.Bunny_SH010/tasks/0.1/files/SH010.0002.png.jpg"


def test_it_shows_the_last_thumbnail(server, farm, mark):
    sent = farm.submit(job(), mark)
    server.files[THUMBNAIL] = b"\xff\xd8\xff a picture"
    server.of(sent.id)["thumb_path"] = THUMBNAIL
    assert farm.picture(sent) == Picture(b"\xff\xd8\xff a picture", "image/jpeg")
    server.files[THUMBNAIL] = b"<html>"
    assert farm.picture(sent) is None
    del server.files[THUMBNAIL]
    assert farm.picture(sent) is None


@pytest.mark.parametrize("path", [7, "", "relative", "/a b.jpg", "/a\r\nX: y", "/ä.jpg", "/a?b", "/%2e"])
def test_it_asks_for_no_thumbnail_that_cannot_be_named(server, farm, mark, path):
    sent = farm.submit(job(), mark)
    server.files[path] = b"\xff\xd8\xff a picture"
    server.of(sent.id)["thumb_path"] = path
    assert farm.picture(sent) is None


def test_it_sends_the_very_bytes(server, mark):
    farm = Afanasy(Place(server.host, server.port))
    farm.submit(job(name="Ünï"), mark)
    sent = server.heard[-1]["job"]
    assert json.loads(sent["custom_data"]) == {"kitsu_bridge": mark}
    assert sent["name"] == "Ünï"


def test_it_asks_for_many_jobs_at_once_and_never_for_none(server, farm, mark):
    sent = [farm.submit(job(offline=False), f"{mark}{number}") for number in range(5)]
    for row in server.jobs.values():
        row["st"] = 2
    server.heard.clear()
    assert len(farm.look(sent)) == 5
    assert [message["get"].get("serials") for message in server.heard] == [[int(one.id) for one in sent]]
    server.heard.clear()
    assert farm.look([]) == farm.look([Sent(""), Sent("no number"), Sent("²")]) == {}
    assert server.heard == []


def test_it_reads_the_first_mark_of_everybodys_jobs(server, farm, mark):
    others = ("", "{", "[1]", "null", json.dumps({"kitsu_bridge": "another"}), json.dumps({"events": {}}), 7)
    for custom in others:
        server.serial += 1
        server.jobs[server.serial] = {
            "id": server.serial,
            "serial": server.serial,
            "user_name": "x",
            "custom_data": custom,
        }
    assert farm.find(mark) is None
    sent = farm.submit(job(), mark)
    farm.submit(job(), mark)
    assert farm.find(mark) == sent


def test_it_shows_the_last_lines_of_what_failed(server, farm, mark):
    sent = farm.submit(job(), mark)
    number = server.of(sent.id)["id"]
    server.progress[number] = [[{"st": 16}, {"st": 1, "err": 2}], [{"st": 32, "err": 1}]]
    server.outputs[number, 1, 0] = "\n".join(["line"] * 100 + ["Error: Cannot read file"])
    assert farm.log_tail(sent).splitlines()[-1] == "Error: Cannot read file"
    assert len(farm.log_tail(sent).splitlines()) == 60
    server.progress[number] = "no list"
    assert farm.log_tail(sent) == ""


@pytest.mark.parametrize("trouble", ["empty", "cut", "garbage", "list", "page"])
def test_it_is_unsure_when_a_sent_job_gets_no_answer(server, farm, mark, trouble):
    server.trouble = [trouble]
    with pytest.raises(FarmUnsure):
        farm.submit(job(), mark)
    assert len(server.heard) <= 1
    assert (farm.find(mark) is not None) == (trouble != "empty")


def test_it_says_that_an_empty_answer_may_be_a_crash(server, farm, mark):
    server.trouble = ["empty"]
    with pytest.raises(FarmUnsure, match="may have crashed"):
        farm.submit(job(), mark)


@pytest.mark.usefixtures("_short")
@pytest.mark.parametrize(("trouble", "there"), [("stall", True), ("stall-before", False)])
def test_it_finds_a_job_whose_answer_never_came(server, farm, mark, trouble, there):
    server.trouble = [trouble]
    with pytest.raises(FarmUnsure, match="did not answer"):
        farm.submit(job(), mark)
    assert (farm.find(mark) is not None) == there
    assert sum("job" in message for message in server.heard) == there


@pytest.mark.usefixtures("_short")
@pytest.mark.parametrize("trouble", ["empty", "cut", "garbage", "list", "page", "stall"])
def test_it_calls_a_farm_away_that_answers_no_question(server, farm, mark, trouble):
    sent = farm.submit(job(), mark)
    for ask in (lambda: farm.find(mark), lambda: farm.look([sent]), lambda: farm.log_tail(sent), farm.ping):
        server.trouble = [trouble]
        with pytest.raises(FarmAway):
            ask()


@pytest.mark.usefixtures("_short")
def test_it_is_unsure_of_an_action_without_an_answer(server, farm, mark):
    sent = farm.submit(job(), mark)
    server.trouble = ["", "stall"]
    with pytest.raises(FarmUnsure):
        farm.set_priority(sent, 7)


@pytest.mark.usefixtures("_short")
def test_it_waits_no_longer_for_an_answer_that_drips(server, farm, mark):
    farm.submit(job(), mark)
    server.trouble = ["drip"]
    with pytest.raises(FarmAway, match="did not answer within"):
        farm.find(mark)


def test_it_reads_no_answer_without_an_end(server, mark, monkeypatch):
    monkeypatch.setattr(wire, "LARGEST_ANSWER", 100_000)
    server.trouble = ["huge"]
    with pytest.raises(FarmAway, match="more than"):
        Afanasy(Place(server.host, server.port)).find(mark)


def test_it_passes_on_what_the_farm_refuses(server, farm, mark):
    sent = farm.submit(job(), mark)
    with pytest.raises(FarmRefuses, match="Unknown operation: explode"):
        farm._act(farm._row(sent), operation={"type": "explode"})
    with pytest.raises(FarmRefuses, match="not found: 424242"):
        farm._act({"id": 424242}, operation={"type": "stop"})


def test_it_says_that_nobody_listens(unused_port):
    farm = Afanasy(Place("127.0.0.1", unused_port))
    for ask in (
        farm.ping,
        lambda: farm.submit(job(), "m"),
        lambda: farm.find("m"),
        lambda: farm.look([Sent("1", "1")]),
    ):
        with pytest.raises(FarmAway, match="was not reached"):
            ask()


def test_it_says_what_somebodys_quotation_mark_does(server, farm, mark):
    server.jobs[1] = {"id": 1, "serial": 1, "user_name": 'ja"ne', "name": "x"}
    with pytest.raises(FarmAway, match="quotation mark"):
        farm.find(mark)


def test_it_names_its_place():
    assert Afanasy(Place("farm")).place == "farm:51000"
    assert Afanasy(Place("farm", 80, "http")).place == "http://farm:80"
    assert Afanasy(Place("::1")).place == "[::1]:51000"
