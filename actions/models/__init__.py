"""The registry: the actions as this studio set them up, and what belongs to them."""

from __future__ import annotations

from actions.models.action import DEFINITION, SLUG, Action
from actions.models.approval import Approval, Decision
from actions.models.kept_answer import KeptAnswer
from actions.models.kind_switch import KindSwitch
from actions.models.pause import Pause
from actions.models.place import Place
from actions.models.preset import Preset
from actions.models.rule import CONDITIONS, RULE, Occasion, Position, Rule
from actions.models.schedule import Schedule
from actions.models.series import Series, SeriesStep
from actions.models.ticket import Ticket
from actions.models.token import Token, TokenSecret
from actions.models.withdrawn import Withdrawn

__all__ = [
    "CONDITIONS",
    "DEFINITION",
    "RULE",
    "SLUG",
    "Action",
    "Approval",
    "Decision",
    "KeptAnswer",
    "KindSwitch",
    "Occasion",
    "Pause",
    "Place",
    "Position",
    "Preset",
    "Rule",
    "Schedule",
    "Series",
    "SeriesStep",
    "Ticket",
    "Token",
    "TokenSecret",
    "Withdrawn",
]
