"""What somebody has at the actor's service, with what is recorded of each case, and what was written of it so far."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Integer, bindparam, select

from app.cases.entries import Audience, Entry, Meeting
from app.cases.handovers.rules import MOST, Known
from app.cases.listing import ORDER
from app.cases.models import Case, Status
from app.cases.plans.queries import reviewed_on
from app.cases.queries import LISTED, CaseHead, Manager
from app.cases.tasks.models import Task
from app.cases.unsent.queries import unsent_handovers
from app.cases.unsent.rules import HANDOVER, HANDOVER_TO
from app.core.db import AnySelect, db
from app.people.queries import Actor
from app.people.shapes import HERE, asked_by

WHOSE: Any = bindparam("whose", type_=Integer)


@dataclass(frozen=True)
class Held:
    """A case that is to be handed over: what was written of it so far (else what is recorded), and who is to take it: a public
    id, or nothing where it goes where most go."""

    head: CaseHead
    note: str
    to: str


def held_by(actor: Actor, person_id: int) -> list[Held]:
    """All of somebody's cases that are not closed, and one more than a page holds."""
    rows = db.session.execute(_held(), asked_by(actor, whose=person_id)).all()
    written = unsent_handovers(actor, [row.case_id for row in rows])
    return [
        Held(
            CaseHead(row),
            written.get((row.case_id, HANDOVER), Known(*row[-4:]).text),
            written.get((row.case_id, HANDOVER_TO), ""),
        )
        for row in rows
    ]


@cache
def _held() -> AnySelect:
    theirs = (Manager.person_id == WHOSE, Case.service_id == HERE, Case.status != Status.CLOSED)
    known = (
        _last_done(Meeting.kind).label("last_kind"),
        _last_done(Meeting.happened_on).label("last_on"),
        _next_on().label("next_on"),
        reviewed_on().label("review_on"),
    )
    return LISTED.add_columns(*known).where(*theirs).order_by(*ORDER).limit(MOST + 1)


def _last_done(column: Any) -> Any:
    """Not of what is restricted: everybody of the service reads a handover (SHARE-3)."""
    of_case = (Meeting.case_id == Case.id, Meeting.is_done.is_(True))
    may_be_said = (Entry.audience != Audience.RESTRICTED, Entry.retracted_at.is_(None), Entry.organisation_id == HERE)
    found = select(column).join(Entry, Entry.id == Meeting.entry_id).where(*of_case, *may_be_said)
    return found.order_by(Meeting.happened_on.desc(), Meeting.id.desc()).limit(1).correlate(Case).scalar_subquery()


def _next_on() -> Any:
    is_open = (Task.case_id == Case.id, Task.organisation_id == HERE, Task.ended_at.is_(None))
    found = select(Task.due_on).where(*is_open).order_by(Task.due_on, Task.id).limit(1)
    return found.correlate(Case).scalar_subquery()
