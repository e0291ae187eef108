"""Where metrics come from: functions that apps add with `@source`, and the wiring's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import structlog
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily

from kitsu_bridge import __version__
from kitsu_bridge.health.parts import parts

log = structlog.get_logger(__name__)

Source = Callable[[], Iterable[Metric]]
_Any = TypeVar("_Any", bound=Source)
_sources: list[Source] = []


def source(function: _Any) -> _Any:
    """Have a function's metrics told. Labels are words that the bridge chooses: never a person, a task or a text."""
    _sources.append(function)
    return function


class Everything:
    """All metrics there are, as prometheus_client collects them."""

    def collect(self) -> Iterator[Metric]:
        """Those of each source; one that cannot be asked is left out, and said to be."""
        asked = GaugeMetricFamily(
            "kitsu_bridge_source_up", "Whether these metrics could be read: 1 or 0.", labels=["source"]
        )
        for one in _sources:
            try:
                found = list(one())
            except Exception as error:  # noqa: BLE001 - a database that is down must not hide the rest
                log.warning("Metrics cannot be read", source=one.__name__, error=type(error).__name__)
                found = []
                asked.add_metric([one.__name__], 0)
            else:
                asked.add_metric([one.__name__], 1)
            yield from found
        yield asked


@source
def about() -> Iterator[Metric]:
    """Which version it is."""
    yield InfoMetricFamily("kitsu_bridge", "The bridge.", value={"version": __version__})


@source
def health() -> Iterator[Metric]:
    """How the parts are, as `/health/ready` says it; Kitsu is one of them."""
    up = GaugeMetricFamily(
        "kitsu_bridge_part_up", "Whether a part of the bridge is well, as /health/ready says: 1 or 0.", labels=["part"]
    )
    took = GaugeMetricFamily(
        "kitsu_bridge_part_answer_seconds", "How long a part took to say how it is.", labels=["part"]
    )
    for part in parts():
        name = part.name.lower()
        up.add_metric([name], int(part.good))
        took.add_metric([name], part.took)
    yield up
    yield took
