"""Whom a plan tells: the school, as everything that is shared with it."""

from collections.abc import Iterable
from typing import Any

from app.cases.entries import Entry
from app.cases.tells import told_of
from app.core import events
from app.core.events import Told


@events.tells("plan.shared")
def plan_shared(entry: Entry, by: events.By, about: Any) -> Iterable[Told]:
    return told_of(entry.case_id, "service_shared", by=by)
