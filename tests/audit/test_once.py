from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from audit import once


@pytest.fixture
def request_after(an_invocation):
    """A request with the cookies of an answer, so long after the invocation's end."""

    def make(invocation, *responses):
        request = RequestFactory().get(invocation.get_absolute_url())
        for response in responses:
            for name, cookie in response.cookies.items():
                if cookie["max-age"] == 0:
                    request.COOKIES.pop(name, None)
                else:
                    request.COOKIES[name] = cookie.value
        return request

    return make


def allowed(invocation):
    response = HttpResponse()
    once.allow(response, invocation, timedelta(hours=1))
    return response


def test_it_works(an_invocation, request_after):
    invocation = an_invocation(finished_at=timezone.now())
    first, second = allowed(invocation), HttpResponse()
    assert once.is_due(request_after(invocation, first), invocation)
    once.done(second, invocation)
    assert not once.is_due(request_after(invocation, first, second), invocation)


def test_not_before_its_end_and_not_long_after(an_invocation, request_after):
    running = an_invocation(finished_at=None)
    assert not once.is_due(request_after(running, allowed(running)), running)
    old = an_invocation(finished_at=timezone.now() - once.NEWS)
    assert not once.is_due(request_after(old, allowed(old)), old)


def test_not_for_another_page(an_invocation, request_after):
    one, other = (an_invocation(finished_at=timezone.now()) for _ in range(2))
    assert not once.is_due(request_after(other, allowed(one)), other)
    cookie = next(iter(allowed(one).cookies.values()))
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (one.get_absolute_url(), True, "Lax")
