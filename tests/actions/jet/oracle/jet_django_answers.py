"""What jet-django answers: run by a Python that has `requirements.txt` beside it, on any cases, as JSON.

    python -m venv /somewhere && /somewhere/bin/pip install -r tests/actions/jet/oracle/requirements.txt
    /somewhere/bin/python tests/actions/jet/oracle/jet_django_answers.py < tests/actions/jet/oracle/cases.json > .../answers.json

It stands alone: nothing of the bridge is imported.
"""

from __future__ import annotations

import json
import sys
import tempfile

import django
from django.conf import settings

RIGHT = "right"
FOLDER = tempfile.mkdtemp()


def configured():
    settings.configure(
        SECRET_KEY="oracle",
        DEBUG=False,
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=["django.contrib.contenttypes", "jet_django"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{FOLDER}/oracle.sqlite3"}},
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        JET_BEARER_AUTH_KEY=RIGHT,
        JET_BACKEND_API_BASE_URL="http://127.0.0.1:9",
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
    headers = {f"HTTP_{name.upper()}": value for name, value in case.get("headers", {}).items()}
    path = f"/api/{case.get('path', 'messages/')}"
    answer = client.generic(
        case.get("method", "POST"), path, case.get("body", ""), case.get("type", "application/json"), **headers
    )
    return {"status": answer.status_code, "type": answer.headers["Content-Type"], "body": answer.content.decode()}


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
    json.dump({"about": about, "answers": found}, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    sys.modules[__name__] = sys.modules["__main__"]
    main()
