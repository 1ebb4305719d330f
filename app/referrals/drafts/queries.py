"""The drafts that a person may see, with what each lacks; the lately discarded ones; what of them was told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.core import clock
from app.core.db import AnyRow, db
from app.core.events import Outbox
from app.core.figures import the_figures
from app.people.models import Kind, Person, RoleHeld, School
from app.people.queries import Actor
from app.people.rules import ROLES_OF
from app.referrals import policy
from app.referrals.drafts.rules import END_ANNOUNCED, ends_on, in_short
from app.referrals.models import Answer, Referral, State
from app.referrals.queries import DRAFT, HAS_CHOICE
from app.referrals.rules import LONG, LONGEST, missing
from app.students.models import Student

MOST = 200
Maker, Owner, Discarder, Contact = aliased(Person), aliased(Person), aliased(Person), aliased(Person)
_IS_CONTACT = exists().where(
    Contact.public_id == Answer.text,
    Contact.ended_at.is_(None),
    RoleHeld.person_id == Contact.id,
    RoleHeld.organisation_id == Referral.school_id,
    RoleHeld.role.in_(ROLES_OF[Kind.SCHOOL]),
    RoleHeld.ended_at.is_(None),
)
_LISTED = (
    Referral.id,
    Referral.public_id,
    Referral.changed_at,
    Referral.announced_at,
    Referral.discarded_at,
    Student.legal_name,
    Student.preferred_name,
    Maker.name.label("maker_name"),
    Owner.name.label("owner_name"),
    Discarder.name.label("discarded_by_name"),
    HAS_CHOICE,
)
_ANSWERED = (
    Answer.field,
    case((func.length(Answer.text) > LONGEST, Answer.text), else_=func.substr(Answer.text, 1, LONG + 1)).label("text"),
    and_(Answer.field == "primary_contact", _IS_CONTACT).label("is_contact"),
)
"""Enough of each answer to judge it: whether it is there, right, and short enough."""


@dataclass(frozen=True)
class Draft:
    """A draft as it stands in a list."""

    row: Any
    answers: dict[str, str]
    contacts: frozenset[str]

    @property
    def name(self) -> str:
        return str(self.row.preferred_name or self.row.legal_name)

    @cached_property
    def missing(self) -> list[str]:
        return list(missing(self.answers, contacts=self.contacts, has_choice=self.row.has_choice))

    @property
    def lacks(self) -> str:
        return in_short(self.missing)

    @cached_property
    def ends_on(self) -> date:
        return end_of(self.row)

    @property
    def is_ending(self) -> bool:
        """Its end is near enough to be told."""
        return self.ends_on - clock.today() <= the_figures().draft_notice

    @property
    def back_until(self) -> datetime:
        until: datetime = self.row.discarded_at + the_figures().draft_back_within
        return until


def drafts_for(actor: Actor) -> tuple[list[Draft], list[Draft]]:
    """Every draft this person may see, those that end soon first, then by last change; and those that can be brought back.
    One statement, however many there are."""
    ids = select(Referral.id).where(policy.visible(actor), Referral.state == State.DRAFT, policy.in_reach())
    ids = ids.order_by(Referral.changed_at.desc(), Referral.id.desc()).limit(MOST)
    statement = (
        select(*_LISTED, Person.name.label("changed_by_name"), *_ANSWERED)
        .join(Student, Student.id == Referral.student_id)
        .join(School, School.organisation_id == Referral.school_id)
        .join(Maker, Maker.id == Referral.maker_id)
        .join(Owner, Owner.id == Referral.owner_id)
        .join(Person, Person.id == Referral.changed_by_id)
        .outerjoin(Discarder, Discarder.id == Referral.discarded_by_id)
        .outerjoin(Answer, Answer.referral_id == Referral.id)
        .where(Referral.id.in_(ids))
        .order_by(Referral.changed_at.desc(), Referral.id.desc())
    )
    rows = db.session.execute(statement).all()
    found = [_draft(list(answered)) for _, answered in groupby(rows, key=lambda row: row.id)]
    here = [draft for draft in found if draft.row.discarded_at is None]
    here.sort(key=lambda draft: draft.ends_on if draft.is_ending else date.max)
    return here, [draft for draft in found if draft.row.discarded_at]


def _draft(answered: Sequence[AnyRow]) -> Draft:
    answers = {row.field: row.text for row in answered if row.field}
    return Draft(answered[0], answers, frozenset(row.text for row in answered if row.is_contact))


def end_of(draft: Any) -> date:
    """When it is deleted if nobody touches it."""
    return ends_on(draft.changed_at, draft.announced_at, clock.today(), the_figures())


def names_of(referral: Referral) -> AnyRow:
    """Who finishes the draft, and who discarded it."""
    statement = (
        select(Owner.name.label("owner"), Owner.public_id.label("owner_public_id"), Discarder.name.label("discarder"))
        .select_from(Referral)
        .join(Owner, Owner.id == Referral.owner_id)
        .outerjoin(Discarder, Discarder.id == Referral.discarded_by_id)
        .where(Referral.id == referral.id)
    )
    return db.session.execute(statement).one()


def may_be_told(actor: Actor) -> ColumnElement[bool]:
    """A clause on Outbox and its Referral: it is a draft that this person may see; and its end is still announced where
    that is what they were told."""
    still_holds = or_(Outbox.event != END_ANNOUNCED, Referral.announced_at >= Referral.changed_at)
    return and_(policy.visible(actor), DRAFT, still_holds)
