"""The drafts that a person may see, with what each lacks; the lately discarded ones; what of them was told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, tuple_, union_all
from sqlalchemy.orm import aliased

from app.cases.diary.rules import DRAFT_ENDS, Planned, planned
from app.core import clock
from app.core.db import AnyRow, AnySelect, db
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

PAGE = 25
MOST = 50
"""Of those discarded lately."""
Maker, Owner, Discarder, Contact = aliased(Person), aliased(Person), aliased(Person), aliased(Person)
Last = aliased(Referral)
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


def drafts_for(actor: Actor, *, after: str = "", most: int = PAGE) -> tuple[list[Draft], list[Draft]]:
    """A page of the drafts this person may see, those that end soon first, then by last change, and one more; `after` is the
    public id of the last one before. And on the first page those that can be brought back. One statement."""
    rows = db.session.execute(_listed(_ids(actor, after, most))).all()
    found = [_draft(list(answered)) for _, answered in groupby(rows, key=lambda row: row.id)]
    here = [draft for draft in found if draft.row.discarded_at is None]
    return here, [draft for draft in found if draft.row.discarded_at]


def first_drafts(actor: Actor, most: int) -> tuple[list[Draft], int]:
    """The first of them, and how many there are; one statement."""
    mine = select(func.count()).select_from(Referral).where(policy.visible(actor), DRAFT)
    statement = _listed(select(_page(actor, "", most).subquery())).add_columns(mine.scalar_subquery().label("drafts"))
    rows = db.session.execute(statement).all()
    found = [_draft(list(answered)) for _, answered in groupby(rows, key=lambda row: row.id)]
    return found[:most], rows[0].drafts if rows else 0


def _listed(ids: Any) -> AnySelect:
    return (
        select(*_LISTED, Person.name.label("changed_by_name"), *_ANSWERED)
        .join(Student, Student.id == Referral.student_id)
        .join(School, School.organisation_id == Referral.school_id)
        .join(Maker, Maker.id == Referral.maker_id)
        .join(Owner, Owner.id == Referral.owner_id)
        .join(Person, Person.id == Referral.changed_by_id)
        .outerjoin(Discarder, Discarder.id == Referral.discarded_by_id)
        .outerjoin(Answer, Answer.referral_id == Referral.id)
        .where(Referral.id.in_(ids))
        .order_by(*_order())
    )


def _ids(actor: Actor, after: str, most: int) -> Any:
    page = select(_page(actor, after, most).subquery())
    if after:
        return page
    discarded = select(Referral.id).where(policy.visible(actor), Referral.state == State.DRAFT, policy.in_reach())
    newest = discarded.where(Referral.discarded_at.is_not(None)).order_by(Referral.discarded_at.desc()).limit(MOST)
    return union_all(page, select(newest.subquery()))


def _page(actor: Actor, after: str, most: int) -> AnySelect:
    page = select(Referral.id).where(policy.visible(actor), DRAFT).order_by(*_order()).limit(most + 1)
    return page.where(_is_behind(actor, after)) if after else page


def _is_behind(actor: Actor, after: str) -> ColumnElement[bool]:
    """Those that end soon go by their last change, the oldest first; the others come after them, the newest first."""
    last = select(Last.changed_at).where(Last.public_id == after, Last.school_id == actor.organisation_id)
    changed_at, last_id = last.scalar_subquery(), last.with_only_columns(Last.id).scalar_subquery()
    place, at = tuple_(Referral.changed_at, Referral.id), tuple_(changed_at, last_id)
    others = and_(~_is_ending(Referral.changed_at), or_(_is_ending(changed_at), place < at))
    return or_(and_(_is_ending(Referral.changed_at), place > at), others)


def _is_ending(changed_at: Any) -> ColumnElement[bool]:
    """As `Draft.is_ending` says: it was last changed so long ago."""
    figures = the_figures()
    last = clock.today() + figures.draft_notice - figures.draft_deleted_after
    is_ending: ColumnElement[bool] = changed_at < clock.end_of(last)
    return is_ending


def _order() -> list[Any]:
    ending = _is_ending(Referral.changed_at)
    first = [case((ending, column)) for column in (Referral.changed_at, Referral.id)]
    return [case((ending, 0), else_=1), *first, Referral.changed_at.desc(), Referral.id.desc()]


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


def drafts_ending(actor: Actor) -> list[Planned]:
    """The days on which drafts that are this person's own are deleted if nobody touches them, the earliest first."""
    facts = (Referral.public_id, Referral.changed_at, Referral.announced_at)
    rows = db.session.execute(select(*facts).where(DRAFT, policy.own(actor)).order_by(Referral.changed_at).limit(MOST))
    return [planned(f"draft {row.public_id}", end_of(row), row.changed_at, DRAFT_ENDS) for row in rows]
