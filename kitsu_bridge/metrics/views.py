"""`/metrics`: for whoever comes from an address of METRICS_FROM, or has METRICS_TOKEN."""

from __future__ import annotations

import hmac
import ipaddress
import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from kitsu_bridge.address import address_of
from kitsu_bridge.metrics.sources import Everything
from kitsu_bridge.rates import seconds_to_wait

FAILURES = "30/minute"
"""Wrong tokens from one address; beyond them, none is looked at."""


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All metrics, in Prometheus' text format or OpenMetrics, as the Accept header asks for."""
    refused = None if _from_here(request) else _without_token(request)
    if refused is not None:
        return refused
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return HttpResponse(encode(_registry), content_type=content_type)


class _Collector(Everything, Collector):
    def describe(self) -> list[object]:
        """Nothing beforehand: else all would be read once more when it is registered."""
        return []


_registry = CollectorRegistry(auto_describe=False)
_registry.register(_Collector())


def _from_here(request: HttpRequest) -> bool:
    """Whether the address is one of METRICS_FROM. Behind a proxy that is not trusted nobody knows whose address it is."""
    passed_on = {"X-Forwarded-For", "Forwarded"} & set(request.headers)
    if passed_on and not settings.TRUST_PROXY:
        return False
    try:
        address = ipaddress.ip_address(address_of(request))
    except ValueError:
        return False
    plain = getattr(address, "ipv4_mapped", None) or address
    return any(plain in ipaddress.ip_network(network, strict=False) for network in settings.METRICS_FROM)


def _without_token(request: HttpRequest) -> HttpResponse | None:
    """None for who has the token; else 401, or 403 where there is none that would help."""
    if not settings.METRICS_TOKEN:
        return _said(403, "Metrics are told to the addresses of METRICS_FROM only.")
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    right = hmac.compare_digest(given.strip().encode(), settings.METRICS_TOKEN.encode())
    if scheme.lower() == "bearer" and right:
        return None
    wait = seconds_to_wait([(FAILURES, f"metrics:{address_of(request)}")], now=time.time())
    if wait:
        return _said(429, "Too many wrong tokens.", {"Retry-After": str(wait)})
    return _said(401, "Metrics need a token.", {"WWW-Authenticate": 'Bearer realm="metrics"'})


def _said(status: int, text: str, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8", headers=headers or {})
