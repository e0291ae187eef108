"""Makes of any text one that a chat service shows as it is: it calls nobody, and leads nowhere else than it says."""

from __future__ import annotations

import re

APART = "\u200b"
"""A space of no width: nobody sees it, and no service reads over it. It is no letter and no digit, so Mattermost's parser ends a
word there (`ProcessText` in its server/channels/app/mention_parser_standard.go)."""


def calm(text: str) -> str:
    """Nobody is called: no `@channel`, whatever stands before it or however its `@` is written in HTML."""
    return re.sub(r"&(?=[#A-Za-z])", f"&{APART}", text).replace("@", f"@{APART}")


def of_slack(text: str) -> str:
    """Slack's three control characters, with which `<!here>` and every link begins."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("@", f"@{APART}")


def of_markdown(text: str) -> str:
    """Without links behind another text; what else Markdown makes of it is harmless."""
    return calm(text).replace("](", f"]{APART}(").replace("]:", f"]{APART}:").replace("<", f"<{APART}")


def slack_link(text: str, url: str) -> str:
    """A link as Slack has it."""
    return f"<{of_slack(url)}|{of_slack(_one_line(text))}>"


def markdown_link(text: str, url: str) -> str:
    """A link in Markdown; brackets, backslashes and backticks of the text would end it elsewhere."""
    safe = calm(_one_line(text)).translate(str.maketrans("[]\\`<>", "()/'()"))
    return f"[{safe}]({url.replace('(', '%28').replace(')', '%29').replace(' ', '%20')})"


def _one_line(text: str) -> str:
    return " ".join(text.split())
