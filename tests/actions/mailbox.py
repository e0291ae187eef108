"""A mail server for tests: it takes mail over SMTP and keeps it."""

from __future__ import annotations

import base64
import email
import email.policy
import socketserver
import threading
from contextlib import contextmanager


class Mailbox:
    """`mails` as they came; `refused` addresses get a 550; with `breaks_after` so many mails the connection breaks once."""

    def __init__(self, refused=(), breaks_after=None, password=""):
        self.mails, self.refused, self.breaks_after, self.password = [], set(refused), breaks_after, password
        self.recipients, self.connections, self.port = [], 0, 0


class Conversation(socketserver.StreamRequestHandler):
    """What RFC 5321 needs at least."""

    def handle(self):
        box = self.server.box
        box.connections += 1
        self.say("220 test")
        while line := self.rfile.readline():
            word, _, rest = line.decode().strip().partition(" ")
            if box.breaks_after == len(box.mails) and word.upper() == "MAIL":
                box.breaks_after = None
                return
            if word.upper() == "QUIT":
                self.say("221 bye")
                return
            getattr(self, f"on_{word.lower()}", self.on_other)(box, rest)

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())

    def on_ehlo(self, box, rest):
        self.wfile.write(
            b"250-test\r\n250-8BITMIME\r\n250 AUTH PLAIN\r\n" if box.password else b"250-test\r\n250 8BITMIME\r\n"
        )

    def on_auth(self, box, rest):
        given = base64.b64decode(rest.split()[1]).split(b"\0")[2].decode()
        self.say("235 in" if given == box.password else "535 no")

    def on_mail(self, box, rest):
        self.to = []
        self.say("250 ok")

    def on_rcpt(self, box, rest):
        address = rest.partition(":<")[2].partition(">")[0]
        if address in box.refused:
            self.say("550 no such mailbox")
        else:
            self.to.append(address)
            self.say("250 ok")

    def on_data(self, box, rest):
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        box.mails.append(email.message_from_bytes(b"".join(lines), policy=email.policy.default))
        box.recipients.append(self.to)
        self.say("250 taken")

    def on_other(self, box, rest):
        self.say("250 ok")


@contextmanager
def a_mailbox(settings, **more):
    """The mail server, with Django's settings pointing to it."""

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    box = Mailbox(**more)
    with Server(("127.0.0.1", 0), Conversation) as server:
        server.box, box.port = box, server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_TIMEOUT = 5
        try:
            yield box
        finally:
            server.shutdown()
