"""The fields of a job, its blocks and their tasks, and what each may hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Checker = Callable[[Any], str]
"""Why a value cannot stand there, in words that follow the field's name; empty when it can."""

Fields = Mapping[str, Checker]

INT32 = 2**31 - 1
LONGEST_TEXT = 100_000
LONGEST_LINE = 400
LONGEST_NAME = 200
"""Bytes of a job's name. afserver makes a folder's name of it, with a number before it and perhaps one behind: where no folder
can have that name, as with one of 254 bytes, it dies (seen on 3.4.1; server/jobcontainer.cpp, registerJob)."""

LONGEST_CUSTOM = 4_096
"""Characters of `custom_data`: with 30 MB of it every render dies that gets the task (seen in 3.4.1)."""

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What no text may hold; half a character cannot be sent as UTF-8."""

UNSHOWN = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
WORD = re.compile(r"[A-Za-z0-9_.-]{1,100}")
USER = re.compile(r"[a-z0-9_.-]{1,60}")
UNESCAPED = re.compile(r"[\"\\\x00-\x1f\x7f\ud800-\udfff]")
"""afserver writes many texts into its lists as they are (libafanasy/blockdata.cpp): with one of these nobody can read them."""


def _text(value: Any) -> str:
    if not isinstance(value, str):
        return "is no text"
    if len(value) > LONGEST_TEXT:
        return f"has more than {LONGEST_TEXT:,} characters"
    return "has a sign that cannot be sent" if CONTROL.search(value) else ""


def _name(value: Any) -> str:
    if not isinstance(value, str) or not value:
        return "is no text of one character or more"
    if UNSHOWN.search(value):
        return "has a line end or another sign that cannot be shown"
    size = len(value.encode())
    return f"has {size:,} bytes, and afserver dies of one with more than {LONGEST_NAME}" if size > LONGEST_NAME else ""


def _plain(value: Any) -> str:
    """A text that afserver lists as it is."""
    if not isinstance(value, str) or len(value) > LONGEST_LINE:
        return f"is no text of up to {LONGEST_LINE} characters"
    return (
        "has a quotation mark, a backslash or a line end, which afserver cannot list" if UNESCAPED.search(value) else ""
    )


def _hosts(value: Any) -> str:
    """A wrong one is taken without a word, and then no host takes the job (seen on 3.4.1)."""
    if wrong := _plain(value):
        return wrong
    try:
        re.compile(value)
    except (re.error, RecursionError, OverflowError):
        return "is no regular expression"
    return ""


def _mask_type(value: Any) -> str:
    return "" if value == "regex" else "is another than “regex”"


def _word(value: Any) -> str:
    return "" if isinstance(value, str) and WORD.fullmatch(value) else "is no word of letters, digits and _ . -"


def _user(value: Any) -> str:
    return "" if isinstance(value, str) and USER.fullmatch(value) else "may only have small letters, digits and _ . -"


def _custom(value: Any) -> str:
    return _text(value) or ("" if len(value) <= LONGEST_CUSTOM else f"has more than {LONGEST_CUSTOM:,} characters")


def _true(value: Any) -> str:
    return "" if isinstance(value, bool) else "is neither true nor false"


def _files(value: Any) -> str:
    if not isinstance(value, list) or len(value) > 100:
        return "is no list of up to 100 paths"
    return next((wrong for wrong in map(_text, value) if wrong), "")


def _any_list(_value: Any) -> str:
    """Looked at by `checking` itself."""
    return ""


def _folders(value: Any) -> str:
    return _table(value, _text)


def _environment(value: Any) -> str:
    return _table(value, _plain)


def _table(value: Any, check: Checker) -> str:
    if not isinstance(value, dict) or len(value) > 100:
        return "is no object of up to 100 texts"
    return next((wrong for key, one in value.items() if (wrong := _word(key) or check(one))), "")


def _whole(least: int, most: int) -> Checker:
    def check(value: Any) -> str:
        fits = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
        return "" if fits else f"is no whole number from {least:,} to {most:,}"

    return check


COUNT, LIMIT, FRAME, SHORT = _whole(1, INT32), _whole(-1, INT32), _whole(-INT32, INT32), _whole(-1, 127)

JOB: Fields = {
    "name": _name,
    "user_name": _user,
    "host_name": _word,
    "blocks": _any_list,
    "priority": _whole(0, 250),
    "time_creation": _whole(0, 2**53),
    "branch": _plain,
    "project": _plain,
    "department": _plain,
    "description": _text,
    "annotation": _text,
    "custom_data": _custom,
    "folders": _folders,
    "offline": _true,
    "depend_mask": _plain,
    "hosts_mask": _hosts,
    "hosts_mask_exclude": _hosts,
    "hosts_mask_type": _mask_type,
    "need_os": _plain,
    "need_properties": _plain,
    "max_running_tasks": LIMIT,
    "max_running_tasks_per_host": LIMIT,
    "time_life": LIMIT,
    "time_wait": _whole(0, 2**53),
}

BLOCK: Fields = {
    "name": _plain,
    "service": _word,
    "parser": _word,
    "flags": _whole(0, 2047),
    "capacity": COUNT,
    "working_directory": _text,
    "command": _text,
    "files": _files,
    "tasks": _any_list,
    "environment": _environment,
    "depend_mask": _plain,
    "tasks_depend_mask": _plain,
    "hosts_mask": _hosts,
    "hosts_mask_exclude": _hosts,
    "frame_first": FRAME,
    "frame_last": FRAME,
    "frames_per_task": COUNT,
    "frames_inc": COUNT,
    "errors_retries": SHORT,
    "errors_avoid_host": SHORT,
    "errors_task_same_host": SHORT,
    "errors_forgive_time": LIMIT,
    "task_max_run_time": LIMIT,
    "max_running_tasks": LIMIT,
    "max_running_tasks_per_host": LIMIT,
    "need_memory": LIMIT,
    "need_gpu_mem_mb": LIMIT,
}

TASK: Fields = {"name": _plain, "command": _text, "files": _files, "environment": _environment}
