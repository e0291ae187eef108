from __future__ import annotations

import pytest

from audit.models import Event, Particulars, write_event
from audit.models.event import NeverChanged, new_event
from audit.seals.binding import bound
from audit.states import Happened
from kitsu_bridge.kitsu.people import Person

HANA = Person("p1", "hana@studio.example", "Hana Sato", "manager")


def test_it_works(db):
    written = write_event(
        Happened.ACTION_CHANGED, subject="action:review", actor=HANA, text="Review", data={"a": 1}, personal={"b": 2}
    )
    kept = Event.objects.get(pk=written.pk)
    assert (kept.actor_id, kept.actor_name, kept.text, kept.data, kept.personal) == (
        "p1",
        "Hana Sato",
        "Review",
        {"a": 1},
        {"b": 2},
    )
    apart = kept.particulars
    assert kept.who_bound == bound(apart.who_salt, {"id": "p1", "name": "Hana Sato", "more": {"b": 2}})
    assert kept.words_bound == bound(apart.words_salt, {"text": "Review", "data": {"a": 1}})


def test_it_keeps_nothing_of_a_person_in_the_event_itself(db):
    write_event(Happened.SIGN_IN_REFUSED, subject="sign_in", actor=HANA, personal={"email": "hana@studio.example"})
    (row,) = Event.objects.values()
    assert not any("hana" in str(value).lower() for value in row.values())


def test_it_salts_the_same_words_differently(db):
    first, second = (write_event(Happened.SIGNED_IN, actor=HANA) for _ in range(2))
    assert first.who_bound != second.who_bound


def test_it_leaves_empty_parts_unbound(db):
    event = write_event(Happened.RECEIVED)
    assert (event.who_bound, event.words_bound, event.particulars.who_salt) == ("", "", "")


def test_it_reads_both_at_once(db, django_assert_num_queries):
    Event.objects.bulk_create([new_event(Happened.SIGNED_IN, actor=HANA) for _ in range(3)])
    with django_assert_num_queries(1):
        assert {event.actor_name for event in Event.objects.all()} == {"Hana Sato"}


def test_it_keeps_hostile_words(db):
    event = write_event(Happened.SIGNED_IN, subject="a\x00b", text="x\x00\ud800", data={"\x00": float("inf")})
    assert Event.objects.get(pk=event.pk).data == {"": "inf"}


@pytest.mark.parametrize("change", ["save", "delete", "update", "delete all"])
def test_it_refuses_changes(db, change):
    event = write_event(Happened.SIGNED_IN)
    changes = {
        "save": event.save,
        "delete": event.delete,
        "update": lambda: Event.objects.update(what="x"),
        "delete all": Event.objects.all().delete,
    }
    with pytest.raises(NeverChanged):
        changes[change]()
    assert Particulars.objects.count() == 1
