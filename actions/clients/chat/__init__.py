"""Messages to chat services through their incoming webhooks."""

from __future__ import annotations

from actions.clients.chat.message import Entry, Message, fitted
from actions.clients.chat.rooms import SERVICES, Service

__all__ = ["SERVICES", "Entry", "Message", "Service", "fitted"]
