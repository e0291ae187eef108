"""What jet-django answers: run by a Python that has `requirements.txt` beside it, on any cases, as JSON.

    python -m venv /somewhere && /somewhere/bin/pip install -r tests/actions/jet/oracle/requirements.txt
    /somewhere/bin/python tests/actions/jet/oracle/jet_django_answers.py < tests/actions/jet/oracle/cases.json > .../answers.json

It stands alone: nothing of the bridge is imported.
"""

from __future__ import annotations

import json
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import django
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

RIGHT, PROJECT = "right", "studio"
FOLDER = tempfile.mkdtemp()
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Backend(BaseHTTPRequestHandler):
    """What Jet's own servers say of tokens (`project_auth` in jet_bridge_base/utils/backend.py)."""

    def do_POST(self):
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        good = self.path == "/project_auth/" and sent.get("token") == [RIGHT]
        self.send_response(200 if good else 403)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args):
        """Silent."""


def backend():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Backend)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def a_jwt():
    """As Jet's servers sign them, for a person of the project."""
    return jwt.encode({"user": 1, "projects": {PROJECT: {}}}, KEY, algorithm="RS256")


def configured():
    public = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    settings.configure(
        SECRET_KEY="oracle",
        DEBUG=False,
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=["django.contrib.contenttypes", "jet_django"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{FOLDER}/oracle.sqlite3"}},
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        JET_BEARER_AUTH_KEY=RIGHT,
        JET_PROJECT=PROJECT,
        JET_TOKEN="of-the-project",
        JET_JWT_VERIFY_KEY=public,
        JET_BACKEND_API_BASE_URL=backend(),
        JET_STORE_PATH=f"{FOLDER}/store.sqlite3",
        JET_CONFIG=f"{FOLDER}/jet.conf",
        LOGGING_CONFIG=None,
    )
    django.setup()


def handlers():
    from jet_bridge_base.exceptions.permission_denied import PermissionDenied
    from jet_bridge_base.exceptions.validation_error import ValidationError

    def raises(error):
        def handler(name, params):
            raise error

        return handler

    return {
        "says_true": lambda name, params: {"result": True},
        "says_back": lambda name, params: {"name": name, "params": params},
        "says_nothing": lambda name, params: None,
        "wrong_field": raises(ValidationError({"title": ValidationError("too long")})),
        "wrong": raises(ValidationError("not today")),
        "denied": raises(PermissionDenied()),
        "breaks": raises(RuntimeError("our fault")),
    }


def asked(client, case):
    headers = {f"HTTP_{name.upper()}": value.replace(f"JWT {RIGHT}", f"JWT {a_jwt()}")
               for name, value in case.get("headers", {}).items()}  # fmt: skip
    path = f"/api/{case.get('path', 'messages/')}"
    answer = client.generic(
        case.get("method", "POST"), path, case.get("body", ""), case.get("type", "application/json"), **headers
    )
    return {"status": answer.status_code, "type": answer.headers["Content-Type"], "body": answer.content.decode()}


def fields():
    """How it describes columns of a table, by name: the form in which Jet Admin reads choices and foreign keys."""
    from jet_bridge_base.views.model_description import map_column
    from sqlalchemy import Column, Enum, ForeignKey, Integer, MetaData, Table

    metadata = MetaData()
    Table("person", metadata, Column("id", Integer, primary_key=True))
    columns = [Column("pace", Enum("slow", "fast")), Column("who", ForeignKey("person.id"))]
    table = Table("work", metadata, Column("id", Integer, primary_key=True), *columns)
    found = {}
    for column in columns:
        said = map_column(metadata, table.columns[column.name], True, False)
        params = {name: list(value) if isinstance(value, map) else value for name, value in said["params"].items()}
        found[column.name] = {"field": said["field"], "params": params}
    return found


def main():
    configured()
    from django.test import Client
    from django.urls import include, path
    from jet_bridge_base.messages import add_handler

    globals()["urlpatterns"] = [path("api/", include("jet_django.urls"))]
    for name, handler in handlers().items():
        add_handler(name, handler)
    client = Client(raise_request_exception=False)
    cases = json.load(sys.stdin)
    import jet_django

    found = {name: asked(client, case) for name, case in cases.items()}
    about = {"jet-django": jet_django.VERSION, "django": django.get_version(), "python": sys.version.split()[0]}
    json.dump({"about": about, "answers": found, "fields": fields()}, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    sys.modules[__name__] = sys.modules["__main__"]
    main()
