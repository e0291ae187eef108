"""The listener: hears that something happened, reads what, fits it to the rules, starts what they say.

Any number may run; one reads, the others wait for its place. Kitsu being away ends nothing: it is asked again, after longer and
longer pauses, and what happened meanwhile is read when it is back.
"""

from __future__ import annotations

import os
import socket
import threading
import time
import uuid

import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections
from django.utils import timezone

from actions.listening import position, reading
from actions.listening.facts import read_facts
from actions.listening.fitting import fitting
from actions.listening.starting import start
from actions.models import Occasion, Position, Rule
from kitsu_bridge.kitsu.errors import KitsuError, KitsuUnavailable
from kitsu_bridge.kitsu.events import KitsuEvent
from kitsu_bridge.kitsu.studio import studio

log = structlog.get_logger(__name__)

KEPT_SOON = 0.3
"""Seconds after which an event that the stream told of is in the list; the overlap catches those that take longer."""

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before the stream is tried again; twice as long after each further failure."""

AT_ONCE = 200
"""Events between two notes of the position."""

ABSENT = 120
"""Seconds without reading, after which it is asked whether Kitsu still has everything."""


class Listener:
    """One listener; `listen` works until it is told to stop."""

    def __init__(self, stopped: threading.Event) -> None:
        self.stopped = stopped
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"[:200]
        self._bell = threading.Event()

    def stop(self) -> None:
        """At once, whatever it waits for."""
        self.stopped.set()
        self._ring()

    def listen(self) -> None:
        """Round after round: at each sound of the stream, and every `LISTEN_EVERY` seconds without one."""
        following = threading.Thread(target=self._follow, name="kitsu-events", daemon=True)
        following.start()
        while not self.stopped.is_set():
            self._round_safely()
            self._wait()
        position.leave(self.holder)
        connections.close_all()
        following.join(timeout=2)

    def round(self) -> int:
        """Read what is new and deal with it; how many occasions it made."""
        place = position.take(self.holder)
        if place is None:
            return 0
        rules = list(Rule.objects.filter(enabled=True))
        if not rules or place.read_to is None:
            position.begin(self.holder, reading.newest())
            return 0
        return self._catch_up(place, rules)

    def _catch_up(self, place: Position, rules: list[Rule]) -> int:
        assert place.read_to is not None
        names = sorted({rule.event for rule in rules})
        self._look_for_gap(place, names)
        events = reading.since(place.read_to, names)
        made = 0
        for first in range(0, len(events), AT_ONCE):
            made += self._deal_with(events[first : first + AT_ONCE], rules)
            if position.take(self.holder) is None or not position.move(self.holder, events[: first + AT_ONCE][-1]):
                return made
        position.note_read(self.holder)
        return made

    def _deal_with(self, events: list[KitsuEvent], rules: list[Rule]) -> int:
        names = {rule.event for rule in rules}
        wanted = [event for event in events if event.name in names]
        rows = Occasion.objects.filter(event_id__in=[event.id for event in wanted])
        done = {(str(event_id), rule_id) for event_id, rule_id in rows.values_list("event_id", "rule_id")}
        fresh = [event for event in wanted if any((event.id, rule.pk) not in done for rule in rules)]
        facts = read_facts(fresh)
        left = (
            (event, rule)
            for event in fresh
            for rule in fitting(event, rules, facts)
            if (event.id, rule.pk) not in done
        )  # fmt: skip
        return sum(start(event, rule, facts) is not None for event, rule in left)

    def _look_for_gap(self, place: Position, names: list[str]) -> None:
        """After an absence: the last event that was read must still be there, else nobody knows what else is gone."""
        away = place.read_at is None or (timezone.now() - place.read_at).total_seconds() > ABSENT
        if away and place.event_id and not reading.still_kept(place.event_id):
            assert place.read_to is not None
            position.note_gap(self.holder, place.read_to, reading.oldest_after(place.read_to, names))

    def _round_safely(self) -> None:
        try:
            self._round_or_trouble()
        except DatabaseError as error:
            log.warning("The database did not take it; the next round tries again", error=type(error).__name__)
        finally:
            close_old_connections()

    def _round_or_trouble(self) -> None:
        try:
            if made := self.round():
                log.info("Rules fitted", occasions=made)
        except KitsuError as error:
            log.warning("Kitsu's events cannot be read", error=type(error).__name__)
            position.note_trouble(self.holder, str(error))

    def _wait(self) -> None:
        """Until the stream tells of something, or for as long as the settings say; the place is kept meanwhile."""
        end = time.monotonic() + settings.LISTEN_EVERY
        while (left := end - time.monotonic()) > 0 and not self.stopped.is_set():
            if self._bell.wait(min(left, position.HELD.total_seconds() / 3)):
                self.stopped.wait(KEPT_SOON)
                self._bell.clear()
                return
            self._keep_place()

    def _keep_place(self) -> None:
        try:
            position.take(self.holder)
        except DatabaseError as error:
            log.warning("The database cannot be reached", error=type(error).__name__)
        finally:
            close_old_connections()

    def _follow(self) -> None:
        """Hang on the stream; when it ends, again, after longer and longer pauses."""
        pause = FIRST_PAUSE
        while not self.stopped.is_set():
            began = timezone.now()
            try:
                studio().follow(self._ring, self.stopped)
            except KitsuUnavailable as error:
                log.warning("Kitsu's event stream is away", error=type(error).__name__, again_in=pause)
            except KitsuError as error:
                log.warning("Kitsu's event stream refuses the bot", error=type(error).__name__, again_in=pause)
            lasted = (timezone.now() - began).total_seconds()
            pause = FIRST_PAUSE if lasted > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
            self.stopped.wait(pause)

    def _ring(self) -> None:
        self._bell.set()


def listen_until(stopped: threading.Event) -> None:
    """Listen until told to stop."""
    Listener(stopped).listen()
