"""Whom a service in a school can refer a case on to, and with what."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.cases.barriers.models import BarrierState
from app.cases.barriers.queries import barriers_of
from app.cases.models import Case, CasePerson, Part
from app.cases.plans.models import Plan, ReviewOutcome
from app.cases.queries import CaseHead, case_for
from app.cases.timeline import OfCase
from app.core.db import AnyRow, db
from app.people.models import Catchment, Organisation, Person, School
from app.people.queries import Actor
from app.referrals.models import Answer, Referral, State
from app.referrals.provisions.rules import NOT_ENOUGH, request_texts
from app.students.queries import is_enrolled


@dataclass(frozen=True)
class Referable(OfCase):
    """A case of a service in its school, and the provider that it can be referred to: id, name, region."""

    provider: AnyRow

    @property
    def stands_in(self) -> bool:
        return bool(self.head.stands_in)


def referable_for(actor: Actor, number: str) -> Referable | None:
    """A case that this person may see, at an in-school provision; of any other there is nothing to refer."""
    head = case_for(actor, number)
    provider = provider_of(head) if head else None
    return Referable(head, provider) if head and provider else None


def provider_of(head: CaseHead) -> AnyRow | None:
    """The provider of the school’s catchment, where the service that has the case is that school’s own, and the student is
    there."""
    statement = (
        select(Organisation.id, Organisation.name, Organisation.phone, Catchment.region)
        .join(Catchment, Catchment.service_id == Organisation.id)
        .join(School, School.catchment_id == Catchment.id)
        .where(
            School.organisation_id == head.school_id,
            School.provision_id == head.service_id,
            Organisation.id != head.service_id,
            is_enrolled(head.school_id, head.student_id),
        )
    )
    return db.session.execute(statement).first()


def last_review(case_id: int) -> ReviewOutcome | None:
    """What the newest version of the plan found, where that was a review."""
    newest = select(Plan.outcome).where(Plan.case_id == case_id).order_by(Plan.number.desc()).limit(1)
    return db.session.scalar(newest)


def texts_for(case: CaseHead | Case) -> dict[str, str]:
    """The request, with everything filled in."""
    case_id, school_id = case.id, case.school_id
    outcome = last_review(case_id)
    barriers = [
        f"{named.label}: {named.facts.about}" if named.facts.about else named.label
        for named in barriers_of(case_id)
        if named.barrier.ended_at is None and named.facts.state is not BarrierState.RESOLVED
    ]
    return request_texts(
        _asked_with(case_id, school_id),
        outcome=outcome if outcome in NOT_ENOUGH else None,
        barriers=barriers,
        contact=_contact(case_id, school_id),
    )


def _asked_with(case_id: int, school_id: int) -> dict[str, str]:
    of_school = (Referral.case_id == case_id, Referral.school_id == school_id, Referral.state != State.WITHDRAWN)
    last = select(Referral.id).where(*of_school).order_by(Referral.id.desc()).limit(1).scalar_subquery()
    rows: Any = db.session.execute(select(Answer.field, Answer.text).where(Answer.referral_id == last))
    return {row.field: row.text for row in rows}


def _contact(case_id: int, school_id: int) -> str:
    """The public id of the school’s contact, who stays."""
    named = (CasePerson.case_id == case_id, CasePerson.organisation_id == school_id, CasePerson.until.is_(None))
    contact = select(Person.public_id).join(CasePerson, CasePerson.person_id == Person.id)
    return db.session.scalar(contact.where(*named, CasePerson.part == Part.PRIMARY_CONTACT)) or ""
