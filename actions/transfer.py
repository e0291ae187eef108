"""The registry as CSV: all fields, or Kitsu's own columns. Every row goes through the same checks and the same history."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from import_export import fields, resources, widgets

from actions.history import save_action
from actions.models import DEFINITION, Action
from actions.registry import kinds
from audit.export import RISKY, guarded
from kitsu_bridge.kitsu.people import Person


class JSONWidget(widgets.Widget):
    """A list or an object as JSON in one cell."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        """Raises `ValueError` with the reason beside the row."""
        try:
            return json.loads(value) if value else self.empty()
        except ValueError:
            raise ValueError(f"{value!r} is no JSON.") from None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """One line."""
        return json.dumps(value, ensure_ascii=False)

    def empty(self) -> Any:
        """What an empty cell means."""
        return []


class OptionsWidget(JSONWidget):
    """Options or values, an object."""

    def empty(self) -> Any:
        """None."""
        return {}


class Recorded(resources.ModelResource):
    """Saves through the history, checks like the form, and guards what a spreadsheet would take for a formula."""

    actor: Person | None = None
    base = ""
    """Where this bridge stands, as the browser that imports sees it."""

    def import_data(self, dataset: Any, *args: Any, **kwargs: Any) -> Any:
        """Nothing is written unless every row can be."""
        return super().import_data(dataset, *args, **{"rollback_on_validation_errors": True, **kwargs})

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Remember who imports."""
        self.actor, self.base = kwargs.get("actor"), kwargs.get("base", "")

    def do_instance_save(self, instance: Action, is_create: bool) -> None:
        """The one place that writes actions writes these as well."""
        save_action(instance, self.actor)

    def after_init_instance(self, instance: Action, new: bool, row: Any, **kwargs: Any) -> None:
        """Nothing to add to a new action but its defaults."""

    def export_field(self, *args: Any, **kwargs: Any) -> Any:
        """What a spreadsheet would take for a formula gets a quote in front."""
        return guarded(super().export_field(*args, **kwargs))

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        """And loses it when it comes in again."""
        for name, value in row.items():
            if isinstance(value, str) and value[:1] == "'" and value[1:].startswith(RISKY):
                row[name] = value[1:]


class ActionResource(Recorded):
    """All fields, by slug."""

    options = fields.Field("options", "options", OptionsWidget())
    values = fields.Field("values", "values", OptionsWidget())
    fixed = fields.Field("fixed", "fixed", JSONWidget())
    entity_types = fields.Field("entity_types", "entity_types", JSONWidget())
    roles = fields.Field("roles", "roles", JSONWidget())
    projects = fields.Field("projects", "projects", JSONWidget())
    departments = fields.Field("departments", "departments", JSONWidget())
    approvers = fields.Field("approvers", "approvers", JSONWidget())
    approver_ids = fields.Field("approver_ids", "approver_ids", JSONWidget())

    class Meta:
        model = Action
        name = "All fields"
        fields = tuple(DEFINITION)
        export_order = tuple(DEFINITION)
        import_id_fields = ("slug",)
        clean_model_instances = True
        skip_unchanged = True
        use_transactions = True


class KitsuResource(Recorded):
    """Kitsu's own columns: `Type,Name,URL,Entity Type,Use AJAX`, as its page of custom actions exports them (1.0.56)."""

    type = fields.Field(None, "Type", default="CustomAction", readonly=True)
    name = fields.Field("name", "Name")
    slug = fields.Field("slug", "URL")
    entity_types = fields.Field("entity_types", "Entity Type")
    background = fields.Field("background", "Use AJAX", widgets.BooleanWidget())

    class Meta:
        model = Action
        name = "Kitsu's columns"
        fields = ("type", "name", "slug", "entity_types", "background")
        export_order = fields
        import_id_fields = ("slug",)
        clean_model_instances = True
        skip_unchanged = True
        use_transactions = True

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        """Kitsu writes the headers in the user's language: five columns are taken by their place."""
        super().before_import(dataset, **kwargs)
        if len(dataset.headers or []) != 5:
            raise ValidationError("Kitsu's export has five columns: Type, Name, URL, Entity Type, Use AJAX.")
        dataset.headers = ["Type", "Name", "URL", "Entity Type", "Use AJAX"]

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        """From Kitsu's words to ours; a URL that leads elsewhere than to this bridge is refused."""
        super().before_import_row(row, **kwargs)
        url = str(row["URL"] or "").rstrip("/")
        head, found, slug = url.rpartition("/run/")
        if not (found or (url and "/" not in url)) or not self._is_here(head):
            raise ValidationError({"slug": f"{row['URL']!r} does not lead to this bridge (…/run/<slug>/)."})
        row["URL"] = slug if found else url
        kind = str(row["Entity Type"] or "all").lower()
        row["Entity Type"] = [] if kind == "all" else [kind]

    def _is_here(self, head: str) -> bool:
        """A path alone, or the address of this bridge."""
        return "//" not in head or head.rstrip("/") in {settings.BRIDGE_URL, self.base.rstrip("/")} - {""}

    def after_init_instance(self, instance: Action, new: bool, row: Any, **kwargs: Any) -> None:
        """A new one needs a kind: the first that has nothing to fill in, switched off until somebody says what it does."""
        if new:
            simple = (one.name for one in kinds().values() if not any(spec.required for spec in one.options))
            instance.kind, instance.enabled = next(simple, ""), False

    def dehydrate_type(self, action: Action) -> str:
        """Always this."""
        return "CustomAction"

    def dehydrate_slug(self, action: Action) -> str:
        """The path of its door."""
        return action.get_absolute_url()

    def dehydrate_entity_types(self, action: Action) -> str:
        """One, or all."""
        return action.entity_types[0] if len(action.entity_types) == 1 else "all"
