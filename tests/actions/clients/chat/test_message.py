"""Each service's message: it fits, it says how many are left out, and no name in it calls anybody or leads elsewhere."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.clients.chat import SERVICES, Entry, Message, fitted

EVERY = sorted(SERVICES)


def said(service, body):
    """What people read, as one text."""
    if service == "teams":
        (attachment,) = body["attachments"]
        return "\n".join(block["text"] for block in attachment["content"]["body"])
    if service == "slack":
        assert len(body["blocks"]) <= 50
        return "\n".join(block["text"]["text"] for block in body["blocks"])
    return body["content"] if service == "discord" else body["text"]


def sent(service, text, names=(), url="https://kitsu.studio/t/1", total=None):
    entries = [Entry(name, url) for name in names]
    message = Message(text, entries, total or len(entries), Entry("What it did", "https://bridge/i/1"))
    return fitted(SERVICES[service], message)


LINKED = {"slack": "<https://kitsu.studio/t/1|SH_010>"}


@pytest.mark.parametrize("service", EVERY)
def test_it_works(service):
    text = said(service, sent(service, "Ada ran it.\nTwice.", ["SH_010", "SH_020"], total=39))
    first, second, *_ = text.splitlines()
    assert (first, second) == ("Ada ran it.", "Twice.")
    assert LINKED.get(service, "[SH_010](https://kitsu.studio/t/1)") in text
    assert "and 37 more" in text
    assert "https://bridge/i/1" in text


HOSTILE = [
    "@channel", "@here", "@everyone", "@all", "x.@here", "a@here", "**@**here", "\\@channel", "&#64;here", "&commat;channel",
    "<!here>", "<!channel|x>", "<@U123>", "<@123456>", "<#C1>", "<at>Ada</at>", "<https://evil.example|Kitsu>",
    "[Kitsu](https://evil.example)", "x](https://evil.example)", "]", "[", "\\", "`", "a`b", "<https://evil.example>", "a\nb",
    "\u2028@here",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("service", EVERY)
def test_no_name_calls_anybody_or_leads_elsewhere(service, name):
    for text in (said(service, sent(service, f"Look: {name}")), said(service, sent(service, "Look", [name]))):
        assert not re.search(r"@\w", text)
        assert not re.search(r"&#|&c", text) or service == "slack"
        links = re.findall(r"<([^|>]*)\|" if service == "slack" else r"\]\(([^)]*)\)", text)
        assert set(links) <= {"https://kitsu.studio/t/1", "https://bridge/i/1"}
        if service == "slack":
            assert set(re.findall(r"<(.)", text)) == {"h"}
            assert not set(re.findall(r"&(\w+);", text)) - {"amp", "lt", "gt"}
        else:
            assert not re.search(r"<\S", text.replace("\u200b", " "))


@given(st.text(max_size=300), st.lists(st.text(max_size=100), max_size=30))
@pytest.mark.parametrize("service", EVERY)
def test_every_text_becomes_a_message_that_fits(service, text, names):
    body = sent(service, text, names)
    assert SERVICES[service].size(body) <= SERVICES[service].longest
    json.dumps(body)
    assert not re.search(r"@\w", said(service, body))


@pytest.mark.parametrize("service", EVERY)
def test_what_does_not_fit_is_counted(service):
    body = sent(service, "Look", [f"SH{number:04} " + "x" * 200 for number in range(200)], total=1000)
    text = said(service, body)
    shown = text.count("• ")
    assert SERVICES[service].size(body) <= SERVICES[service].longest
    assert 0 < shown < 200 or service == "slack"
    assert f"and {1000 - shown:,} more" in text
    assert "https://bridge/i/1" in text


@pytest.mark.parametrize("service", EVERY)
def test_a_text_that_is_too_long_is_cut(service):
    body = sent(service, "\U0001f98a" * 30_000, ["SH010"])
    assert SERVICES[service].size(body) <= SERVICES[service].longest
    assert "…" in said(service, body)
    assert "1 task" in said(service, body)


def test_discord_is_told_to_call_nobody_and_slack_to_make_no_names_of_words():
    assert sent("discord", "x")["allowed_mentions"] == {"parse": []}
    (block,) = sent("slack", "x")["blocks"]
    assert block["text"]["verbatim"] is True
    card = sent("teams", "x")["attachments"][0]
    assert card["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert "entities" not in card["content"]["msteams"]
