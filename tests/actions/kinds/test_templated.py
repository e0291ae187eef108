from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from actions.kinds.forms import wrong_options
from actions.kinds.templated import check_template
from actions.registry import kinds


def test_it_works(test_kinds):
    options = {"address": "https://ok/{entity_nam}", "words": ["{date}", "{dat}"], "body": '{"a": "{x|lowr}"}'}
    assert wrong_options(kinds()["filled"].options, options) == [
        "Where to: There is no variable {entity_nam}. Did you mean {entity_name}?",
        "Body: {x|lowr}: there is no filter |lowr. Did you mean |lower?",
        "Words: There is no variable {dat}. Did you mean {date}?",
    ]


@pytest.mark.parametrize(
    ("value", "syntax", "words"),
    [
        ("https://{entity_name}/", "url", "https: needs a host"),
        ('{"a": {entity_name}}', "json", "This is no JSON"),
        ('{"{entity_nam}": [1, null]}', "json", "no variable {entity_nam}"),
        ({"a": ["{entity_nam}"]}, "json", "no variable {entity_nam}"),
        ("[" * 5000, "json", "nested too deeply"),
    ],
)
def test_it_refuses(value, syntax, words):
    with pytest.raises(ValidationError, match=words):
        check_template(value, syntax)


def test_it_takes_good_ones():
    check_template('{"a": ["{entity_name}", 1, {"b": "{{}}"}]}', "json")
    check_template(["{date}", "plain"], "text")


def test_the_defaults_of_all_kinds_are_good(test_kinds):
    for kind in kinds().values():
        for spec in (*kind.options, *kind.parameters):
            if spec.about.template and isinstance(spec.default, str) and spec.default:
                check_template(spec.default, spec.about.template)
