"""Tell people about the selected tasks: by e-mail, or in Slack, Mattermost, Discord or Teams.

One message for the whole selection, with a text of yours, the first tasks with their links, and a link to the page of this call.
Nobody is called by a name in it: @channel stands there and rings nowhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from actions.clients import mail
from actions.clients.chat import SERVICES, Entry, Message, fitted
from actions.clients.secrets.hiding import Hidden
from actions.clients.web import Request, Web, WebTrouble
from actions.clients.web.shown import in_a_line
from actions.contract import ActionError, Call, Field, Of, Outcome, Plan, Step
from actions.filling import fill, of_call
from actions.registry import handler
from kitsu_bridge.kitsu.links import task_link

BUSY = frozenset({429})
"""The service did not take the message and says so; after anything else it may stand there already."""

SHOWN = 2_000
"""Characters of a message in a preview."""


@dataclass(frozen=True)
class Options:
    """Where to, and what is said."""

    service: Annotated[
        Literal["email", "slack", "mattermost", "discord", "teams"],
        Field(choices=(("email", "E-mail"), *((name, one.title) for name, one in SERVICES.items()))),
    ] = "email"
    webhook: Annotated[
        str,
        Of("secret"),
        Field(
            label="Incoming webhook",
            help="Not for e-mail. The secret that holds the address which the service gave you; for Teams that of a workflow "
            "“Post to a channel when a webhook request is received”.",
        ),
    ] = ""
    text: Annotated[
        str,
        Field(
            long=True,
            template="text",
            help="With variables such as {person_name}. Addresses become links by themselves; Markdown links do not.",
        ),
    ] = "{person_name} ran “{action_name}”. Tasks: {count}."
    subject: Annotated[str, Field(template="text", help="Of an e-mail.")] = "{action_name}, tasks: {count}"
    to: Annotated[
        str, Field(label="Addresses", long=True, help="E-mail addresses, separated with commas or line ends.")
    ] = ""
    to_assignees: Annotated[
        bool, Field(label="To the assignees", help="An e-mail to whoever is assigned to a selected task.")
    ] = False
    to_person: Annotated[bool, Field(label="To the person", help="An e-mail to whoever runs the action.")] = False
    listed: Annotated[
        int, Field(label="Tasks in the message", least=0, most=200, help="The others are counted: “and 37 more”.")
    ] = 20


@handler(title="Notify")
def run(call: Call, options: Options) -> Outcome:
    """Send one message, unless an earlier attempt has."""
    _refuse(options, call.desk.settings)
    if call.done_before:
        for task in call.tasks:
            if task.id not in call.done_before:
                call.task_done(task, "Is in the message that was sent before.")
        return Outcome("The message was sent before.")
    call.stop_if_cancelled()
    send = _mailed if options.service == "email" else _posted
    trouble, sentence, data = send(call, options)
    for task in call.tasks:  # Not `call.each`: who cancels now must still be told what was sent.
        (call.task_failed if trouble else call.task_done)(task, trouble or "Is in the message.")
    return Outcome(trouble or sentence, data=data)


def preview(call: Call, options: Options) -> Plan:
    """The message, and who gets it; nothing is sent, and no secret is read."""
    _refuse(options, call.desk.settings)
    if options.service == "email":
        addresses, without = _recipients(call, options)
        text = (
            f"E-mail to {', '.join(addresses)}. Subject: {_subject(call, options)}. Text: {_mail_text(call, options)}"
        )
        text += f"\nKitsu shows no e-mail address of {', '.join(without)}." if without else ""
    else:
        body = fitted(SERVICES[options.service], _message(call, options))
        text = f"To {SERVICES[options.service].title}: {json.dumps(body, ensure_ascii=False)}"
    return Plan(in_a_line(text, SHOWN), [Step(task, "Is in the one message.") for task in call.tasks])


def wrong(options: Options, settings: Mapping[str, Any]) -> Iterable[str]:
    """What is missing in the options or in the settings: known when the action is saved."""
    try:
        _refuse(options, settings)
    except ActionError as error:
        yield str(error)


def _refuse(options: Options, settings: Mapping[str, Any]) -> None:
    if options.service != "email":
        if not options.webhook:
            raise ActionError(f"Name the secret that holds the incoming webhook of {SERVICES[options.service].title}.")
        return
    if not settings.get("EMAIL_FROM"):
        raise ActionError("E-mail is not set up. Operators set EMAIL_URL and EMAIL_FROM.")
    if bad := [one for one in _fixed(options) if not mail.is_address(one)]:
        raise ActionError(f"“{bad[0][:80]}” is no e-mail address.")
    if not (_fixed(options) or options.to_assignees or options.to_person):
        raise ActionError("Say who gets the e-mail: addresses, the assignees, or the person.")


def _fixed(options: Options) -> list[str]:
    return mail.unique(options.to.replace("\n", ",").replace(";", ",").split(","))


def _recipients(call: Call, options: Options) -> tuple[list[str], list[str]]:
    """The addresses, each once; and the names of those whose address Kitsu does not show to this person."""
    people: dict[str, tuple[str, str]] = {}
    if options.to_person and call.person:
        people[call.person.id] = (call.person.name, call.person.email)
    if options.to_assignees:
        for one in (one for task in call.tasks for one in task.assignees):
            people.setdefault(one.id, (one.name, one.email))  # Zou hides an artist's own address in lists, too.
    known = [email for _, email in people.values() if mail.is_address(email)]
    without = [name for name, email in people.values() if not mail.is_address(email)]
    addresses = mail.unique([*_fixed(options), *known])
    if not addresses:
        why = f"Kitsu shows you no e-mail address of {', '.join(without)}." if without else "Nobody is assigned."
        raise ActionError(f"There is nobody to write to. {why}")
    return addresses, without


Sent = tuple[str, str, dict[str, Any]]
"""What went wrong, where nobody got it; else a sentence; and what is kept for the page."""


def _mailed(call: Call, options: Options) -> Sent:
    addresses, without = _recipients(call, options)
    subject, text = _subject(call, options), _mail_text(call, options)
    refused = mail.send(
        addresses,
        subject,
        text,
        sender=str(call.desk.settings["EMAIL_FROM"]),
        about=call.invocation_id,
    )
    for address, reason in refused.items():
        call.log(f"{address} did not get it: {reason}", "warning")
    for name in without:
        call.log(f"Kitsu shows you no e-mail address of {name}.", "warning")
    data = {"to": [one for one in addresses if one not in refused], "subject": subject, "text": text}
    if not data["to"]:
        address, reason = next(iter(refused.items()))
        return f"Nobody got the e-mail. {address}: {reason}", "", data
    missed = len(refused) + len(without)
    rest = f" {missed:,} did not; the log says why." if missed else ""
    got = len(addresses) - len(refused)
    return "", f"{got:,} {'person' if got == 1 else 'people'} got the e-mail.{rest}", data


def _posted(call: Call, options: Options) -> Sent:
    service, url = SERVICES[options.service], call.secret(options.webhook)
    hidden = Hidden([url, urlsplit(url).path])
    message = fitted(service, _message(call, options))
    body = json.dumps(message, ensure_ascii=False).encode("utf-8", "replace")
    request = Request("POST", url, {"Content-Type": "application/json"}, body)
    web = Web(call.desk.settings.get("CALL_URL_PRIVATE", ()))
    data = {"to": [service.title], "text": json.dumps(message, ensure_ascii=False, indent=2)}
    try:
        answer = web.send(request, repeat_on=BUSY, seconds_left=call.seconds_left, stop=call.stop_if_cancelled)
    except WebTrouble as trouble:
        return f"{service.title} did not get it. {hidden(str(trouble))}", "", data
    if 200 <= answer.status < 300:
        return "", f"{service.title} has it.", data
    said = hidden(in_a_line(answer.text, 200))
    return f"{service.title} did not take it: {answer.status} {said}".strip(), "", data


def _subject(call: Call, options: Options) -> str:
    return mail.one_line(fill(options.subject, of_call(call)))


def _mail_text(call: Call, options: Options) -> str:
    message = _message(call, options)
    lines = [message.text, "", *(f"- {one.name} {one.url}".rstrip() for one in message.entries)]
    if rest := message.total - len(message.entries):
        lines.append(f"and {rest:,} more" if message.entries else f"{rest:,} task{'' if rest == 1 else 's'}")
    if message.link:
        lines += ["", f"{message.link.name}: {message.link.url}"]
    return "\n".join(lines) + "\n"


def _message(call: Call, options: Options) -> Message:
    entries = [Entry(_clean(task.name), task_link(call.kitsu_url, task)) for task in call.tasks[: options.listed]]
    link = Entry("What it did", call.about.url) if call.about.url else None
    return Message(fill(options.text, of_call(call)), entries, len(call.tasks), link)


def _clean(name: str) -> str:
    return " ".join(name.encode("utf-8", "replace").decode().split())
