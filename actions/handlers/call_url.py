"""Call a web service about the selected tasks, from the worker.

One call for the whole selection, or one a task. What is sent is our own JSON (docs/call-url.md) or a template of yours, signed as
Standard Webhooks 1.0.0 where a secret is named. Only servers on the internet are called, over https, and those of the studio
that operators list in CALL_URL_PRIVATE.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from actions.clients.secrets.headers import Headers
from actions.clients.secrets.hiding import Hidden
from actions.clients.secrets.references import names_in
from actions.clients.web import BUSY, Answer, Request, Web, WebTrouble, unsigned
from actions.clients.web.place import place_of
from actions.clients.web.shown import in_a_line, pretty
from actions.clients.web.statuses import statuses_of
from actions.clients.webhooks import message_id, signer
from actions.contract import ActionError, Call, Field, Of, Outcome, Plan, Step
from actions.doing.once_for import Came, once_for_all, once_for_each, steps_for_each
from actions.doing.telling import told
from actions.filling import fill_json, fill_url, of_call, of_task, wrong_address
from actions.registry import handler
from kitsu_bridge.kitsu.tasks import Task

REPEATABLE = frozenset({"GET", "PUT", "DELETE"})
"""Methods that mean the same once or twice (RFC 9110, section 9.2.2)."""

SLOT = re.compile(r"\{[^{}]*\}")

KEPT = {"selection": 20_000, "task": 4_000}
"""Characters of a request and of an answer that are kept for the page."""

PREVIEWED = 1_500
"""Characters of a call in a preview."""

BEGINNING = 200
"""Characters of an answer that stand in a task's line."""


@dataclass(frozen=True)
class Options:
    """What is called, and how."""

    url: Annotated[
        str,
        Field(
            label="Address",
            template="url",
            help="Such as https://tracker.studio/hook or https://tracker.studio/shots/{entity_name}.",
        ),
    ]
    method: Annotated[
        Literal["POST", "PUT", "PATCH", "DELETE", "GET"],
        Field(choices=tuple((name, name) for name in ("POST", "PUT", "PATCH", "DELETE", "GET"))),
    ] = "POST"
    once_for: Annotated[
        Literal["selection", "task"],
        Field(
            label="One call for",
            choices=(("selection", "The whole selection"), ("task", "Each task")),
            help="With one for each task, variables of tasks such as {entity_name} can be used.",
        ),
    ] = "selection"
    headers: Annotated[
        str,
        Field(
            long=True,
            help="One a line, such as “Authorization: Bearer {secret:TRACKER}”: the secret of that name is put there.",
        ),
    ] = ""
    body: Annotated[
        str,
        Field(
            label="Content",
            long=True,
            syntax="json",
            template="json",
            help="JSON, with variables in its texts. Empty: the selection as docs/call-url.md describes it.",
        ),
    ] = ""
    signing_secret: Annotated[
        str,
        Of("secret"),
        Field(
            help="Signs each call as Standard Webhooks 1.0.0. The receiver has the same secret, which begins with whsec_."
        ),
    ] = ""
    success: Annotated[
        str, Field(label="Answers that mean success", help="Statuses: single ones and ranges, such as 200-299, 409.")
    ] = "200-299"
    may_repeat: Annotated[
        bool,
        Field(
            label="The service bears the same call twice",
            help="Then a call whose answer was lost is tried again. Signed calls, and GET, PUT and DELETE, are in any case.",
        ),
    ] = False


@handler(title="Call a web service")
def run(call: Call, options: Options) -> Outcome:
    """Call, and keep request and answer; what is no success is a failure, with the beginning of the answer."""
    if not call.tasks:
        raise ActionError("None of the selected tasks is there.")
    caller = Caller(call, options)
    if options.once_for == "task":
        return Outcome(f"{once_for_each(call, 'Calling', caller.made):,} of {len(call.tasks):,} calls went well.")
    success, line, data = once_for_all(call, "The call was made before.", caller.made)
    beginning = f"{urlsplit(options.url).hostname} answered: " if success else "The call failed: "
    return Outcome(beginning + line if data else line, data=data)


def preview(call: Call, options: Options) -> Plan:
    """What would be sent, with secrets masked; nothing is."""
    _checked(options)
    if options.once_for == "task":
        return Plan("One call for each task.", steps_for_each(call, lambda task: _line(_sending(call, options, task))))
    in_all = [Step(task, "Is in the one call for the selection.") for task in call.tasks]
    return Plan(_line(_sending(call, options)), in_all)


def wrong(options: Options, settings: Mapping[str, Any]) -> Iterable[str]:
    """What is wrong with the options beyond each single one: known when the action is saved."""
    try:
        _checked(options)
    except ActionError as error:
        yield str(error)


def _checked(options: Options) -> tuple[Headers, frozenset[int]]:
    """The headers, and the answers that mean success. Raises `ActionError` for an option that no call can be made of."""
    if why := wrong_address(options.url):
        raise ActionError(f"The address: {why}")
    place_of(SLOT.sub("x", options.url))
    if options.method == "GET" and options.body:
        raise ActionError("A GET carries no content: choose another method, or leave the content empty.")
    return Headers(options.headers), statuses_of(options.success)


@dataclass(frozen=True, slots=True)
class Sending:
    """One call as it will be made: everything but headers and signature."""

    id: str
    method: str
    url: str
    body: bytes


def _sending(call: Call, options: Options, task: Task | None = None) -> Sending:
    """For one task, or for the whole selection. Raises `ActionError` for a variable that has no value."""
    variables = of_task(call, task) if task else of_call(call)
    content: Any = None
    if options.method != "GET":
        content = fill_json(options.body, variables) if options.body else told(call, [task] if task else call.tasks)
    body = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace") if content is not None else b""
    name = task.id if task else "selection"
    return Sending(message_id(call.invocation_id, name), options.method, fill_url(options.url, variables), body)


def _line(sending: Sending) -> str:
    return in_a_line(f"{sending.method} {sending.url} {sending.body.decode()}", PREVIEWED)


class Caller:
    """Makes the calls of one run. Options are checked and secrets read here, once, before anything is sent."""

    def __init__(self, call: Call, options: Options) -> None:
        self.call, self.options = call, options
        self._headers, self._statuses = _checked(options)
        self._filled = self._headers.filled(call.secret)
        self._secret = call.secret(options.signing_secret) if options.signing_secret else ""
        self._hidden = Hidden([self._secret, *map(call.secret, names_in(options.headers))])
        self._web = Web(call.desk.settings.get("CALL_URL_PRIVATE", ()))

    def made(self, task: Task | None = None) -> Came:
        """One call. Raises `ActionError` when a variable has no value: then nothing was sent."""
        sending = _sending(self.call, self.options, task)
        sent = {"request": self._shown(sending)}
        try:
            answer = self._answered(sending)
        except WebTrouble as trouble:
            return False, self._hidden(str(trouble)), sent
        good = answer.status in self._statuses
        return good, self._said(answer, good), sent | {"answer": self._kept(answer)}

    def _answered(self, sending: Sending) -> Answer:
        return self._web.send(
            Request(
                sending.method,
                sending.url,
                {**self._filled, "webhook-id": sending.id},
                sending.body,
                signer(self._secret, sending.id) if self._secret else unsigned,
            ),
            repeat_on=BUSY if self._repeatable else (),
            after_break=self._repeatable,
            seconds_left=self.call.seconds_left,
            stop=self.call.stop_if_cancelled,
        )

    @property
    def _repeatable(self) -> bool:
        """Whether a second arrival does no harm: the method says so, the receiver can tell by the id, or the studio knows."""
        return self.options.method in REPEATABLE or bool(self._secret) or self.options.may_repeat

    def _shown(self, sending: Sending) -> dict[str, Any]:
        return {
            "method": sending.method,
            "url": self._hidden(sending.url),
            "headers": {**self._headers.shown(), "webhook-id": sending.id},
            "body": pretty(sending.body.decode(), KEPT[self.options.once_for], self._hidden),
        }

    def _kept(self, answer: Answer) -> dict[str, Any]:
        return {
            "status": answer.status,
            "reason": self._hidden(in_a_line(answer.reason, 100)),
            "headers": {name: self._hidden(in_a_line(value, 500)) for name, value in [*answer.headers.items()][:50]},
            "body": pretty(answer.text, KEPT[self.options.once_for], self._hidden),
            "cut": answer.cut,
            "seconds": round(answer.seconds, 3),
            "tries": answer.tries,
        }

    def _said(self, answer: Answer, good: bool) -> str:
        tries = f", at try {answer.tries}" if answer.tries > 1 else ""
        line = f"{answer.status} {self._hidden(in_a_line(answer.reason, 100))} after {answer.seconds:.2f} s{tries}"
        beginning = "" if good else self._hidden(in_a_line(answer.text, BEGINNING))
        return f"{line}: {beginning}" if beginning else f"{line}."
