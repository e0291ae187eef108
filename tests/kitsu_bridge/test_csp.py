from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def policy(url):
    return Client().get(url)["Content-Security-Policy"]


def test_it_works(sample):
    found = policy(reverse("sign_in"))
    assert "default-src 'none'" in found
    assert "unsafe" not in found


def test_the_admin_alone_may_evaluate(sample):
    assert "script-src 'self' 'unsafe-eval'" in policy(reverse("admin:login"))
    assert "'unsafe-inline'" not in policy(reverse("admin:login")).partition("script-src")[2].partition(";")[0]
