"""Afanasy behind a reverse proxy, over HTTPS."""

from __future__ import annotations

from http.client import HTTPConnection

import pytest

from actions.clients.afanasy import Afanasy, Place
from actions.farms.contract import FarmAway, FarmRefuses, FarmUnsure
from tests.actions.certificates import authority
from tests.actions.clients.afanasy.jobs import job
from tests.actions.outside import a_service

__all__ = ["authority"]


def passing(server, *answers):
    """Hands requests on as a proxy does, with headers of its own; `answers` are its own, in turn, before that."""
    own = list(answers)

    def passed(got):
        if own:
            return own.pop(0)
        connection = HTTPConnection(server.host, server.port, timeout=5)
        connection.request(got.method, got.path, got.body, {**got.headers, "x-forwarded-for": "10.0.0.1"})
        reply = connection.getresponse()
        body = reply.read()
        connection.close()
        return reply.status, {"Content-Type": "application/json"}, body

    return passed


@pytest.fixture
def tls(authority):
    return authority("localhost")


def test_it_works(server, tls, mark):
    with a_service(passing(server), tls=tls) as proxy:
        farm = Afanasy(Place("localhost", proxy.port, "https"))
        sent = farm.submit(job(name="Ünï “x”"), mark)
        assert farm.find(mark) == sent
        farm.cancel(sent)
        assert farm.look([sent])[sent.id].state == "cancelled"
    assert server.of(sent.id)["name"] == "Ünï “x”"
    assert proxy.got[0].headers["host"] == f"localhost:{proxy.port}"


def test_a_proxy_with_another_name_in_its_certificate_gets_nothing(server, tls, mark):
    with a_service(passing(server), tls=tls) as proxy:
        farm = Afanasy(Place("127.0.0.1", proxy.port, "https"))
        with pytest.raises(FarmAway, match="not reached"):
            farm.submit(job(), mark)
    assert (proxy.got, server.heard) == ([], [])


@pytest.mark.parametrize("status", [302, 401, 404, 413, 502, 504])
def test_what_a_proxy_says_itself_is_no_answer_of_the_farm(server, tls, mark, status):
    own = (status, {"Location": "https://elsewhere/"}, b"<html>no</html>")
    with a_service(passing(server, own, own), tls=tls) as proxy:
        farm = Afanasy(Place("localhost", proxy.port, "https"))
        with pytest.raises(FarmAway, match=str(status)):
            farm.find(mark)
        with pytest.raises(FarmUnsure, match=str(status)):
            farm.submit(job(), mark)
    assert server.heard == []


def test_what_kills_reaches_no_proxy_either(server, tls, mark):
    with a_service(passing(server), tls=tls) as proxy, pytest.raises(FarmRefuses):
        Afanasy(Place("localhost", proxy.port, "https")).submit({"blocks": []}, mark)
    assert proxy.got == []
