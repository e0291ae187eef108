"""What the admin's libraries raise for a request that nobody's page sends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import BadRequest, ValidationError

SENT_WRONG = (ValidationError, IncorrectLookupParameters, OSError)
"""An id that is none, a filter that is none, a file to import that was never sent: Django 5.2 and import-export 4 crash."""


@contextmanager
def refusing() -> Iterator[None]:
    """A request that cannot be meant is refused with 400: it is no crash of ours."""
    try:
        yield
    except SENT_WRONG as error:
        raise BadRequest(type(error).__name__) from error
