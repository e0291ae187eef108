from __future__ import annotations

from actions.line import known
from actions.line.known import action_of
from actions.models import Action


def test_it_works(an_action):
    assert action_of(an_action().slug).name == "Debug"


def test_it_reads_once_a_second(an_action, django_assert_num_queries, monkeypatch):
    slug = an_action().slug
    monkeypatch.setattr(known, "KEPT", 3600.0)
    with django_assert_num_queries(1):
        assert action_of(slug) is action_of(slug)
    monkeypatch.setattr(known, "KEPT", 0.0)
    with django_assert_num_queries(1):
        action_of(slug)


def test_it_hears_of_a_change_at_once(an_action):
    action = an_action()
    assert action_of(action.slug).enabled
    action.enabled = False
    action.save()
    assert not action_of(action.slug).enabled
    action.delete()
    assert action_of(action.slug) is None


def test_it_hears_of_a_change_when_it_is_committed(an_action, django_capture_on_commit_callbacks):
    action = an_action()
    with django_capture_on_commit_callbacks(execute=True):
        action.save()
        action_of(action.slug)  # As another thread would, before the commit.
        Action.objects.filter(pk=action.pk).update(enabled=False)
    assert not action_of(action.slug).enabled


def test_it_keeps_no_unknown_name(db):
    assert action_of("nothing-here") is None
    assert action_of("nul\x00") is None
    assert not known._kept
