"""What a school was told last, and whether it waits for more."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from sqlalchemy import Integer, bindparam, func, select

from app.cases import policy
from app.cases.clocks import met_on
from app.cases.entries import Entry
from app.cases.models import Case, UpdateRequest
from app.cases.queries import CaseHead
from app.cases.rules import FirstMeeting
from app.cases.sharing import shared_by_service, update_wanted
from app.cases.updates.rules import may_ask_from
from app.core import clock
from app.core.db import AnySelect, db
from app.core.figures import the_figures
from app.people.queries import Actor
from app.people.shapes import HERE, asked_by, like


@dataclass(frozen=True)
class Standing:
    """How it stands between this school and the service."""

    shared_at: datetime | None
    """When something was last shared."""
    wanted_at: datetime | None
    """Since when somebody waits for an update."""
    ask_from: date | None
    """From which day on this school may ask again; None where it never asked."""
    meeting: FirstMeeting
    """When the service is to meet the school, or did, as far as the school is let know."""

    @property
    def may_ask(self) -> bool:
        return self.ask_from is None or self.ask_from <= clock.today()


def standing_of(actor: Actor, case: CaseHead) -> Standing:
    """One statement."""
    row = db.session.execute(_standing(like(actor)), asked_by(actor, of_case=case.case_id)).one()
    ask_from = may_ask_from(row.asked_at, the_figures().ask_again_days, case.region) if row.asked_at else None
    meeting = FirstMeeting(case.service_started_on, case.region, case.due_on, row.met_on)
    return Standing(row.shared_at, row.wanted_at, ask_from, meeting)


@cache
def _standing(actor: Actor) -> AnySelect:
    shared = select(func.max(Entry.opens_at)).where(
        Entry.case_id == Case.id, *shared_by_service(), policy.readable(actor)
    )
    asked = select(func.max(UpdateRequest.asked_at)).where(
        UpdateRequest.case_id == Case.id, UpdateRequest.school_id == HERE
    )
    return select(
        shared.correlate(Case).scalar_subquery().label("shared_at"),
        asked.correlate(Case).scalar_subquery().label("asked_at"),
        update_wanted().label("wanted_at"),
        met_on(actor).label("met_on"),
    ).where(Case.id == bindparam("of_case", type_=Integer))
