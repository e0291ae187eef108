from __future__ import annotations

import pytest

from kitsu_bridge import masking
from kitsu_bridge.masking import MASK, masked_text
from kitsu_bridge.named_secrets import NoSuchSecret, named_secret, secret_names


@pytest.fixture(autouse=True)
def _forgotten(monkeypatch):
    monkeypatch.setattr(masking, "_known", set())


def test_it_works(monkeypatch, tmp_path):
    (tmp_path / "chat").write_text("https://hooks.test/abcdef\n")
    monkeypatch.setenv("BRIDGE_SECRET_SLACK", "xoxb-12345")
    monkeypatch.setenv("BRIDGE_SECRET_CHAT_FILE", str(tmp_path / "chat"))
    assert secret_names() == ["CHAT", "SLACK"]
    assert named_secret("SLACK") == "xoxb-12345"
    assert named_secret("CHAT") == "https://hooks.test/abcdef"
    assert masked_text("POST https://hooks.test/abcdef?x") == f"POST {MASK}?x"


@pytest.mark.parametrize("name", ["KEY", "", "SLACK_FILE", "../x", "SECRET_KEY"])
def test_it_refuses_what_no_variable_of_its_own_holds(monkeypatch, name):
    monkeypatch.setenv("SECRET_KEY", "k" * 40)
    monkeypatch.setenv("BRIDGE_SECRET_SLACK", "xoxb-12345")
    with pytest.raises(NoSuchSecret, match="BRIDGE_SECRET_"):
        named_secret(name)


def test_a_file_that_cannot_be_read_is_named(monkeypatch):
    monkeypatch.setenv("BRIDGE_SECRET_A_FILE", "/nowhere/a")
    with pytest.raises(NoSuchSecret, match="/nowhere/a"):
        named_secret("A")
