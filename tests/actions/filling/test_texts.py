from __future__ import annotations

from dataclasses import replace

import pytest

from actions.contract import ActionError
from actions.filling import fill, fill_known, of_call, of_task
from kitsu_bridge.kitsu.tasks import Resolution


def first(call):
    return of_task(call, call.tasks[0])


def test_it_works(a_call):
    call = a_call(where=lambda task: task.entity.name == "SH0020")
    assert fill("{sequence_name}_{entity_name|lower}.{frame_in|pad:6}", first(call)) == "SQ01_sh0020.001001"


def test_it_keeps_doubled_braces(a_call):
    assert fill("{{{entity_type}}} {{x}}", first(a_call())) == "{shot} {x}"


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{entity_nam}", "There is no variable {entity_nam}. Did you mean {entity_name}?"),
        ("{entity_name.__class__}", "There is no variable {entity_name.__class__}."),
        ("{entity_name!r}", "{entity_name!r} names no variable"),
        ("{0}", "{0} names no variable"),
        ("{}", "{} names no variable"),
        ("{entity_name|sluug}", "{entity_name|sluug}: there is no filter |sluug. Did you mean |slug?"),
        ("{frame_in|pad}", "|pad needs a number after a colon, such as pad:4."),
        ("{frame_in|pad:x}", "|pad needs a whole number after the colon, such as pad:4."),
        ("{frame_in|pad:21}", "|pad takes 1 to 20."),
        ("{entity_name|lower:x}", "|lower takes nothing after a colon."),
        ("a { b", "The { at character 3 is not closed. Write {{ for a brace."),
        ("a } b", "The } at character 3 is never opened. Write }} for a brace."),
        ("x" * 10_001, "It has 10,001 characters; 10,000 are the most."),
        ("{count}" * 201, "It has more than 200 variables."),
        ("{data.camera.lenz}", "has no value for SQ01 / SH0010 / Storyboard: it has no such field in Kitsu."),
        ("{data.frame_inn}", "Did you mean {data.frame_in}?"),
        ("{asset_type_name}", "{asset_type_name} has no value for SQ01 / SH0010 / Storyboard: it is no asset."),
        ("{entity_name|pad:4}", "{entity_name|pad:4} for SQ01 / SH0010 / Storyboard: “SH0010”: it is no whole number."),
    ],
)
def test_it_refuses_with_the_variable_the_task_and_the_cure(a_call, template, words):
    with pytest.raises(ActionError) as error:
        fill(template, first(a_call()))
    assert words in str(error.value)


def test_it_reads_metadata(a_call):
    variables = first(a_call())
    assert fill("{data.max_retakes} {data.camera.lens} {data.camera.moves}", variables) == "3 35 pan,tilt"
    assert fill("{project.data.delivery.format}", variables) == "EXR"
    assert fill("{data.camera}", variables) == '{"lens": 35, "moves": ["pan", "tilt"], "rig": null}'


def test_it_takes_a_default_for_what_is_empty_but_not_for_what_is_unknown(a_call):
    assert fill("{asset_type_name|default:none}", first(a_call())) == "none"
    with pytest.raises(ActionError, match="no variable"):
        fill("{nothing|default:none}", first(a_call()))


def test_a_call_has_what_its_tasks_share(a_call):
    call = a_call(count=2)
    assert fill("{project_name}: {count} tasks", of_call(call)) == "The Lantern Keeper: 2 tasks"
    assert fill("{selection}", of_call(call)) == ",".join(task.id for task in call.tasks)
    with pytest.raises(ActionError, match=r"{task_type_name} has no value: the selected tasks differ in it \(Story"):
        fill("{task_type_name}", of_call(call))


def test_time_is_the_person_s_own_and_one_for_all(a_call):
    call = a_call(count=2)
    assert call.person.timezone == "Europe/Paris"
    texts = {fill("{date} {time} {datetime}", of_task(call, task)) for task in call.tasks}
    assert texts == {"2026-11-22 00:30 2026-11-22 00:30"}


def test_fill_known_leaves_the_rest(a_call):
    assert fill_known("Review {date} {asset_type_name} {x|slug} {{y}}", first(a_call())) == (
        "Review 2026-11-22 {asset_type_name} {x|slug} {y}"
    )
    assert fill_known("Review { it", first(a_call())) == "Review { it"


def test_fill_known_waits_for_what_was_not_read(a_call):
    call = replace(a_call(), resolution=Resolution((), ()))
    template = "{count} {assignees|default:nobody} {action_name|default:x}"
    assert fill_known(template, of_call(call)) == "1 {assignees|default:nobody} Review"


def test_what_is_filled_twice_keeps_its_braces(a_call):
    """A production of the sample studio is called `Pilot {draft}`."""
    call = a_call(where=lambda task: "{draft}" in task.project.name)
    once = fill_known("{{x}} {project_name|cut:13} {invocation_message}", of_call(call), again=True)
    assert once == "{{x}} Pilot {{draft}} {invocation_message}"
    about = replace(call.about, message="Done.")
    assert fill(once, of_call(replace(call, about=about))) == "{x} Pilot {draft} Done."
