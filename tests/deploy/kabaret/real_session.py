"""A real session of Kabaret with windows that nobody sees, in which the plugin is installed: run by the Python that has both.

    pip install kabaret redis ./deploy/kabaret
    QT_QPA_PLATFORM=offscreen python tests/deploy/kabaret/real_session.py 6379 STUDIO-1
    KB_LIVE_KABARET=redis://127.0.0.1:6379 pytest tests/actions/clients/test_kabaret.py

It says `ready` when it listens to the Redis on that port, and runs until it is ended.
"""

from __future__ import annotations

import sys

from kabaret import flow
from kabaret.app.ui import gui


class Shot(flow.Object):
    """With one task."""

    lighting = flow.Param("")


class Shots(flow.Map):
    """Made as they are asked for."""

    @classmethod
    def mapped_type(cls):
        return Shot


class Project(flow.Object):
    """`/film/shots/sh010`"""

    shots = flow.Child(Shots)


def main(port, cluster):
    session = gui.KabaretStandaloneGUISession(session_name="kabaret")
    session.cmds.Cluster.connect("127.0.0.1", port, cluster, "0", None)
    home = session.get_actor("Flow")
    if not home.has_project("film"):
        home.create_project("film", f"{Project.__module__}.{Project.__qualname__}")
        home.get_object("/film/shots").add("sh010")
    shown = []
    session.add_ticked(lambda: shown or (shown.append(print("ready", flush=True))))
    session.start()


if __name__ == "__main__":
    sys.modules["real_session"] = sys.modules["__main__"]
    Project.__module__ = "real_session"
    main(*sys.argv[1:])
