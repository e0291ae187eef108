"""Dates and times as everywhere on the bridge's pages; Django's own English is American: `Nov. 21, 2026, 4 p.m.`."""

from __future__ import annotations

DATE_FORMAT = SHORT_DATE_FORMAT = "Y-m-d"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "Y-m-d H:i:s"
TIME_FORMAT = "H:i:s"
