"""A task as it is written, and many of them at once."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert

from app.cases.queries import CaseHead
from app.cases.tasks.models import Task
from app.cases.tasks.rules import ADDED, Arranged
from app.core import clock
from app.core.db import db
from app.core.events import Happened
from app.core.security import public_id
from app.core.text import nfc
from app.people.queries import Actor


def follow_ups(asked: Sequence[tuple[CaseHead, str, date]], *, by: Actor, at: datetime) -> list[Happened]:
    """What comes next in each of these cases, and by when, for whoever has it; one statement. `at`: when what it comes from was
    recorded, with which it is recorded too."""
    rows = [_row(case, what, Arranged(due_on), by, made_at=at) for case, what, due_on in asked]
    kept = db.session.scalars(insert(Task).returning(Task), rows).all() if rows else []
    tasks = {task.public_id: task for task in kept}
    return [Happened(ADDED, tasks[row["public_id"]], case) for row, (case, *_) in zip(rows, asked, strict=True)]


def task_of(case: CaseHead, what: str, arranged: Arranged, by: Actor, **known: Any) -> Task:
    """Not kept yet."""
    return Task(**_row(case, what, arranged, by, **known))


def _row(case: CaseHead, what: str, arranged: Arranged, by: Actor, **known: Any) -> dict[str, Any]:
    return {
        "public_id": public_id(),
        "case_id": case.case_id,
        "organisation_id": case.service_id or by.organisation_id,
        "what": nfc(what),
        "made_by_id": by.person_id,
        "meeting_kind": "",
        "made_at": clock.now(),
        **asdict(arranged),
        **known,
    }
