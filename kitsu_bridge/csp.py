"""The Content-Security-Policy: strict for our own pages, and the least that works for the admin's."""

from __future__ import annotations

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

ADMIN = {"script-src": [SELF, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE]}
"""django-unfold 0.91 runs on Alpine, which evaluates the expressions in its attributes, and sets style attributes."""


class PolicyMiddleware(CSPMiddleware):
    """django-csp's middleware, with a policy of its own under `admin/`."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Choose the policy by the path, then let django-csp write it."""
        if request.path.startswith(reverse("admin:index")) and not hasattr(response, "_csp_replace"):
            response._csp_replace = ADMIN  # type: ignore[attr-defined]
        return super().process_response(request, response)
