from __future__ import annotations

import pytest

from kitsu_bridge.env import WrongSetting
from kitsu_bridge.mail import MailServer, check_sender, mail_server

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("", MailServer()),
        ("smtp://mail.studio", MailServer(SMTP, "mail.studio", 25)),
        ("smtp+tls://ada:p%40ss@mail.studio:2587", MailServer(SMTP, "mail.studio", 2587, "ada", "p@ss", starttls=True)),
        ("smtps://ada:pass@mail.studio", MailServer(SMTP, "mail.studio", 465, "ada", "pass", tls=True)),
        ("console:", MailServer("django.core.mail.backends.console.EmailBackend")),
    ],
)
def test_it_works(url, server):
    assert mail_server(url) == server
    assert server.there == bool(url)
    assert "pass" not in repr(server)


@pytest.mark.parametrize("url", ["mail.studio", "smtp://", "http://sesame@h", "smtp://u:sesame@h:99999", "smtp://u:sesame@h/x",
                                 "smtp://[::1", "smtp+ssl://u:sesame@h"])  # fmt: skip
def test_it_refuses_what_is_no_mail_server_without_repeating_it(url):
    with pytest.raises(WrongSetting) as refused:
        mail_server(url)
    assert "sesame" not in str(refused.value)


@pytest.mark.parametrize("sender", ["", "nobody", "Ada <ada>", "a b@c d"])
def test_a_server_needs_a_sender(sender):
    with pytest.raises(WrongSetting):
        check_sender(mail_server("console:"), sender)
    check_sender(mail_server("console:"), "Kitsu Bridge <bridge@studio.example>")


def test_a_sender_needs_a_server():
    with pytest.raises(WrongSetting):
        check_sender(MailServer(), "bridge@studio.example")
