"""From the call through the form and what it will do to the run, on one and the same invocation."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from actions.doors import asking
from actions.models import Action, Preset
from actions.worker.run import carry_out
from audit.models import Event, Invocation, InvocationFile
from audit.states import Happened, State, WaitingFor
from kitsu_bridge import rates
from kitsu_bridge.kitsu.errors import KitsuUnreachable
from kitsu_bridge.kitsu.hold import release
from kitsu_bridge.kitsu.studio import studio
from kitsu_bridge.masking import MASK

pytestmark = pytest.mark.django_db(transaction=True)

KITSU = "http://127.0.0.1:28080"
PAGE = {"accept": "text/html,application/xhtml+xml", "origin": KITSU}


@pytest.fixture(autouse=True)
def _studio(settings, test_kinds, tmp_path):
    settings.KITSU_ORIGINS = [KITSU]
    settings.FILES_DIR = tmp_path / "files"
    rates._limiter.cache_clear()


@pytest.fixture
def artist():
    """A browser of an artist of the sample studio."""
    client = Client(headers=PAGE)
    client.cookies["access_token_cookie"] = studio().log_in("robin@sample.studio", "any")
    return client


@pytest.fixture
def artists_tasks():
    """Tasks of one production that they work in."""
    bot = studio().bot()
    artist = next(row["id"] for row in bot.persons() if row["email"] == "robin@sample.studio")
    project = next(row for row in bot.projects() if artist in {one["id"] for one in bot.team(row["id"])})
    return [row["id"] for row in bot.project_tasks(project["id"])[:3]]


@pytest.fixture
def asked(artist, artists_tasks, an_action):
    """Calls an action of the kind that asks; returns its invocation, which waits."""

    def call(**fields):
        action = an_action("asking", **fields)
        artist.post(action.get_absolute_url(), {"selection": ",".join(artists_tasks)}, headers=PAGE)
        return Invocation.objects.get(action_slug=action.slug)

    return call


def address(invocation):
    return reverse("invocation_parameters", args=[invocation.pk])


def send(client, invocation, do="run", *, files=None, extra=None, **answers):
    given = {
        f"param-{name}": value
        for name, value in ({"title": "Dailies", "count": 3, "size": "small", "ratio": 1} | answers).items()
    }
    given |= {f"param-{name}": file for name, file in (files or {}).items()}
    response = client.post(address(invocation), {**given, "do": do, **(extra or {})}, headers=PAGE)
    invocation.refresh_from_db()
    return response


def run(invocation):
    carry_out(str(invocation.pk))
    invocation.refresh_from_db()
    return invocation


def test_it_works(artist, asked):
    invocation = asked()
    assert (invocation.state, invocation.waiting_for) == (State.WAITING, WaitingFor.PARAMETERS)
    assert artist.get(invocation.get_absolute_url())["Location"] == address(invocation)
    page = artist.get(address(invocation)).text
    assert 'min="1" max="10"' in page
    assert "Count (frames)" in page
    response = send(artist, invocation, title="Dailies", count=3, several=["a", "c"], day="2026-03-04", price="1.50",
                    moment="2026-03-04T10:00", at="09:30", loud="on", note="one\ntwo", more='{"a": [1]}')  # fmt: skip
    assert (response.status_code, response["Location"]) == (303, invocation.get_absolute_url())
    assert invocation.state == State.QUEUED
    done = run(invocation)
    data = done.outcome["data"]
    assert done.message == "3 of Dailies"
    assert (data["several"], data["day"], data["price"], data["at"]) == (["a", "c"], "2026-03-04", "1.50", "09:30:00")
    assert data["note"].split() == ["one", "two"]
    assert (data["loud"], data["more"], data["ratio"], data["status"]) == (True, {"a": [1]}, 1.0, None)
    zone = next(row["timezone"] for row in studio().bot().persons() if row["email"] == "robin@sample.studio")
    assert zone == "UTC" or not data["moment"].endswith("+00:00")


def test_defaults_have_their_variables_filled(artist, asked):
    assert 'value="Review 2' in artist.get(address(asked())).text


@pytest.mark.parametrize(
    ("answers", "words"),
    [({"count": 11}, "less than or equal to 10"), ({"count": ""}, "required"), ({"size": "huge"}, "not one of the"),
     ({"day": "tomorrow"}, "valid date"), ({"more": "{"}, "valid JSON"), ({"people": ["x"]}, "not one of the")],
)  # fmt: skip
def test_it_refuses_at_the_field_and_keeps_the_rest(artist, asked, answers, words):
    invocation = asked()
    response = send(artist, invocation, **({"note": "kept"} | answers))
    assert response.status_code == 422
    assert words in response.text
    assert invocation.waiting_for == WaitingFor.PARAMETERS
    assert "kept" in artist.get(address(invocation)).text


def test_choices_come_from_kitsu_and_follow_the_production(artist, asked, artists_tasks):
    invocation = asked()
    bot = studio().bot()
    project = bot.tasks(artists_tasks[:1])[0]["project_id"]
    inside = {row["id"] for row in bot.team(project)}
    page = artist.get(address(invocation)).text
    for row in bot.persons():
        offered = f'name="param-people" value="{row["id"]}"' in page
        assert offered == (row["id"] in inside and row["active"] and not row["is_bot"])
    assert send(artist, invocation, do="choices", project=project).status_code == 302
    page = artist.get(address(invocation)).text
    assert f'value="{project}" selected' in page


def test_what_was_used_last_is_offered_again(artist, artists_tasks, asked):
    first = asked()
    send(artist, first, note="as always", count=7, password="hush-hush")
    artist.post(f"/run/{first.action_slug}/", {"selection": artists_tasks[0]}, headers=PAGE)
    second = Invocation.objects.exclude(pk=first.pk).get()
    page = artist.get(address(second)).text
    assert "as always" in page
    assert 'value="7"' in page
    assert "hush-hush" not in page
    assert 'value="Review 2' in page  # A name with a date begins anew.
    assert "as always" not in artist.get(f"{address(second)}?fresh=1").text


def test_presets_are_kept_for_oneself_or_for_all(artist, asked):
    invocation = asked()
    send(
        artist,
        invocation,
        "preset",
        extra={"preset-name": "<b>Mine</b>", "preset-for-all": "1"},
        note="from the preset",
    )
    preset = Preset.objects.get()
    assert preset.person_id  # An artist keeps none for all.
    send(artist, invocation, note="other")
    send(artist, again := asked(slug="asking-2"), note="other")
    assert again.state == State.QUEUED
    third = asked(slug="asking-3")
    Preset.objects.update(action_slug="asking-3")
    page = artist.get(f"{address(third)}?preset={preset.pk}").text
    assert "from the preset" in page
    assert "&lt;b&gt;Mine" in page
    artist.post(reverse("remove_preset", args=[third.pk, preset.pk]))
    assert not Preset.objects.exists()


def test_nobody_removes_or_sees_presets_of_others(artist, asked):
    invocation = asked()
    theirs = Preset.objects.create(action_slug="asking", name="Theirs", person_id="somebody", values={"note": "theirs"})
    for_all = Preset.objects.create(action_slug="asking", name="All", values={"note": "for all of us"})
    page = artist.get(f"{address(invocation)}?preset={theirs.pk}").text
    assert "Theirs" not in page
    assert "for all of us" in artist.get(f"{address(invocation)}?preset={for_all.pk}").text
    for preset in (theirs, for_all):
        artist.post(reverse("remove_preset", args=[invocation.pk, preset.pk]))
    assert Preset.objects.count() == 2


def test_a_link_carries_values_and_runs_nothing(artist, asked, artists_tasks):
    invocation = asked()
    page = send(artist, invocation, "link", note="a & b", several=["b"], loud="on", password="hush-hush").text
    link = page.partition('id="prefilled">')[2].partition("<")[0].replace("&amp;", "&")
    assert "hush" not in link
    assert dict(parse_qsl(urlsplit(link).query))["selection"] == ",".join(artists_tasks)
    response = artist.get(link, headers={"accept": "text/html"})
    second = Invocation.objects.exclude(pk=invocation.pk).get()
    assert (second.state, second.waiting_for, response.status_code) == (State.WAITING, WaitingFor.PARAMETERS, 303)
    page = artist.get(address(second)).text
    assert "a &amp; b" in page
    assert 'value="b" id="id_param-several_1" checked' in page
    send(artist, second)
    assert second.state == State.QUEUED


def test_secrets_stay_out_of_the_record(artist, asked):
    invocation = asked(confirm_first=True)
    send(artist, invocation, password="hush-hush")
    assert invocation.parameters["password"] == MASK
    run(invocation)
    artist.post(reverse("continue_invocation", args=[invocation.pk]))
    done = run(Invocation.objects.get())
    assert done.outcome["data"]["password"] in {"hsuh-hsuh", MASK}  # The handler had it.
    everything = json.dumps([list(model.objects.values()) for model in (Invocation, Event)], default=str)
    assert "hush-hush" not in everything


def test_a_secret_that_is_not_held_any_more_is_asked_for_again(artist, asked):
    invocation = asked(confirm_first=True)
    send(artist, invocation, password="hush-hush")
    run(invocation)
    release(str(invocation.pk))
    artist.post(reverse("continue_invocation", args=[invocation.pk]))
    invocation.refresh_from_db()
    assert (invocation.state, invocation.waiting_for) == (State.WAITING, WaitingFor.PARAMETERS)


def test_files_are_bounded_and_kept_beside_the_record(artist, asked):
    invocation = asked()
    wrong = send(artist, invocation, files={"picture": SimpleUploadedFile("a.exe", b"x")})
    assert "none of .png" in wrong.text
    wrong = send(artist, invocation, files={"picture": SimpleUploadedFile("a.png", b"x" * 1001)})
    assert "are allowed" in wrong.text
    assert not InvocationFile.objects.exists()
    send(artist, invocation, files={"picture": SimpleUploadedFile("../a.png", b"pixels")}, count=99)
    assert "a.png" in artist.get(address(invocation)).text  # Kept, though the rest was wrong.
    send(artist, invocation)
    done = run(invocation)
    assert done.outcome["data"]["content"] == "pixels"
    assert done.outcome["data"]["picture"]["name"] == "a.png"


def test_more_than_is_taken_is_refused_before_it_is_kept(artist, asked, settings):
    invocation = asked()
    settings.LARGEST_UPLOAD = 2000
    settings.LARGEST_BODY = 1000
    assert send(artist, invocation, files={"picture": SimpleUploadedFile("a.png", b"x" * 3000)}).status_code == 400
    assert invocation.waiting_for == WaitingFor.PARAMETERS
    sent = {"file": SimpleUploadedFile("a.png", b"x" * 1500)}
    assert Client().post(reverse("sign_in"), sent).status_code == 400  # Where nobody is asked for a file.


def test_a_file_can_be_taken_away_again(artist, asked):
    invocation = asked()
    send(artist, invocation, files={"picture": SimpleUploadedFile("a.png", b"pixels")}, count=99)
    send(artist, invocation, **{"picture-remove": "on"})
    assert not InvocationFile.objects.exists()
    assert run(invocation).outcome["data"]["content"] == ""


def test_form_preview_and_run_are_one_flow_with_a_way_back(artist, asked):
    invocation = asked(confirm_first=True)
    send(artist, invocation, title="bad")
    run(invocation)
    assert "Choose another title." in artist.get(address(invocation)).text
    send(artist, invocation, title="good")
    run(invocation)
    page = artist.get(invocation.get_absolute_url()).text
    assert "Tells good." in page
    assert "told" in page
    artist.post(reverse("back_to_parameters", args=[invocation.pk]))
    assert 'value="good"' in artist.get(address(invocation)).text
    send(artist, invocation, title="better")
    run(invocation)
    artist.post(reverse("continue_invocation", args=[invocation.pk]))
    assert run(invocation).message == "3 of better"
    told = list(invocation.events.values_list("what", flat=True))
    assert told.count(Happened.GIVEN) == 3
    assert Happened.BACK in told
    assert told.count(Happened.CONFIRMED) == 1


def test_large_selections_want_their_number_typed(artist, asked):
    invocation = asked(type_count_above=2)
    send(artist, invocation)
    run(invocation)
    go_on = reverse("continue_invocation", args=[invocation.pk])
    assert "Type the number of tasks, 3" in artist.get(invocation.get_absolute_url()).text
    for typed in ("", "2", "three"):
        artist.post(go_on, {"count": typed})
        invocation.refresh_from_db()
        assert invocation.state == State.WAITING
    artist.post(go_on, {"count": " 3 "})
    assert run(invocation).state == State.SUCCEEDED


def test_nobody_is_asked_what_the_studio_manager_gave(artist, artists_tasks, an_action):
    everything = [
        "title", "count", "note", "ratio", "price", "loud", "day", "at", "moment", "size", "several", "more", "project",
        "status", "people", "kind_of_task", "kind_of_asset", "password", "picture",
    ]  # fmt: skip
    for number, values in enumerate(({"title": "Fixed {action_name}"}, {})):
        action = an_action("asking", slug=f"asking-{number}", values={"count": 5, **values}, fixed=everything)
        artist.post(action.get_absolute_url(), {"selection": ",".join(artists_tasks)}, headers=PAGE)
    first, second = (run(one).message for one in Invocation.objects.order_by("received_at"))
    assert first == "5 of Fixed Asking-0"
    assert second.startswith("5 of Review 2")


def test_others_do_not_get_the_form(asked):
    invocation = asked()
    emile = Client(headers=PAGE)
    emile.cookies["access_token_cookie"] = studio().log_in("emile@sample.studio", "any")
    assert emile.get(address(invocation)).status_code == 404
    assert send(emile, invocation).status_code == 404


def test_a_kitsu_that_is_away_is_said_and_nothing_is_lost(artist, asked):
    invocation = asked()
    artist.get(address(invocation))
    studio().trouble = KitsuUnreachable()
    try:
        assert artist.get(address(invocation)).status_code in {302, 503}
    finally:
        studio().trouble = None
    assert send(artist, invocation).status_code == 303


def test_a_form_sent_twice_runs_once(artist, asked):
    invocation = asked()
    send(artist, invocation)
    send(artist, invocation, title="Other")
    assert invocation.parameters["title"] == "Dailies"
    assert invocation.events.filter(what=Happened.QUEUED).count() == 1


def test_running_again_keeps_or_changes_the_answers(artist, asked):
    first = asked()
    send(artist, first, title="Once", files={"picture": SimpleUploadedFile("a.png", b"pixels")})
    run(first)
    rerun = reverse("rerun_invocation", args=[first.pk])
    artist.post(rerun)
    second = run(Invocation.objects.exclude(pk=first.pk).get())
    assert second.message == "3 of Once"
    assert second.outcome["data"]["content"] == "pixels"
    artist.post(rerun, {"what": "edited"})
    third = Invocation.objects.exclude(pk__in=[first.pk, second.pk]).get()
    assert third.waiting_for == WaitingFor.PARAMETERS
    assert 'value="Once"' in artist.get(address(third)).text
    artist.post(rerun, {"what": "unfinished"})
    assert Invocation.objects.count() == 3  # Nothing was left to do.


@pytest.mark.parametrize(
    "more", ['"\\ud800"', '{"a": "\\u0000"}', '{"a": NaN}', '{"a": 1e999}', "9" * 5000, "[" * 3000, "5", "[]"],
    ids=range(8),
)  # fmt: skip
def test_json_that_nothing_can_keep_is_refused_at_the_field(artist, asked, more):
    invocation = asked()
    response = send(artist, invocation, more=more)
    assert (response.status_code, "Enter a valid JSON" in response.text) == (422, True)
    assert artist.get(address(invocation)).status_code == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [("more", "[" * 3900), ("more", '{"a": NaN}'), ("more", '"\\ud800"'), ("title", "\ud800"), ("loud", "[1e999]"),
     ("moment", "x"), ("size", "\ud800"), ("people", 1)],
    ids=range(8),
)  # fmt: skip
def test_a_link_with_what_nothing_can_keep_opens_the_form_without_it(artist, artists_tasks, an_action, name, value):
    action = an_action("asking")
    sent = json.dumps({"selection": ",".join(artists_tasks), f"param.{name}": value})
    assert (
        artist.post(action.get_absolute_url(), sent, content_type="application/json", headers=PAGE).status_code == 303
    )
    invocation = Invocation.objects.get(action_slug=action.slug)
    assert artist.get(address(invocation)).status_code == 200
    assert send(artist, invocation).status_code == 303


def test_a_preset_and_a_file_of_hostile_names_are_kept_or_refused_in_words(artist, asked):
    invocation = asked()
    for name in ("\x00", "a\x00b", "a" * 300):
        assert send(artist, invocation, do="preset", extra={"preset-name": name}).status_code == 302
    for type_said in ("image/png\x00", "t" * 500, ""):
        picture = SimpleUploadedFile("a\x00b.png", b"x", type_said)
        assert send(artist, invocation, do="look", files={"picture": picture}).status_code in {200, 422}


def test_a_claim_gets_nothing_that_the_person_keeps(artist, asked, artists_tasks, an_action):
    """Anybody can claim to be somebody, where an action takes a claim."""
    mine = asked(trust="claimed", slug="open")
    send(artist, mine, do="preset", extra={"preset-name": "for me alone"})
    send(artist, mine, note="what I used last")
    person = next(row for row in studio().bot().persons() if row["email"] == "robin@sample.studio")
    stranger, claim = Client(headers=PAGE), {"personid": person["id"], "personemail": person["email"]}
    stranger.post("/run/open/", {"selection": artists_tasks[0], **claim}, headers=PAGE)
    claimed = Invocation.objects.get(trust="claimed")
    page = stranger.get(f"{address(claimed)}?preset={Preset.objects.get().pk}")
    assert page.status_code == 200
    assert "for me alone" not in page.text
    assert "what I used last" not in page.text
    assert "Keep these values" not in page.text
    said = stranger.post(address(claimed), {"do": "preset", "preset-name": "planted", "param-count": 3,
                                            "param-size": "small", "param-ratio": 1}, follow=True)  # fmt: skip
    assert "Sign in to keep a preset" in said.text
    assert Preset.objects.count() == 1
    assert "what I used last" in artist.get(address(asked_again(artist, "open", artists_tasks))).text


def asked_again(client, slug, task_ids):
    client.post(f"/run/{slug}/", {"selection": ",".join(task_ids[1:])}, headers=PAGE)
    return Invocation.objects.filter(action_slug=slug).latest("received_at")


def test_what_was_fixed_since_is_not_what_was_given_then(artist, asked):
    first = asked(slug="fixing")
    send(artist, first, title="Mine", count=3)
    run(first)
    Action.objects.filter(slug="fixing").update(fixed=["title"], values={})
    artist.post(reverse("rerun_invocation", args=[first.pk]), {"how": "today"})
    again = run(Invocation.objects.get(rerun_of=first))
    assert again.parameters["count"] == 3
    assert "title" not in again.parameters
    assert "Mine" not in again.message


def test_what_waits_for_a_yes_is_not_changed_by_an_older_page(artist, asked, monkeypatch):
    """Another tab with the form is sent at the very moment in which it went on."""
    invocation = asked(confirm_first=True)
    real = asking.kept_answers

    def meanwhile(*given):
        Invocation.objects.filter(pk=invocation.pk).update(waiting_for=WaitingFor.CONFIRMATION, parameters={"count": 1})
        return real(*given)

    monkeypatch.setattr(asking, "kept_answers", meanwhile)
    send(artist, invocation, count=9)
    assert (invocation.waiting_for, invocation.parameters) == (WaitingFor.CONFIRMATION, {"count": 1})


def test_a_stranger_s_file_is_not_even_kept_for_a_moment(artist, asked, settings):
    settings.LARGEST_BODY = 1000
    invocation = asked()
    picture = SimpleUploadedFile("a.png", b"x" * 990)
    stranger = Client(enforce_csrf_checks=True)  # That check reads the form before any view.
    stranger.get(reverse("sign_in"))
    token = {"csrfmiddlewaretoken": stranger.cookies["kitsu_bridge_csrf"].value}
    assert stranger.post(address(invocation), {**token, "param-picture": picture}).status_code == 400
    assert stranger.post(address(invocation), token).status_code == 404
    picture.seek(0)
    assert send(artist, invocation, files={"picture": picture}).status_code == 303


def test_what_was_typed_before_a_sign_out_elsewhere_is_there_again(artist, asked):
    """But for secrets and files; in the browser that made the call, until it is sent or begun anew."""
    invocation = asked()
    artist.get(address(invocation))
    session = artist.cookies.pop("access_token_cookie")
    typed = {"title": "Typed <b>late</b>", "count": 99, "several": ["a", "c"], "loud": "on", "more": '{"a": [1]}'}
    response = send(artist, invocation, **typed, password="open-sesame")
    assert response.url.startswith("/sign-in/?next=")
    assert "What you typed is kept" in artist.get(response.url).text
    assert "open-sesame" not in cache.get(f"unsent:{invocation.pk}")
    assert invocation.parameters == {}
    artist.cookies["access_token_cookie"] = session
    page = artist.get(address(invocation)).text
    assert 'value="Typed &lt;b&gt;late&lt;/b&gt;"' in page
    assert "less than or equal to 10" in page
    assert "{&quot;a&quot;: [1]}" in page
    assert "open-sesame" not in page
    assert len(re.findall(r'name="param-several" value="[ac]"[^>]* checked', page)) == 2
    assert "Typed" not in artist.get(address(invocation), {"fresh": "1"}).text
    assert "Typed" not in artist.get(address(invocation)).text


def test_a_stranger_s_browser_keeps_nothing(artist, asked):
    invocation = asked()
    response = send(Client(headers=PAGE), invocation, title="Planted")
    assert response.status_code == 404
    assert cache.get(f"unsent:{invocation.pk}") is None
