"""Who is the primary contact of the case that a request would join or reopen, and who takes their place, or is named beside
them (CASE-3, REQ-7)."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.cases.contacts.queries import has_role
from app.cases.models import Case, CasePerson, Part
from app.cases.naming import is_left, plays
from app.core.db import NOW, AnyRow, AnySelect, db
from app.people.models import Person
from app.people.queries import Actor
from app.people.role_requests.queries import last_naming, name_here
from app.referrals.models import Answer, Referral

Named, Contact = aliased(CasePerson, name="named"), aliased(Person, name="contact")
CHOSEN, WRITTEN_NAME, WRITTEN_EMAIL = "primary_contact", "contact_name", "contact_email"
FIELDS = frozenset({CHOSEN, WRITTEN_NAME, WRITTEN_EMAIL})


def with_contact(cases: AnySelect) -> AnySelect:
    """The same cases, each with its primary contact as its own page shows them; none whom the student has left behind."""
    is_contact = plays(Named, Part.PRIMARY_CONTACT)
    role = has_role(Named.person_id, Named.organisation_id)
    return (
        cases.select_from(Case)
        .outerjoin(Named, and_(is_contact, ~is_left(Named.organisation_id)))
        .outerjoin(Contact, Contact.id == Named.person_id)
        .add_columns(
            Named.organisation_id.label("contact_school_id"),
            Contact.public_id.label("contact"),
            Contact.email.label("contact_email"),
            name_here(Contact, Named.organisation_id).label("contact_name"),
            role.label("contact_has_role"),
            last_naming(Named.person_id, Named.organisation_id).label("contact_naming"),
        )
    )


def named_beside(referral: Referral) -> CasePerson | None:
    """Whom a request of a school that waited to see the case named, to be a contact beside the primary one."""
    is_chosen = and_(Answer.field == CHOSEN, Answer.text == Person.public_id)
    is_written = and_(Answer.field == WRITTEN_EMAIL, func.lower(Answer.text) == Person.email)
    of_request = and_(Answer.referral_id == referral.id, or_(is_chosen, is_written))
    beside = (
        CasePerson.case_id == referral.case_id,
        CasePerson.organisation_id == referral.school_id,
        CasePerson.part == Part.SECONDARY_CONTACT,
        CasePerson.since >= referral.submitted_at,
        CasePerson.until.is_(None),
    )
    named = select(CasePerson).join(Person, Person.id == CasePerson.person_id).join(Answer, of_request)
    return db.session.scalar(named.where(*beside).order_by(Answer.field.desc()).limit(1))


def is_to_be_contact(reader: Actor) -> ColumnElement[bool]:
    """A clause on Case: this person is a contact of it once their school sees it."""
    is_named = (CasePerson.case_id == Case.id, CasePerson.person_id == reader.person_id, CasePerson.until.is_(None))
    return exists().where(*is_named, CasePerson.organisation_id == reader.organisation_id, CasePerson.since > NOW)


def prefilled(known: AnyRow | None, school_id: int) -> dict[str, str]:
    """The present contact as answers of a new request of this school. Who has lost their role there is asked for anew."""
    if known is None or known.contact is None or known.contact_school_id != school_id:
        return {}
    if known.contact_has_role:
        return {CHOSEN: known.contact}
    return {WRITTEN_NAME: known.contact_name, WRITTEN_EMAIL: known.contact_email} if known.contact_naming else {}


def becomes(known: AnyRow | None, texts: Mapping[str, str], names: Mapping[str, str]) -> str:
    """By name, who is given in place of the present contact; nothing where it is the same person, or nobody is given.
    `names`: of those who can be chosen, by public id."""
    if known is None or known.contact is None:
        return ""
    if chosen := texts.get(CHOSEN, ""):
        return "" if chosen == known.contact else names.get(chosen, "")
    email = texts.get(WRITTEN_EMAIL, "").strip()
    is_same = email.lower() == known.contact_email.lower() if email else False
    return "" if is_same else texts.get(WRITTEN_NAME, "").strip() or email
