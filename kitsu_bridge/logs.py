"""Log lines: readable for people, JSON for machines, and never with a secret in them."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import structlog

from kitsu_bridge.masking import masked

PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]

PLAIN = (int, float, bool, type(None))


def _without_secrets(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value if isinstance(value, PLAIN) else _readable(value) for key, value in event.items()}


def _readable(value: object) -> Any:
    """Text and collections masked; of anything else what would be written of it, an exception's message for one."""
    return masked(value if isinstance(value, str | dict | list | tuple) else repr(value))


def configuration(log_format: str, level: str) -> dict[str, Any]:
    """Django's `LOGGING`: everything to standard error, through one formatter."""
    renderer = structlog.processors.JSONRenderer() if log_format == "json" else structlog.dev.ConsoleRenderer()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": PROCESSORS,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    _without_secrets,
                    renderer,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {"django": {"handlers": [], "level": level, "propagate": True}},
    }


structlog.configure(
    processors=[*PROCESSORS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
