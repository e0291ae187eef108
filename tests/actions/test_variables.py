from __future__ import annotations

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from actions.filling import names
from actions.kinds.fields import form_field
from actions.registry import kinds
from actions.templatetags.asked import is_template
from actions.templatetags.variables import coded


@pytest.mark.django_db
def test_it_works():
    page = Client(headers={"accept": "text/html"}).get(reverse("variables")).content.decode()
    assert all(f"{{{one.name.replace('<', '&lt;').replace('>', '&gt;')}}}</code>" in page for one in names())
    assert "<code>|pad:number</code>" in page


def test_only_backticks_become_markup():
    assert coded("A <b> `{x|y}` & `<i>`.") == "A &lt;b&gt; <code>{x|y}</code> &amp; <code>&lt;i&gt;</code>."


def test_a_form_knows_where_variables_may_stand():
    kind = kinds()["comment"]
    form = type("Form", (forms.Form,), {spec.name: form_field(spec) for spec in kind.parameters})()
    assert [field.name for field in form if is_template(field)] == ["text"]
    page = render_to_string("invocation/parameter.html", {"field": form["text"], "given_files": {}})
    assert reverse("variables") in page
