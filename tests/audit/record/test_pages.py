"""The page of one invocation for people who look into it, as everybody of the studio."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from audit.models import LogLine, TaskResult
from audit.record.parts import CONTEXTS, LINES_AT_ONCE, ROWS_AT_ONCE
from audit.states import Happened, State, Trust

pytestmark = pytest.mark.django_db

EVIL = "<script>alert(1)</script>"


def shown(client, invocation, part="events", **query):
    response = client.get(reverse(f"record_{part}", args=[invocation.pk]), query)
    return response.content.decode() if response.status_code == 200 else response.status_code


def test_it_works(browser, an_invocation):
    invocation = an_invocation(payload="selection=a&password=•••", payload_type="text/plain", payload_size=24)
    invocation.event(Happened.RECEIVED, text="Here it is.").save()
    noa = browser("noa")
    page = shown(noa, invocation)
    assert "Here it is." in page
    links = re.search(r'<nav class="tabs".*?</nav>', page, re.DOTALL).group()
    for address in re.findall(r'href="([^"]+)"', links):
        assert noa.get(address).status_code == 200, address
    assert 'aria-current="page"' in links
    assert "selection=a&amp;password=•••" in shown(noa, invocation, "call")
    assert f'href="{reverse("record", args=[invocation.pk])}"' in noa.get(invocation.get_absolute_url()).text
    assert noa.get(reverse("record", args=[invocation.pk]))["Location"] == reverse(
        "record_events", args=[invocation.pk]
    )


@pytest.mark.parametrize("part", list(CONTEXTS))
def test_it_is_for_its_person_leads_and_studio_managers(browser, an_invocation, project_ids, part):
    invocation = an_invocation("noa", project_ids=[project_ids["The Lantern Keeper"]])
    seen = {name: shown(browser(name), invocation, part) != 404
            for name in ("noa", "greta", "ada", "emile", "luis", "clara", "pixelworks")}  # fmt: skip
    assert [name for name, may in seen.items() if may] == ["noa", "greta", "ada"]


@pytest.mark.parametrize("name", ["clara", "pixelworks", "robin"])
def test_everybody_may_look_into_their_own(browser, an_invocation, name):
    invocation = an_invocation(name, address="10.1.2.3", state=State.CRASHED, traceback="ValueError: x")
    invocation.event(Happened.RECEIVED).save()
    for part in CONTEXTS:
        page = shown(browser(name), invocation, part)
        assert "<script>alert" not in page
        assert "10.1.2.3" not in page
        assert "ValueError" not in page
        assert "Definition" not in page
    operators = shown(browser("ada"), invocation, "call")
    assert "10.1.2.3" in operators
    assert "ValueError" in operators


def test_neither_a_shared_link_nor_the_browser_of_the_call_is_enough(browser, an_invocation):
    from audit.access import share_token

    invocation = an_invocation("noa", trust=Trust.CLAIMED)
    assert shown(browser("emile"), invocation, share=share_token(invocation)) == 404
    page = browser("emile").get(invocation.get_absolute_url(), {"share": share_token(invocation)}).text
    assert "Everything of it" not in page


def test_nobody_signs_in_first(browser, an_invocation):
    response = browser().get(reverse("record_call", args=[an_invocation().pk]))
    assert (response.status_code, "next=" in response["Location"]) == (302, True)


def test_hostile_text_stays_text(browser, an_invocation):
    invocation = an_invocation(
        "noa", action_name=EVIL, message=EVIL, reason=EVIL, payload=EVIL, payload_size=9, project_names=[EVIL],
        understood={"path": EVIL}, parameters={EVIL: EVIL}, task_ids=[EVIL], task_count=1, queue=EVIL,
        outcome={"then": "open", "target": "javascript:alert(1)", "link": "javascript:alert(2)", "data": {EVIL: EVIL}},
    )  # fmt: skip
    LogLine.objects.create(invocation=invocation, text=EVIL)
    TaskResult.objects.create(invocation=invocation, position=0, task_id="x/y", name=EVIL, state="done", message=EVIL)
    invocation.event(Happened.GIVEN, text=EVIL, answers={EVIL: EVIL}, invocation=EVIL, more={EVIL: EVIL}).save()
    an_invocation("noa", rerun_of=invocation, action_name=EVIL)
    for part in CONTEXTS:
        page = shown(browser("noa"), invocation, part)
        assert "<script>alert" not in page, part
        assert 'href="javascript:' not in page, part


def test_it_says_what_was_cut(browser, an_invocation, settings):
    settings.PAYLOAD_KEPT = 200_000
    invocation = an_invocation(payload="x" * 200_000, payload_size=900_000)
    page = shown(browser("noa"), invocation, "call")
    assert "Of 900,000 bytes the first 200,000 were kept. Of these the first 100,000 characters are shown." in page
    assert page.count("x" * 1000) < 101
    assert "Nothing of its body is kept." in shown(browser("noa"), an_invocation(payload_size=7), "call")
    assert "were kept" not in shown(browser("noa"), an_invocation(payload="abc", payload_size=3), "call")


def test_much_of_it_comes_page_by_page(browser, an_invocation):
    invocation = an_invocation()
    LogLine.objects.bulk_create(LogLine(invocation=invocation, text=f"line {n};") for n in range(LINES_AT_ONCE + 10))
    TaskResult.objects.bulk_create(
        TaskResult(invocation=invocation, position=n, task_id=f"t{n}", name=f"SH{n:04};", state="failed" if n % 2 else "done")
        for n in range(ROWS_AT_ONCE + 10)
    )  # fmt: skip
    noa = browser("noa")
    for part, last in (("lines", f"line {LINES_AT_ONCE + 9};"), ("tasks", f"SH{ROWS_AT_ONCE + 9:04};")):
        first = shown(noa, invocation, part)
        assert last not in first
        more = re.search(r'href="\?(after|from)=(\d+)"', first)
        assert last in shown(noa, invocation, part, **{more.group(1): more.group(2)})
    failed = shown(noa, invocation, "tasks", state="failed")
    assert ("SH0001;" in failed, "SH0002;" in failed) == (True, False)


@pytest.mark.parametrize("bad", ["x", "-1", "9" * 40, "\x00", "１"])
def test_odd_addresses_are_no_trouble(browser, an_invocation, bad):
    invocation = an_invocation()
    for part in CONTEXTS:
        assert not isinstance(shown(browser("noa"), invocation, part, after=bad, state=bad, **{"from": bad}), int)
