"""What all addresses of REST have in common: who may ask, how often, and how answers are kept and told apart."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.openapi import AutoSchema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from actions.doors.bearer import Proof
from actions.rest.bodies import StrictJSON
from actions.rest.problems import answer_to
from actions.rest.proof import ByBearer, Known, proof_of
from kitsu_bridge.address import address_of
from kitsu_bridge.rates import seconds_to_wait


class Rates(BaseThrottle):
    """Requests of any sort, by address and by person: RATE_PER_ADDRESS each. Runs count at the gate besides."""

    def allow_request(self, request: Request, view: object) -> bool:
        """Counts it; raised as 429 by DRF where it was one too many."""
        rate = settings.RATE_PER_ADDRESS
        counted = [(rate, f"rest:{address_of(request._request)}")]
        if isinstance(request.auth, Proof):
            counted.append((rate, f"rest:{request.auth.person.id}"))
        self.seconds = seconds_to_wait(counted, now=time.time())
        return not self.seconds

    def wait(self) -> int:
        """Seconds until the next one."""
        return self.seconds


class Resource(APIView):
    """One address. Answers to GET carry an ETag and are told apart by it; nobody but the one who asked may keep them."""

    schema = AutoSchema()
    authentication_classes: Any = (ByBearer,)
    permission_classes: Any = (Known,)
    throttle_classes: Any = (Rates,)
    parser_classes: Any = (StrictJSON,)
    renderer_classes: Any = (JSONRenderer,)
    metadata_class = None
    http_method_names = ("get", "head", "post", "patch", "delete")
    query: Iterable[str] = ()
    """Names that its address may carry behind the question mark; a mistyped filter must not mean everything."""

    def get_exception_handler(self) -> Any:
        """See `problems`."""
        return answer_to

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Who asks, and whether what was asked can be read at all."""
        super().initial(request, *args, **kwargs)
        _ = request._request.body  # Holds it to LARGEST_BODY: 413.
        strange = sorted(set(request.query_params) - set(self.query))
        if strange and request.method in {"GET", "HEAD"}:
            raise ValidationError(dict.fromkeys(strange, "There is no such parameter."))

    @method_decorator(conditional_page)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """With `If-None-Match`: 304 while nothing has changed."""
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers["Vary"] = "Accept, Authorization"
        return response

    @property
    def context(self) -> dict[str, Any]:
        """What shapes need to write addresses."""
        return {"request": self.request._request}

    @property
    def proof(self) -> Proof:
        """Who asks."""
        return proof_of(self.request)

    @property
    def address(self) -> str:
        """Where from."""
        return address_of(self.request._request)


class Nothing(Resource):
    """Every address that there is not."""

    permission_classes = ()
    schema = None  # type: ignore[assignment]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Whoever asks, and however."""
        self.perform_content_negotiation(request, force=True)
        raise NotFound
