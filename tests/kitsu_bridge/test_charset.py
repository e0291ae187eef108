from __future__ import annotations

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def part(text):
    return b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n' + text + b"\r\n--x--\r\n"


def test_it_works(client, sample):
    """Read as punycode, this would take a quarter of an hour, or be another word."""
    body = part(b"a-" + b"ab9z" * 900_000)
    answer = client.generic("POST", reverse("sign_in"), body, "multipart/form-data; boundary=x; charset=punycode")
    assert answer.status_code == 400
    assert answer.context["form"]["email"].value().startswith("a-ab9z")


@pytest.mark.parametrize("charset", ["utf-16", "idna", "nonsense"])
def test_it_reads_a_form_as_utf_8_whatever_it_says(client, sample, charset):
    answer = client.generic(
        "POST", reverse("sign_in"), part("é@x".encode()), f"multipart/form-data; boundary=x; charset={charset}"
    )
    assert answer.context["form"]["email"].value() == "é@x"
