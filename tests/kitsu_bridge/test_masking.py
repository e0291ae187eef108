from __future__ import annotations

import json

import pytest

from kitsu_bridge.masking import MASK, masked

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2VzYW1l"


def test_it_works():
    assert masked({"name": "SH010", "frames": [1, 2.5, None, True]}) == {
        "name": "SH010",
        "frames": [1, 2.5, None, True],
    }


@pytest.mark.parametrize(
    "value",
    [
        {"password": "sesame"},
        {"Api-Key": ["sesame"]},
        {"deep": [{"access_token": {"a": "sesame"}}]},
        "postgres://bridge:sesame@host/name",
        "redis://:sesame@host/0",
        "Authorization: Bearer sesame.sesame",
        "a=1&token=sesame&b=2",
        '{"kitsu_password": "sesame", "b": 1}',
        "{'secret': 'sesame'}",
        "Cookie: access_token_cookie=sesame; a=b",
        '{"password": "sesame',
        'Content-Disposition: form-data; name="api_token"\r\nContent-Type: text/plain\r\n\r\nsesame\r\n--x--',
    ],
)
def test_it_refuses_to_show_a_secret(value):
    assert "sesame" not in json.dumps(masked(value))
    assert MASK in json.dumps(masked(value), ensure_ascii=False)


@pytest.mark.parametrize("value", [JWT, f"x{{{JWT}}}", f"a.b%3D{JWT}", {"a": [JWT]}, {JWT: 1}])
def test_it_refuses_to_show_a_token_of_kitsu(value):
    assert JWT not in json.dumps(masked(value))


def test_it_works_on_what_is_deeply_nested():
    deep = json.loads("[" * 900 + '"token=sesame"' + "]" * 900)
    assert "sesame" not in json.dumps(masked(deep))


@pytest.mark.parametrize("word", ["a", "token", "eyJ", "a-", "x://", '"token', "eyJaaaaa."])
@pytest.mark.parametrize("end", ["", "=", '"', '" :', ".", ".aaaaa"])
def test_it_works_on_one_long_word(word, end):
    """A search that begins anew at each letter would need hours for these."""
    assert "sesame" not in masked(f'"{word * 50_000}{end} password=sesame')


HOSTILE = (
    "a",
    "eyJ",
    "eyJaaaaa",
    "eyJaaaaa.bbbbb",
    "token",
    "token-",
    'token"',
    '"token" ',
    "://a",
    "token'\\r\\n",
    "Basic ",
)


@pytest.mark.parametrize("word", HOSTILE)
def test_it_works_on_long_text_that_nearly_is_a_secret(word):
    """With a pattern that looks back and forth this takes minutes; a quarter of a megabyte is what a door keeps."""
    text = word * (256 * 1024 // len(word))
    assert len(masked(text)) <= len(text)
