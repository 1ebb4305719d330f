"""Who may see and send a school's requests (`permissions.md`, "Requests")."""

from sqlalchemy import ColumnElement, and_, exists, false, or_

from app.people.models import Role
from app.people.queries import Actor
from app.referrals.models import Answer, Referral


def visible(actor: Actor) -> ColumnElement[bool]:
    """A clause on Referral: my school's; a primary contact's own, or one they are named in."""
    at_school = Referral.school_id == actor.organisation_id
    match actor.role:
        case Role.ATTENDANCE_LEAD | Role.OFFICE_SUPPORT:
            return at_school
        case Role.PRIMARY_CONTACT:
            return and_(at_school, or_(Referral.maker_id == actor.person_id, _is_named(actor)))
    return false()


def can_edit(actor: Actor, referral: Referral) -> bool:
    """Whoever could load a request through `visible` may work on it; what is sent is not edited any more."""
    return True


def _is_named(actor: Actor) -> ColumnElement[bool]:
    return exists().where(
        Answer.referral_id == Referral.id, Answer.field == "primary_contact", Answer.text == actor.public_id
    )
