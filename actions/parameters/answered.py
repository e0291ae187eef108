"""Keeps what a person answered: texts and choices in the record, files beside it, secrets only in the cache."""

from __future__ import annotations

from typing import Any

from actions.contract import ActionError
from actions.kinds.hints import FieldSpec
from actions.parameters.asked import asked_of, given_beforehand, parameters_of
from actions.parameters.form import ParametersForm, answers, removal
from audit.files import keep_file
from audit.models import Invocation, InvocationFile
from kitsu_bridge.kitsu.hold import held_answers, hold_answers
from kitsu_bridge.masking import MASK


def kept_answers(invocation: Invocation, form: ParametersForm) -> dict[str, Any]:
    """The parameters as JSON, from what is right in a sent form. Raises `FileTooLarge`."""
    files = {spec.name: _file(invocation, form, spec) for spec in form.specs if spec.type == "file"}
    secrets = _secrets(invocation, form)
    return {
        **given_beforehand(invocation.definition),
        **answers(form),
        **{name: file for name, file in files.items() if file},
        **dict.fromkeys(secrets, MASK),
    }


def with_files_and_secrets(invocation: Invocation) -> dict[str, Any]:
    """The parameters with the paths of their files and with the secrets that are held. Raises `ActionError`."""
    given = dict(invocation.parameters)
    for spec in parameters_of(invocation.definition):
        value = given.get(spec.name)
        if spec.type == "file" and value:
            given[spec.name] = {**value, "path": str(_path(invocation, spec, value))}
        elif spec.about.secret and value == MASK:
            given[spec.name] = _held(invocation, spec)
    return given


def forgotten(invocation: Invocation) -> list[str]:
    """Labels of the secrets that were given and are not held any more."""
    held = held_answers(str(invocation.pk)) if MASK in invocation.parameters.values() else {}
    return [spec.label for spec in asked_of(invocation.definition)
            if spec.about.secret and invocation.parameters.get(spec.name) == MASK and spec.name not in held]  # fmt: skip


def hold_longer(invocation: Invocation) -> None:
    """The person went on: what they gave is held from now on."""
    if held := held_answers(str(invocation.pk)):
        hold_answers(str(invocation.pk), held)


def _file(invocation: Invocation, form: ParametersForm, spec: FieldSpec) -> dict[str, Any] | None:
    upload = form.cleaned_data.get(spec.name)
    before: dict[str, Any] | None = invocation.parameters.get(spec.name)
    if not upload and not form.cleaned_data.get(removal(spec)):
        return before
    if before:
        _remove(invocation, before)
    if not upload:
        return None
    given = InvocationFile.Origin.GIVEN
    kept = keep_file(invocation, upload.name, upload.chunks(), upload.content_type or "", given)
    return {"file": str(kept.pk), "name": kept.name, "size": kept.size, "content_type": kept.content_type}


def _remove(invocation: Invocation, given: dict[str, Any]) -> None:
    for row in invocation.files.filter(pk=given["file"], origin=InvocationFile.Origin.GIVEN):
        row.delete()


def _secrets(invocation: Invocation, form: ParametersForm) -> dict[str, str]:
    """What was given now, and what was given before and is still held."""
    asked = [spec.name for spec in form.specs if spec.about.secret]
    if not asked:
        return {}
    found = held_answers(str(invocation.pk)) | {
        name: form.cleaned_data[name] for name in asked if form.cleaned_data.get(name)
    }
    hold_answers(str(invocation.pk), found)
    return found


def _held(invocation: Invocation, spec: FieldSpec) -> str:
    try:
        return held_answers(str(invocation.pk))[spec.name]
    except KeyError:
        raise ActionError(
            f"“{spec.label}” is never written down, and it is not held any more. Run the action again."
        ) from None


def _path(invocation: Invocation, spec: FieldSpec, given: dict[str, Any]) -> Any:
    row = invocation.files.filter(pk=given["file"]).first()
    if row is None or not row.path.exists():
        raise ActionError(f"The file “{given['name']}” given as “{spec.label}” is not kept any more. Give it again.")
    return row.path
