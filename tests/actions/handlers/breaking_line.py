"""A line to a real Zou that breaks at the worst moment: Zou has written, and its answer does not arrive."""

from __future__ import annotations

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class BreakingLine:
    """Passes requests on to a server; `breaks_after`: the answer to that writing request, counted from now, is lost."""

    def __init__(self, url):
        self._to = urlsplit(url)
        self._lock, self._left = threading.Lock(), 10**9
        line = self

        class Passing(BaseHTTPRequestHandler):
            def __getattr__(self, name):
                if name.startswith("do_"):
                    return lambda: line.pass_on(self)
                raise AttributeError(name)

            def log_message(self, *args):
                """Not on the screen."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Passing)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}{self._to.path}"

    def breaks_after(self, writes):
        self._left = writes

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def pass_on(self, asked):
        body = asked.rfile.read(int(asked.headers.get("Content-Length") or 0))
        there = http.client.HTTPConnection(self._to.hostname, self._to.port, timeout=30)
        there.request(asked.command, asked.path, body, {**asked.headers, "Host": self._to.netloc})
        answer = there.getresponse()
        content = answer.read()
        there.close()
        if asked.command in {"POST", "PUT"} and self._is_the_one():
            asked.close_connection = True
            return
        asked.send_response(answer.status)
        for name in ("Content-Type", "Content-Encoding"):
            if answer.headers.get(name):
                asked.send_header(name, answer.headers[name])
        asked.send_header("Content-Length", str(len(content)))
        asked.end_headers()
        asked.wfile.write(content)

    def _is_the_one(self):
        with self._lock:
            self._left -= 1
            return self._left == 0
