"""The mail server of EMAIL_URL, as Django's settings want it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from kitsu_bridge.env import WrongSetting

SCHEMES = {"smtp": (25, False, False), "smtp+tls": (587, True, False), "smtps": (465, False, True)}
"""Port, STARTTLS, TLS from the beginning."""

BACKENDS = "django.core.mail.backends."


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over. Without a host it goes nowhere."""

    backend: str = f"{BACKENDS}dummy.EmailBackend"
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = field(default="", repr=False)
    starttls: bool = False
    tls: bool = False

    @property
    def there(self) -> bool:
        """Whether mail arrives anywhere."""
        return self != MailServer()


def mail_server(url: str) -> MailServer:
    """From `smtp+tls://user:password@host:587`; `console:` writes mails to the process's own output. Never repeats the URL."""
    if not url:
        return MailServer()
    if url == "console:":
        return MailServer(f"{BACKENDS}console.EmailBackend")
    try:
        parts = urlsplit(url)
        port, starttls, tls = SCHEMES[parts.scheme]
        port = parts.port or port
    except (ValueError, KeyError):
        parts = urlsplit("")
    if not parts.hostname or parts.path.strip("/") or parts.query:
        raise WrongSetting(
            "EMAIL_URL", "is no mail server: write smtp+tls://user:password@host:587, smtps:// or smtp://."
        )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(f"{BACKENDS}smtp.EmailBackend", parts.hostname, port, user, password, starttls, tls)


def check_sender(server: MailServer, sender: str) -> None:
    """Raises `WrongSetting` when there is a server without a sender, or the other way round, or the sender is no address."""
    if server.there != bool(sender):
        raise WrongSetting("EMAIL_FROM", "and EMAIL_URL belong together: set both, or none.")
    if sender and not re.fullmatch(r"[^@\s]+@[^@\s]+", parseaddr(sender)[1]):
        raise WrongSetting("EMAIL_FROM", "is no address; write one such as Kitsu Bridge <bridge@studio.example>.")
