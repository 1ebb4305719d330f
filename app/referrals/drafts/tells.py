"""Whom a draft tells: who gets it, and before its end those who may finish it (REQ-3)."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from app.cases.rules import listed_channel
from app.core import events
from app.core.db import db
from app.core.events import Channel, Told
from app.core.told import Place, Row, finds, things_of
from app.people.models import Kind, Person, Role, RoleHeld
from app.people.queries import Actor
from app.people.rules import ROLES_OF
from app.referrals.drafts.queries import end_of, may_be_told
from app.referrals.drafts.rules import END_ANNOUNCED, HANDED_OVER
from app.referrals.models import Answer, Referral

IN_THEIR_PLACE = (Role.ATTENDANCE_LEAD, Role.OFFICE_SUPPORT)


@events.tells(HANDED_OVER)
def handed_over(referral: Referral, by: events.By, about: Any) -> Iterable[Told]:
    """The new owner, unless they took it over themselves."""
    is_new_owner = Person.id == referral.owner_id
    return [told for told in _told(referral, is_new_owner, "draft_handed_over") if told.person_id != by.person_id]


@events.tells(END_ANNOUNCED)
def end_announced(referral: Referral, by: events.By, about: Any) -> Iterable[Told]:
    """Owner, maker, and who is named in it; where none of them has a role at the school any more, the attendance leads,
    else the office."""
    named = select(Answer.text).where(Answer.referral_id == referral.id, Answer.field == "primary_contact")
    drafters = or_(Person.id.in_([referral.owner_id, referral.maker_id]), Person.public_id.in_(named))
    for who in (drafters, *(RoleHeld.role == role for role in IN_THEIR_PLACE)):
        if told := _told(referral, who, "draft_expires"):
            return told
    return []


@finds(HANDED_OVER, END_ANNOUNCED)
def places_of_drafts(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """The draft, where they may see it now and what they were told still holds."""
    columns = (Referral.public_id, Referral.changed_at, Referral.announced_at)
    return {
        row.id: Place(f"/portal/referrals/{row.public_id}/", facts={"ends_on": end_of(row)})
        for row in things_of(those, Referral, *columns, seen=may_be_told(reader))
    }


def _told(referral: Referral, who: ColumnElement[bool], listed: str) -> list[Told]:
    """Those of them who have a role at the school now, each once, in the first role they were given there."""
    held = (
        select(func.min(RoleHeld.id))
        .join(Person, Person.id == RoleHeld.person_id)
        .where(
            who,
            RoleHeld.organisation_id == referral.school_id,
            RoleHeld.role.in_(ROLES_OF[Kind.SCHOOL]),
            RoleHeld.ended_at.is_(None),
            Person.ended_at.is_(None),
        )
        .group_by(RoleHeld.person_id)
    )
    found = select(RoleHeld.person_id, RoleHeld.role, RoleHeld.organisation_id).where(RoleHeld.id.in_(held))
    channel = Channel(listed_channel(listed))
    return [Told(row.person_id, row.role, row.organisation_id, channel) for row in db.session.execute(found)]
