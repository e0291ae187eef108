from __future__ import annotations

import pytest

from audit.models import write_event
from audit.states import Happened
from kitsu_bridge.kitsu.people import Person

HANA = Person("p1", "hana@studio.example", "Hana Sato", "manager")


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    """Key, public keys and seals file of this test alone."""
    settings.DATA_DIR = tmp_path
    settings.SEAL_KEY = ""
    settings.SEAL_PUBLIC_KEYS = tmp_path / "seal_keys"
    settings.SEALS_FILE = tmp_path / "seals.jsonl"


@pytest.fixture
def some_events(db):
    """Writes events: `some_events(3)`."""

    def write(count):
        return [
            write_event(
                Happened.ACTION_CHANGED, subject="action:1", actor=HANA, text=f"Event {n}", data={"n": n, "x": [1.5]}
            )
            for n in range(count)
        ]

    return write
