"""Sends e-mail through the studio's mail server, one message to each address."""

from __future__ import annotations

import smtplib
from collections.abc import Iterable
from contextlib import suppress
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email

from actions.contract import ActionError

LONGEST_SUBJECT = 200


def unique(addresses: Iterable[str]) -> list[str]:
    """Each address once, in any letter case, in the order in which they came."""
    found: dict[str, str] = {}
    for address in filter(None, map(str.strip, addresses)):
        found.setdefault(address.lower(), address)
    return list(found.values())


def is_address(text: str) -> bool:
    """Whether mail can be sent there."""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def send(addresses: Iterable[str], subject: str, text: str, *, sender: str, about: str) -> dict[str, str]:
    """Send to each address; what went wrong by address, nothing where all is well.

    `about` names what the mail is about: the same mail has the same Message-ID, so that a second one can be told. Raises
    `ActionError` when the mail server cannot be used at all.
    """
    wrong: dict[str, str] = {}
    connection = _opened()
    try:
        for address in addresses:
            wrong |= _sent(_message(address, subject, text, sender, about, connection))
    finally:
        _closed(connection)
    return wrong


def _message(
    address: str, subject: str, text: str, sender: str, about: str, connection: BaseEmailBackend
) -> EmailMessage:
    name = sha256(f"{about} {address.lower()}".encode()).hexdigest()[:32]
    domain = sender.rpartition("@")[2].rstrip("> ") or "kitsu-bridge"
    headers = {
        "Message-ID": f"<{name}@{domain}>",
        "Auto-Submitted": "auto-generated",
    }  # RFC 3834: answered by no machine.
    return EmailMessage(one_line(subject), text, sender, [address], connection=connection, headers=headers)


def one_line(subject: str) -> str:
    """A subject without line ends, which would begin another header."""
    return " ".join("".join(one if one.isprintable() else " " for one in subject).split())[:LONGEST_SUBJECT]


def _sent(message: EmailMessage) -> dict[str, str]:
    """What the mail server had against it, by address. A connection that broke is made anew for the next one."""
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        return {message.to[0]: _reason(error)}
    except (smtplib.SMTPException, OSError, ValueError) as error:
        _closed(message.connection)
        return {message.to[0]: _reason(error)}
    return {}


def _opened() -> BaseEmailBackend:
    connection = get_connection()
    try:
        connection.open()
    except smtplib.SMTPAuthenticationError:
        raise ActionError(
            "The mail server does not accept the bridge's password. Operators correct EMAIL_URL."
        ) from None
    except (smtplib.SMTPException, OSError) as error:
        raise ActionError(f"The mail server cannot be used: {_reason(error)}.") from None
    return connection


def _closed(connection: BaseEmailBackend | None) -> None:
    with suppress(smtplib.SMTPException, OSError):
        if connection is not None:
            connection.close()


def _reason(error: Exception) -> str:
    """What the mail server said; for one recipient it comes as a table of one."""
    answers: list[tuple[int, bytes | str]] = []
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = [*error.recipients.values()]
    elif isinstance(error, smtplib.SMTPResponseException):
        answers = [(error.smtp_code, error.smtp_error)]
    for code, said in answers:
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        return f"{code} {words}"[:300]
    return str(getattr(error, "strerror", "") or error or type(error).__name__)[:300]
