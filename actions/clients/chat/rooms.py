"""The chat services: how each wants a message, what it takes at most, and where that is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from actions.clients.chat.plain import markdown_link, of_markdown, of_slack, slack_link

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Service:
    """One service. `plain` and `link` make its text, `body` its message from lines; `size` is measured against `longest`."""

    title: str
    longest: int
    plain: Callable[[str], str]
    link: Callable[[str, str], str]
    body: Callable[[Sequence[str]], Body]
    size: Callable[[Body], int]


SECTION = 3000


def _slack(lines: Sequence[str]) -> Body:
    """Blocks that are `verbatim`: Slack makes no mention of a name in them. `text` is what a notification shows."""
    sections: list[str] = []
    for line in lines:
        if sections and _utf16(f"{sections[-1]}\n{line}") <= SECTION:
            sections[-1] += f"\n{line}"
        else:
            sections.append(line)
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": one, "verbatim": True}} for one in sections if one]
    return {"text": lines[0] if lines else "", "unfurl_links": False, "unfurl_media": False, "blocks": blocks}


def _longest_section(body: Body) -> int:
    return max((_utf16(block["text"]["text"]) for block in body["blocks"]), default=0)


def _mattermost(lines: Sequence[str]) -> Body:
    return {"text": "\n".join(lines)}


SUPPRESS_EMBEDS = 1 << 2


def _discord(lines: Sequence[str]) -> Body:
    return {"content": "\n".join(lines), "allowed_mentions": {"parse": []}, "flags": SUPPRESS_EMBEDS}


def _teams(lines: Sequence[str]) -> Body:
    """A paragraph for each line. Only a card that lists people under `msteams.entities` mentions anybody."""
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": [{"type": "TextBlock", "text": line, "wrap": True, "spacing": "Small"} for line in lines if line],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2


SERVICES: dict[str, Service] = {
    # A text object has 3,000 characters: docs.slack.dev, "Text object"; & < > are escaped: "Formatting message text".
    "slack": Service("Slack", SECTION, of_slack, slack_link, _slack, _longest_section),
    # A post has 16,383 characters since 5.0: `PostMessageMaxRunesV2` in Mattermost's server/public/model/post.go.
    "mattermost": Service(
        "Mattermost", 16_383, of_markdown, markdown_link, _mattermost, lambda body: _utf16(body["text"])
    ),
    # `content` has 2,000 characters, an empty `parse` mentions nobody: docs.discord.com, "Execute Webhook", "Allowed Mentions".
    "discord": Service("Discord", 2000, of_markdown, markdown_link, _discord, lambda body: _utf16(body["content"])),
    # A message has 28 KB, and a workflow takes Adaptive Cards only: learn.microsoft.com, "Create and send messages".
    "teams": Service(
        "Teams",
        25_000,
        of_markdown,
        markdown_link,
        _teams,
        lambda body: len(json.dumps(body).encode()),
    ),
}
