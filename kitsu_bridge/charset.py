"""Reads forms as UTF-8, whatever a request says that it is."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class CharsetMiddleware:
    """Django 5.2 decodes query strings and the parts of a form with any codec of Python's that the content type names.

    With some, such as `punycode`, a form within the limits takes minutes. Browsers send the forms of our pages as UTF-8.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Before anybody reads the form; the door for Kitsu decodes bodies that are no form by itself."""
        request.encoding = "utf-8"
        return self.get_response(request)
