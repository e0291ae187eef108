"""The kind in the whole line: its page."""

from __future__ import annotations

import pytest

from actions.worker.run import carry_out
from audit.states import State
from tests.actions.mailbox import a_mailbox
from tests.actions.outside import a_service
from tests.audit.conftest import browser  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ran(an_action, a_queued_invocation, settings):
    settings.EMAIL_FROM = "Kitsu Bridge <bridge@studio.example>"
    settings.CALL_URL_PRIVATE = ["127.0.0.1"]

    def run(**options):
        invocation = a_queued_invocation(an_action("notify", options=options), count=2)
        carry_out(str(invocation.pk))
        invocation.refresh_from_db()
        return invocation

    return run


def test_it_works(ran, browser, settings):  # noqa: F811
    with a_mailbox(settings) as box:
        done = ran(to="lead@studio.example", text="<b>{action_name}</b>")
    assert (done.state, len(box.mails)) == (State.SUCCEEDED, 1)
    page = browser("ada").get(done.get_absolute_url()).content.decode()
    assert all(words in page for words in ("<dd>lead@studio.example</dd>", "&lt;b&gt;Notify", "Is in the message."))


def test_an_address_of_a_service_is_nowhere_on_the_page(ran, browser, monkeypatch):  # noqa: F811
    with a_service((403, {}, b"invalid_token")) as server:
        monkeypatch.setenv("BRIDGE_SECRET_HOOK", f"{server.url}/hooks/secret-part")
        done = ran(service="slack", webhook="HOOK")
    assert (done.state, len(server.got)) == (State.FAILED, 1)
    page = browser("ada").get(done.get_absolute_url()).content.decode()
    assert "Slack did not take it: 403 invalid_token" in page
    assert "secret-part" not in page
