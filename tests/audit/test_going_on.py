"""When the page of a waiting invocation goes on by itself."""

from __future__ import annotations

import pytest

from audit.access import SALT_CALL, signing
from audit.states import State, Trust, WaitingFor

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(browser):
    """The page's text in a browser of Noa's, by default the one that made the call."""

    def look(invocation, here=True):
        noa = browser("noa")
        if here:
            noa.cookies[f"call_{invocation.pk.hex}"] = signing.dumps(str(invocation.pk), salt=SALT_CALL)
        return noa.get(invocation.get_absolute_url()).text

    return look


def test_it_works(opened, an_invocation):
    waiting = an_invocation("noa", trust=Trust.NONE, state=State.WAITING, waiting_for=WaitingFor.SIGN_IN)
    assert "data-goes-on" in opened(waiting)


@pytest.mark.parametrize(
    ("name", "waiting_for", "trust"),
    [
        ("pixelworks", WaitingFor.SIGN_IN, Trust.NONE),
        ("", WaitingFor.SIGN_IN, Trust.NONE),
        ("noa", WaitingFor.CONFIRMATION, Trust.NONE),
        # The worker's wait for Kitsu: the page would send it again and again, as fast as Kitsu fails.
        ("noa", WaitingFor.KITSU, Trust.PROVEN),
    ],
)
def test_it_waits_for_the_one_it_names_and_what_needs_proof(name, waiting_for, trust, opened, an_invocation):
    waiting = an_invocation(name, trust=trust, state=State.WAITING, waiting_for=waiting_for)
    assert "data-goes-on" not in opened(waiting)


def test_it_goes_on_in_the_browser_that_made_the_call_only(opened, an_invocation):
    waiting = an_invocation("noa", trust=Trust.CLAIMED, state=State.WAITING, waiting_for=WaitingFor.SIGN_IN)
    assert "data-goes-on" not in opened(waiting, here=False)
