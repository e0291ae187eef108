"""What is wrong with an option that is a template stands at that option."""

from __future__ import annotations

import pytest
from django.urls import reverse

from actions.models import Action
from tests.actions.admin.test_action import ADD, form


@pytest.fixture
def post(ada, test_kinds):
    """The errors of the form after sending these options, by field."""

    def send(**options):
        response = ada.post(reverse(ADD), form(kind="filled", **{f"option_{name}": v for name, v in options.items()}))
        return dict(response.context["adminform"].form.errors) if response.status_code == 200 else {}

    return send


def test_it_works(post):
    assert post(title="Review {date}", address="https://ok/{entity_id}", body="[]", words='["{count}"]') == {}
    assert Action.objects.get().options["words"] == ["{count}"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", "{entity_nam}", "There is no variable {entity_nam}. Did you mean {entity_name}?"),
        ("address", "https://{entity_name}.ok/", "https: needs a host"),
        ("address", "javascript:alert({count})", "javascript: addresses are never opened."),
        ("body", "{", "This is no JSON"),
        ("words", '["{datum}"]', "There is no variable {datum}"),
        ("title", "https://ok/{entity_name}", "It is the same as the address."),
        ("address", "{title", "The { at character 1 is not closed."),
    ],
)
def test_it_refuses_at_the_field(post, field, value, words):
    errors = post(**{field: value})
    assert set(errors) == {f"option_{field}"}
    assert words in errors[f"option_{field}"][0]
    assert len(errors[f"option_{field}"]) == 1
    assert not Action.objects.exists()


def test_what_names_no_option_stands_above(post):
    assert post(title="---") == {"__all__": ["Nothing can be done so."]}
