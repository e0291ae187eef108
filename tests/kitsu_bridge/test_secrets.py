from __future__ import annotations

import subprocess
import sys

import pytest

from kitsu_bridge.env import WrongSetting
from kitsu_bridge.secrets import decrypt, encrypt, fingerprint, secret_key


def test_it_works():
    assert decrypt(encrypt("naïve 🦊")) == "naïve 🦊"
    assert "sesame" not in encrypt("sesame")


def test_it_refuses_what_was_altered_or_is_too_old():
    kept = encrypt("sesame")
    assert decrypt(kept[:-4] + "AAAA") is None
    assert decrypt("ü") is None
    assert decrypt(kept, max_age=-1) is None


def test_a_fingerprint_depends_on_the_key_and_on_where_its_parts_end(settings):
    one = fingerprint("ab", "c")
    assert one != fingerprint("a", "bc")
    settings.SECRET_KEY = "another" * 8
    assert one != fingerprint("ab", "c")


def test_a_key_is_made_once_for_its_owner_only(tmp_path):
    key = secret_key("", tmp_path / "new")
    assert len(key) >= 32
    assert secret_key("", tmp_path / "new") == key
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret_key"]
    assert (tmp_path / "new" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_processes_that_start_at_once_get_the_same_key(tmp_path):
    ask = "import sys, pathlib; from kitsu_bridge.secrets import secret_key; print(secret_key('', pathlib.Path(sys.argv[1])))"
    started = [
        subprocess.Popen([sys.executable, "-c", ask, tmp_path], stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    assert len({process.communicate(timeout=60)[0] for process in started}) == 1


@pytest.mark.parametrize("content", ["", "short"])
def test_it_refuses_a_key_that_is_cut_short(tmp_path, content):
    (tmp_path / "secret_key").write_text(content)
    with pytest.raises(WrongSetting, match="remove that file"):
        secret_key("", tmp_path)
