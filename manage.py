#!/usr/bin/env python
"""The bridge's command line: `python manage.py help` lists what it can do."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run one command; a wrong setting ends in a sentence, not in a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kitsu_bridge.settings")
    from django.core.management import execute_from_command_line

    from kitsu_bridge.env import WrongSetting

    try:
        execute_from_command_line(sys.argv)
    except WrongSetting as error:
        sys.exit(f"Kitsu Bridge cannot start. {error}")


if __name__ == "__main__":
    main()
