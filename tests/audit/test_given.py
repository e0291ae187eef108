from __future__ import annotations

from audit.given import words_of
from audit.states import Door, Happened

WORDS = {"Status": "Work In Progress", "File": "a.png"}


def given(**parameters):
    return {"status": "a5cad271", "file": {"file": "1", "name": "a.png"}} | parameters


def asked(an_invocation):
    first = an_invocation("noa", parameters=given())
    first.event(Happened.GIVEN, answers=WORDS).save()
    return first


def test_it_works(an_invocation):
    assert words_of(asked(an_invocation)) == WORDS


def test_it_finds_the_words_of_what_was_run_again_unchanged(an_invocation, browser):
    again = {"door": Door.RERUN, "parameters": given(file={"file": "2", "name": "a.png"})}
    second = an_invocation("noa", rerun_of=asked(an_invocation), **again)
    third = an_invocation("noa", rerun_of=second, **again)
    assert words_of(third) == WORDS
    assert "Work In Progress" in browser("noa").get(third.get_absolute_url()).text


def test_it_takes_no_words_of_other_answers(an_invocation):
    changed = an_invocation("noa", rerun_of=asked(an_invocation), parameters=given(status="0"))
    assert words_of(changed) is None


def test_it_has_none_where_nobody_was_asked(an_invocation):
    assert words_of(an_invocation("noa", parameters=given())) is None
