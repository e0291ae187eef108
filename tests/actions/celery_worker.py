"""A real worker for tests: `python -m tests.actions.celery_worker`, with the kinds of `tests/actions/sample_kinds/` besides."""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kitsu_bridge.settings")


def with_test_kinds() -> None:
    """Let the registry find the kinds of the tests."""
    from actions import handlers
    from actions.registry import kinds

    handlers.__path__.append(str(Path(__file__).parent / "sample_kinds"))
    kinds.cache_clear()


def main() -> None:
    """Work until stopped."""
    import django

    django.setup()
    with_test_kinds()
    from django.core.management import call_command

    call_command("work")


if __name__ == "__main__":
    main()
