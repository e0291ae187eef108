"""Open a page of another tool with what is selected: a review, a tracker, a report.

The address is a template with variables such as {entity_name}; each value is encoded for where it stands, and none can
change the host. With one address a task, several tasks become a list of links.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from actions.contract import ActionError, Call, Field, Outcome, Plan, Step
from actions.filling import fill_url, of_call, of_task, wrong_address
from actions.registry import handler
from kitsu_bridge.kitsu.tasks import Task


@dataclass(frozen=True)
class Options:
    """What is opened."""

    url: Annotated[
        str,
        Field(
            label="Address",
            template="url",
            placeholder="https://tracker.studio/shots/{entity_name}?task={task_id}",
            help="With variables such as {entity_name}; scheme and host stand there as they are. "
            "{selection} is the list of all selected tasks' ids.",
        ),
    ]
    once_for: Annotated[
        Literal["selection", "task"],
        Field(
            label="One address for",
            choices=(("selection", "The whole selection"), ("task", "Each task")),
            help="For the whole selection, a variable of a task needs the same value in all of them. "
            "For each task, several tasks become a list of links.",
        ),
    ] = "selection"


@handler(title="Open an address", opens_in_browser=True)
def run(call: Call, options: Options) -> Outcome:
    """Fill the address, and let the tab of the person go there; a list of links where there are several."""
    _refuse_host(options.url, call.desk.settings)
    if options.once_for == "selection":
        return _opens(fill_url(options.url, of_call(call)))
    urls = []
    for task in call.each("Filling addresses"):
        url, trouble = _address(call, options, task)
        if trouble:
            call.task_failed(task, trouble)
        else:
            call.task_done(task, url, link=url)
            urls.append(url)
    return _opens(urls[0]) if len(call.tasks) == len(urls) == 1 else Outcome(_sentence(urls))


def preview(call: Call, options: Options) -> Plan:
    """The addresses that a run would open."""
    _refuse_host(options.url, call.desk.settings)
    if options.once_for == "selection":
        return Plan(f"Opens {fill_url(options.url, of_call(call))}")
    steps = [Step(task, url or trouble, blocked=bool(trouble)) for task in call.tasks
             for url, trouble in [_address(call, options, task)]]  # fmt: skip
    return Plan(_sentence([step.message for step in steps if not step.blocked]), steps)


def wrong(options: Options, settings: Mapping[str, Any]) -> Iterable[str]:
    """What the bridge's settings have against it: known when the action is saved."""
    try:
        _refuse_host(options.url, settings)
    except ActionError as error:
        yield f"url: {error}"


def _address(call: Call, options: Options, task: Task) -> tuple[str, str]:
    """The address of one task; or why it has none."""
    try:
        return fill_url(options.url, of_task(call, task)), ""
    except ActionError as error:
        return "", str(error)


def _opens(url: str) -> Outcome:
    return Outcome(f"It opens at {urlsplit(url).netloc}.", then="open", target=url)


def _sentence(urls: list[str]) -> str:
    return f"{len(urls):,} address{'' if len(urls) == 1 else 'es'} to open." if urls else "No address could be made."


def _refuse_host(url: str, settings: Mapping[str, Any]) -> None:
    """Web addresses only; with OPEN_URL_HOSTS set, of the hosts that it names. Raises `ActionError`."""
    if why := wrong_address(url):
        raise ActionError(why)
    parts, allowed = urlsplit(url), settings.get("OPEN_URL_HOSTS", ())
    if parts.scheme not in {"http", "https"}:
        raise ActionError("Only http and https are opened here; another kind opens programs.")
    if any(_covers(one, parts.scheme, parts.netloc.lower()) for one in allowed):
        return
    if allowed:
        raise ActionError(f"{parts.scheme}://{parts.netloc} is not among the hosts that OPEN_URL_HOSTS allows.")
    if parts.scheme == "http":
        raise ActionError("http is not encrypted: it is opened only for hosts that OPEN_URL_HOSTS names, or use https.")


def _covers(entry: str, scheme: str, host: str) -> bool:
    """Whether an entry such as `tracker.lan`, `*.studio.lan:8080` or `http://tracker.lan` covers this scheme and host."""
    declared, separator, pattern = entry.lower().rpartition("://")
    if separator and declared != scheme:
        return False
    if not _port(pattern):
        host = host.removesuffix(f":{_port(host)}")
    return host == pattern or (pattern.startswith("*.") and host.endswith(pattern[1:]))


def _port(host: str) -> str:
    """What stands after the colon of a host; an IPv6 address has its own in brackets."""
    return host.rpartition("]")[2].rpartition(":")[2] if ":" in host.rpartition("]")[2] else ""
