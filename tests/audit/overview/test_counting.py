"""Days of the record are counted, and what is settled stays."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum
from django.utils import timezone

from actions.line.sweeper import sweep
from audit.models import Day, DayCount, DayTime, Invocation
from audit.overview import counting
from audit.overview.counting import count_day, count_days
from audit.states import Door, State, Trust

TENTH = date(2026, 3, 10)


def total():
    return DayCount.objects.filter(side=DayCount.Side.KIND).aggregate(sum=Sum("count"))["sum"]


def counted(side, *fields):
    return sorted(DayCount.objects.filter(side=side).values_list(*fields, "count"))


def test_it_works(a_run, project_ids):
    tide, keeper = project_ids["Ninth Tide"], project_ids["The Lantern Keeper"]
    a_run()
    a_run(project_ids=[tide])
    a_run(project_ids=[tide, keeper])
    a_run(project_ids=[keeper, tide])
    a_run(state=State.REFUSED, reason_code="rate")
    a_run(day=11)
    assert count_day(TENTH)
    assert counted("kind", "key", "door", "state") == [
        ("debug", "form", "refused", 1),
        ("debug", "form", "succeeded", 4),
    ]
    assert counted("production", "key", "state") == sorted(
        [("", "refused", 1), ("", "succeeded", 1), (tide, "succeeded", 3), (keeper, "succeeded", 2)]
    )
    assert counted("reason", "key") == [("rate", 1)]
    assert counted("action", "key", "state") == [("review", "refused", 1), ("review", "succeeded", 4)]


def test_it_measures_waiting_and_running(a_run):
    for _ in range(3):
        a_run(waited=2, ran=60)
    a_run(waited=0, ran=0)
    a_run(state=State.REFUSED)
    count_day(TENTH)
    rows = {row.what: row for row in DayTime.objects.all()}
    assert {what: sorted(row.steps.values()) for what, row in rows.items()} == {"running": [1, 3], "waiting": [1, 3]}
    assert rows["running"].seconds == pytest.approx(180, abs=0.1)


def test_strangers_do_not_fill_it(a_run):
    for number in range(3):
        unproven = a_run(state=State.REFUSED, action_slug=f"guess-{number}", kind="", reason_code="unknown_action")
        Invocation.objects.filter(pk=unproven.pk).update(trust=Trust.NONE, person_id=f"nobody-{number}")
    count_day(TENTH)
    assert {(row.key, row.count) for row in DayCount.objects.exclude(side="reason")} == {("", 3)}
    assert counted("reason", "key") == [("unknown_action", 3)]


@pytest.fixture
def two_days_ago():
    return timezone.now() - timedelta(days=2)


def test_a_day_is_settled_when_it_is_over_and_nothing_is_open(a_run, two_days_ago):
    waiting = a_run(state=State.WAITING, received_at=two_days_ago)
    day = timezone.localtime(two_days_ago).date()
    assert count_days() == 3
    assert not Day.objects.get(day=day).settled
    assert count_days() == 0  # They were just counted.
    waiting.move(State.EXPIRED, when={State.WAITING})
    Day.objects.update(counted_at=timezone.now() - timedelta(minutes=2))
    count_days()
    assert Day.objects.get(day=day).settled
    assert DayCount.objects.get(day=day, side="kind").state == State.EXPIRED
    assert not Day.objects.get(day=timezone.localdate()).settled


def test_a_settled_day_is_left_alone(a_run, two_days_ago):
    a_run(received_at=two_days_ago)
    count_days()
    a_run(received_at=two_days_ago)
    Day.objects.update(counted_at=timezone.now() - timedelta(minutes=2))
    count_days()
    assert total() == 1


def test_a_round_has_its_time(a_run, monkeypatch):
    a_run()
    monkeypatch.setattr(counting, "LONGEST", -1.0)
    assert count_days() == 1
    assert Day.objects.get().day == timezone.localdate()  # The newest first.


def test_of_two_who_count_one_does(a_run, monkeypatch):
    a_run()
    real = counting.Day.objects.get_or_create

    def beaten(**given):
        found = real(**given)
        Day.objects.update(counted_at=timezone.now())  # Somebody else begins at this very moment.
        return found

    monkeypatch.setattr(counting.Day.objects, "get_or_create", beaten)
    assert not count_day(TENTH)
    assert not DayCount.objects.exists()


def test_what_retention_took_stays_counted(a_run):
    gone, _ = a_run(), a_run()
    count_day(TENTH)
    Invocation.objects.filter(pk=gone.pk).delete()
    assert not count_day(TENTH)
    assert total() == 2
    assert count_day(TENTH, even_if_fewer=True)
    assert total() == 1


def test_days_begin_where_the_studio_is(a_run, settings):
    settings.TIME_ZONE = "Asia/Tokyo"
    late = a_run(received_at=timezone.datetime(2026, 3, 10, 16, tzinfo=timezone.get_fixed_timezone(0)))  # 1 in Tokyo.
    assert count_day(date(2026, 3, 11))
    assert total() == 1
    assert late.received_at.day == 10


def test_the_sweeper_counts(a_run):
    a_run(received_at=timezone.now())
    assert sweep()["days counted"] == 1
    assert total() == 1


def test_a_command_counts_anew(a_run):
    a_run()
    a_run(day=12, door=Door.AJAX)
    said = StringIO()
    call_command("count_days", since=TENTH, until=date(2026, 3, 12), stdout=said)
    assert said.getvalue() == "Counted 3 days; 0 kept as they were.\n"
    assert total() == 2


def test_an_empty_record_has_nothing_to_count(db):
    assert count_days() == 0
    with pytest.raises(CommandError, match="empty"):
        call_command("count_days")
