"""Flamenco 3: its Manager, what its job types want, and how its jobs stand.

What is asked and answered stands in the Manager's own description (pkg/api/flamenco-openapi.yaml in 3.9-alpha).
"""

from __future__ import annotations

from actions.clients.flamenco.about import About, Manager, address_of
from actions.clients.flamenco.farm import Flamenco
from actions.clients.flamenco.job_types import JobType, Setting

__all__ = ["About", "Flamenco", "JobType", "Manager", "Setting", "address_of"]
