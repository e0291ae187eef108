"""Calls to web services: within time limits, with bounded answers, and only to where the studio lets them go."""

from __future__ import annotations

from actions.clients.web.client import BUSY, Answer, Request, Web, unsigned
from actions.clients.web.trouble import WebTrouble

__all__ = ["BUSY", "Answer", "Request", "Web", "WebTrouble", "unsigned"]
