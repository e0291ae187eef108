"""The WSGI application, for gunicorn and its like."""

from __future__ import annotations

import os
import sys

from django.core.wsgi import get_wsgi_application

from kitsu_bridge.env import WrongSetting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kitsu_bridge.settings")
try:
    application = get_wsgi_application()
except WrongSetting as error:
    sys.exit(f"Kitsu Bridge cannot start. {error}")
