"""Sessions of Kabaret to speak to: a small one that answers as the plugin does, or a real one where that can be had."""

from __future__ import annotations

import getpass
import json
import os
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

from redis import Redis

KABARET = Path(__file__).resolve().parents[3] / "deploy/kabaret"
sys.path.insert(0, str(KABARET))

from kitsu_bridge_kabaret.opening import answer_to, request_in  # noqa: E402

LIVE = os.environ.get("KB_LIVE_KABARET", "")
"""The Redis of a real Kabaret, such as `redis://host:6379`, where `real_session.py` runs in the cluster `LIVE_CLUSTER`."""

LIVE_CLUSTER = "STUDIO-1"
REDIS = LIVE or os.environ.get("TEST_REDIS_URL", "")
ME = getpass.getuser()


class View:
    """What shows."""

    def __init__(self, oid=""):
        self.oid = oid

    def goto_request(self, oid):
        self.oid = oid

    def ensure_visible(self): ...


class Flow:
    """A project with one shot; it fails for others as kabaret 2.4.1 does."""

    known = ("/film", "/film/shots", "/film/shots/sh010")

    def exists(self, oid):
        if oid.split("/")[1] != "film":
            raise KeyError(oid)
        return oid in self.known


class Session:
    """As much of a session as the plugin touches; `views` is what shows."""

    def __init__(self, *views):
        self.views = list(views)
        self.cmds = self
        self.Flow = Flow()

    def session_uid(self):
        return f"{ME}:kabaret-1@ws12"

    def find_view(self, _type):
        return next(iter(self.views), None)

    def add_view(self, _type, oid):
        self.views.append(View(oid))

    @contextmanager
    def listening(self, cluster, hear=None):
        """In a thread of its own, as a session hears the channel."""
        redis, ended = Redis.from_url(REDIS), threading.Event()
        channel = redis.pubsub()
        channel.subscribe(f"{cluster}:kitsu_bridge")
        assert channel.get_message(timeout=5)
        thread = threading.Thread(
            target=self._listen, args=(redis, channel, cluster, ended, hear or self._hear(cluster))
        )
        thread.start()
        try:
            yield self
        finally:
            ended.set()
            thread.join()
            channel.close()
            redis.close()

    def _listen(self, redis, channel, cluster, ended, hear):
        while not ended.is_set():
            message = channel.get_message(ignore_subscribe_messages=True, timeout=0.05)
            if message:
                hear(redis, message)

    def _hear(self, cluster):
        def hear(redis, message):
            if asked := request_in(message["data"], ME):
                redis.publish(f"{cluster}:kitsu_bridge_ack", json.dumps(answer_to(asked, self)))

        return hear


@contextmanager
def running(cluster):
    """A cluster in which this user has a session with `/film/shots/sh010`: a real one with KB_LIVE_KABARET."""
    if LIVE:
        yield LIVE_CLUSTER
        return
    with Session().listening(cluster):
        yield cluster
