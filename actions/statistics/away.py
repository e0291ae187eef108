"""What the pages say when the cache is down, in which everything that was read lies."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from redis.exceptions import RedisError

NO_CACHE = "The bridge's cache does not answer, and statistics are kept there."

View = Callable[..., HttpResponse]


def cache_needed(view: View) -> View:
    """A page that says so, in place of a crash."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except RedisError:
            return render(request, "statistics/away.html", {"trouble": NO_CACHE}, status=503)

    return asked
