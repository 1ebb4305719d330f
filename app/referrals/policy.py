"""Who may see and send a school's requests (`permissions.md`, "Requests")."""

from typing import Protocol

from sqlalchemy import ColumnElement, and_, exists, false, or_

from app.core import clock
from app.core.figures import the_figures
from app.people.models import Role
from app.people.queries import Actor
from app.referrals.models import Answer, Referral, State


class SentOrDraft(Protocol):
    """What a rule needs to know of a request."""

    @property
    def referral(self) -> Referral: ...
    @property
    def case_is_closed(self) -> bool: ...


def own(actor: Actor) -> ColumnElement[bool]:
    """A clause on Referral: begun by the actor at their school, handed over to them, or naming them as its contact."""
    return and_(Referral.school_id == actor.organisation_id, or_(_has_it(actor), _is_named(actor)))


def visible(actor: Actor) -> ColumnElement[bool]:
    """A clause on Referral: my school's; a primary contact's own, one handed over to them, or one they are named in."""
    at_school = Referral.school_id == actor.organisation_id
    match actor.role:
        case Role.ATTENDANCE_LEAD | Role.OFFICE_SUPPORT:
            return at_school
        case Role.PRIMARY_CONTACT:
            return own(actor)
    return false()


def in_reach() -> ColumnElement[bool]:
    """A clause on Referral: not discarded, or so lately that it can be brought back (REQ-3)."""
    return or_(Referral.discarded_at.is_(None), Referral.discarded_at > clock.now() - the_figures().draft_back_within)


def can_edit(actor: Actor, referral: Referral) -> bool:
    """Whoever could load a request through `visible` may work on it; what is sent is not edited any more."""
    return True


def can_withdraw(actor: Actor, request: SentOrDraft) -> bool:
    """Only a request that nobody has taken up, of a case that is not closed, can be withdrawn. Else talk with the service."""
    return request.referral.state is State.SUBMITTED and not request.case_is_closed


def can_see_withdrawn(actor: Actor, request: SentOrDraft) -> bool:
    """A draft is discarded, not withdrawn."""
    return request.referral.state is not State.DRAFT


def keeps_access(actor: Actor, referral: Referral, *, named: str) -> bool:
    """May this person still see the draft when somebody else finishes it? `named`: the public id of its contact."""
    return actor.role is not Role.PRIMARY_CONTACT or actor.person_id == referral.maker_id or actor.public_id == named


def needs_to_be_named(actor: Actor, referral: Referral) -> bool:
    """Does this person see the draft only as long as it names them?"""
    return actor.role is Role.PRIMARY_CONTACT and actor.person_id not in {referral.maker_id, referral.owner_id}


def _has_it(actor: Actor) -> ColumnElement[bool]:
    return or_(Referral.maker_id == actor.person_id, Referral.owner_id == actor.person_id)


def _is_named(actor: Actor) -> ColumnElement[bool]:
    return exists().where(
        Answer.referral_id == Referral.id, Answer.field == "primary_contact", Answer.text == actor.public_id
    )
