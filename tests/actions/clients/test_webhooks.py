from __future__ import annotations

import base64

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from actions.clients.webhooks import message_id, signer
from actions.contract import ActionError

SECRET = "whsec_" + base64.b64encode(b"k" * 24).decode()


def test_it_works():
    headers = signer(SECRET, message_id("invocation", "task"))('{"name": "Café"}'.encode())
    assert Webhook(SECRET).verify('{"name": "Café"}', headers) == {"name": "Café"}
    assert headers["webhook-id"] == message_id("invocation", "task") != message_id("invocation", "other")


def test_a_changed_body_or_id_is_not_signed():
    headers = signer(SECRET, "msg_1")(b"{}")
    for body, changed in (("{ }", headers), ("{}", {**headers, "webhook-id": "msg_2"})):
        with pytest.raises(WebhookVerificationError):
            Webhook(SECRET).verify(body, changed)


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "hunter2", "whsec_not base64!", "whsec_" + base64.b64encode(b"k" * 23).decode(),
               base64.b64encode(b"k" * 65).decode(), "whsec_Ä"]
)  # fmt: skip
def test_it_refuses_what_is_no_secret_of_the_standard(secret):
    with pytest.raises(ActionError) as refused:
        signer(secret, "msg_1")
    assert len(secret) < 7 or secret not in str(refused.value)
