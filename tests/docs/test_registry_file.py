"""The part of the registry's file that the page about the command line prints is one that can be brought in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from actions.models import Schedule
from actions.registry_file.planning import apply
from tests.actions.conftest import an_action

__all__ = ["an_action"]

PAGE = Path(__file__).resolve().parent.parent.parent / "docs/doors/command-line.md"


@pytest.mark.django_db
def test_it_works(an_action):
    an_action("comment")
    (part,) = re.findall(r"```yaml\n(schedules:.*?)```", PAGE.read_text(), re.DOTALL)
    apply(f"version: 1\n{part}", None)
    assert Schedule.objects.get().name == "Late every morning"
