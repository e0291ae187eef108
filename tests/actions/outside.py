"""Servers outside the bridge, for tests: real ones, on this machine, that answer as they are told."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Got:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


class Service:
    """Keeps what it got. `answers`: (status, headers, body) in turn, the last one for ever; or a function of what it got."""

    def __init__(self, answers):
        self.answers, self.got, self.url, self.port = answers, [], "", 0

    def answer(self, got):
        self.got.append(got)
        if callable(self.answers):
            return self.answers(got)
        return self.answers[min(len(self.got), len(self.answers)) - 1]


@contextmanager
def a_service(*answers, host="127.0.0.1", port=0, tls=None):
    """A web service: `with a_service((503, {}, b""), (200, {}, b"ok")) as service`."""
    service = Service(answers[0] if answers and callable(answers[0]) else answers or ((200, {}, b"ok"),))

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self):
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, more, content = service.answer(Got(self.command, self.path, headers, body))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **more}.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(OSError):
                self.wfile.write(content)

        def log_message(self, *args):
            """Silent."""

    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"):
        setattr(Handler, f"do_{method}", Handler.handle_any)

    class Server(ThreadingHTTPServer):
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        daemon_threads = True

        def handle_error(self, request, client_address):
            """A client that goes away is no error."""

    server = Server((host, port), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    service.port = server.server_address[1]
    name = f"[{host}]" if ":" in host else host
    service.url = f"{'https' if tls else 'http'}://{name}:{service.port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def a_port():
    """A port that nobody else takes: nothing listens there, but for a service that is started on it, until that ends."""
    with socket.socket() as kept:
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # So that `a_service(port=...)` may listen.
        kept.bind(("127.0.0.1", 0))
        yield kept.getsockname()[1]


@contextmanager
def raw_server(conversation):
    """A server of bytes: `conversation(connection, over)` in a thread for each connection; `over` is set at the end."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def talk(connection):
        with connection, suppress(OSError):
            conversation(connection, over)

    def accept():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=talk, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
