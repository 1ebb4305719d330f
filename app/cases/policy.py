"""Who may see and do what with a case. A missing answer is a refusal (`permissions.md`)."""

from typing import Any, Protocol

from sqlalchemy import ColumnElement, and_, case, false, func, literal, or_, select, true

from app.cases.entries import BY_HAND, Audience, Entry, EntryAudience, EntryKind, EntryText
from app.cases.models import Case, CaseKind, CasePerson, Part, SafetyNote, Status
from app.cases.naming import MANAGERS, is_at_service, is_on, is_seen_at, reads_on, reads_roll, was_theirs
from app.cases.sharing import shows_kind, was_undone
from app.core.db import NOW
from app.people.models import Kind, Role
from app.people.queries import Actor

CONTACTS = (Part.PRIMARY_CONTACT, Part.SECONDARY_CONTACT, Part.COVER)


class SeenCase(Protocol):
    """What a rule needs to know of a case that was loaded through `visible`."""

    @property
    def status(self) -> Status: ...
    @property
    def is_own(self) -> bool: ...
    @property
    def stands_in(self) -> bool: ...


def visible(actor: Actor) -> ColumnElement[bool]:
    """A clause on Case: "a case, its student, its shared entries"."""
    match actor.role:
        case Role.ATTENDANCE_LEAD | Role.OFFICE_SUPPORT | Role.PRIMARY_CONTACT:
            return and_(enrolled_at(actor), or_(reads_roll(actor), is_own(actor)))
        case Role.WORKFLOW_LEAD:
            return is_at_service(actor)
        case Role.CASE_MANAGER:
            ours = is_at_service(actor)
            return or_(ours if sees_service(actor) else and_(ours, is_own(actor)), reads_on(actor, Case.id))
        case Role.INVESTIGATOR:
            return or_(Case.kind == CaseKind.NEN, Case.status == Status.TRIAGE)
    return false()


def sees_service(actor: Actor) -> bool:
    """Every case of their service, and nothing else."""
    return actor.role is Role.WORKFLOW_LEAD or (actor.role is Role.CASE_MANAGER and actor.sees_service_cases)


def is_own(actor: Actor) -> ColumnElement[bool]:
    """A clause on Case: the actor is named on it, in a part that goes with the role."""
    return _named(actor, Case.id)


def listed(actor: Actor) -> ColumnElement[bool]:
    """A clause on Entry of a visible case: it may be known to exist. A restricted one to the service only (SHARE-3); of
    what its service did a school knows kind and day, unless they are kept from it (SHARE-1)."""
    is_for = _is_for(actor, Entry.audience)
    if actor.role is Role.CASE_MANAGER:
        is_for = or_(~reads_on(actor, Entry.case_id), is_for)
    elif actor.organisation_kind is Kind.SERVICE:
        is_for = true()
    elif actor.organisation_kind is Kind.SCHOOL:
        is_for = or_(is_for, shows_kind())
    return and_(is_for, _has_reached(actor))


def addressed(actor: Actor) -> ColumnElement[bool]:
    """A clause on Entry of a visible case: it is, or was until it was retracted, this person's to read (SHARE-1)."""
    return and_(_is_for(actor, Entry.audience), _has_reached(actor))


def readable(actor: Actor) -> ColumnElement[bool]:
    """A clause on Entry of a visible case: its text may be read (SHARE-1); of a retracted one nobody's (SHARE-5)."""
    return and_(addressed(actor), Entry.retracted_at.is_(None))


def formerly_readable(actor: Actor) -> ColumnElement[bool]:
    """A clause on EntryText of a readable entry: what it said until then. For those who could read it while it said so:
    what was changed before an entry was opened to others stays with the writer's organisation (SHARE-5)."""
    later = select(EntryAudience.was).where(
        EntryAudience.entry_id == EntryText.entry_id, EntryAudience.at >= EntryText.at
    )
    then = func.coalesce(
        later.order_by(EntryAudience.id).limit(1).correlate(EntryText).scalar_subquery(), Entry.audience
    )
    return and_(_is_for(actor, then), or_(is_ours(actor), EntryText.at >= Entry.opens_at))


def is_ours(actor: Actor) -> ColumnElement[bool]:
    """A clause on Entry: the actor's organisation wrote it."""
    return Entry.organisation_id == actor.organisation_id


def is_made(actor: Actor) -> ColumnElement[bool]:
    """A clause on Entry: a note, comment or event of the actor's own."""
    return and_(is_ours(actor), Entry.author_id == actor.person_id, Entry.kind.in_(BY_HAND))


def _is_for(actor: Actor, audience: Any) -> ColumnElement[bool]:
    """This audience includes the actor (SHARE-1)."""
    match actor.role:
        case Role.WORKFLOW_LEAD:
            return true()
        case Role.CASE_MANAGER:
            is_read = or_(audience != Audience.RESTRICTED, _named(actor, Entry.case_id))
            left = reads_on(actor, Entry.case_id)
            return case((left, or_(audience == Audience.SHARED, is_ours(actor))), else_=is_read)
        case Role.ATTENDANCE_LEAD | Role.OFFICE_SUPPORT | Role.PRIMARY_CONTACT:
            return and_(audience == Audience.SHARED, or_(Entry.kind != EntryKind.REQUEST, _is_own_request(actor)))
        case Role.INVESTIGATOR:
            return and_(audience != Audience.RESTRICTED)
    return false()


def _is_own_request(actor: Actor) -> ColumnElement[bool]:
    """What a school asked for is for itself and the service (CASE-10). Who looks as the case's school does reads of that one."""
    school = select(Case.school_id).where(Case.id == Entry.case_id).correlate(Entry).scalar_subquery()
    return or_(is_ours(actor), and_(literal(0) == actor.organisation_id, Entry.organisation_id == school))


def _has_reached(actor: Actor) -> ColumnElement[bool]:
    """The writer's organisation has it at once; to others it exists from when it opens, and never if it was undone."""
    return or_(is_ours(actor), and_(Entry.opens_at <= NOW, ~was_undone()))


def safety_readable(actor: Actor, case_id: Any = SafetyNote.case_id) -> ColumnElement[bool]:
    """A clause on SafetyNote of a visible case: those who work it read all, a school those it gave (SHARE-8); a former case
    manager those that there were when the case went. `case_id`: of the case on whose pages it stands."""
    if actor.role is Role.CASE_MANAGER:
        return or_(_named(actor, case_id), reads_on(actor, case_id, CasePerson.since >= SafetyNote.added_at))
    if actor.organisation_kind is Kind.SERVICE:
        return true()
    return SafetyNote.organisation_id == actor.organisation_id


def can_see(actor: Actor, case: SeenCase) -> bool:
    """Whoever could load it through `visible` may see it."""
    return True


def can_see_as_school(actor: Actor, case: Any) -> bool:
    """What the school sees of a case is shown at the service that has it."""
    return actor.organisation_kind is Kind.SERVICE and bool(case.service_id == actor.organisation_id)


def can_comment(actor: Actor, case: SeenCase) -> bool:
    """A closed case is not written on, and only those named on a case, and the lead, write for the service."""
    if case.status is Status.CLOSED:
        return actor.organisation_kind is Kind.SERVICE and can_work(actor, case)
    return actor.organisation_kind is Kind.SCHOOL or can_work(actor, case)


def can_work(actor: Actor, case: SeenCase) -> bool:
    """Only the case manager, their cover, and the workflow lead change a case."""
    return actor.role is Role.WORKFLOW_LEAD or (actor.role is Role.CASE_MANAGER and case.is_own)


def can_read_request(actor: Actor, case: SeenCase) -> bool:
    """Caregivers, health and contact details are for the case manager, their cover, and the workflow lead."""
    return can_work(actor, case)


def can_read_details(actor: Actor, case: SeenCase) -> bool:
    """Caregivers, contact details and days absent are for the case manager, their cover, and the workflow lead."""
    return can_work(actor, case)


def can_change(actor: Actor, case: SeenCase) -> bool:
    """Only the case manager, their cover, and the workflow lead change a case, and only while it is not closed."""
    return can_work(actor, case) and case.status is not Status.CLOSED


def can_assign(actor: Actor, case: SeenCase) -> bool:
    """Only a workflow lead gives cases to case managers, and only cases that are not closed."""
    return actor.role is Role.WORKFLOW_LEAD and case.status not in {Status.TRIAGE, Status.CLOSED}


def can_mark_given(actor: Actor, case: SeenCase) -> bool:
    """That the privacy statement was given is noted by the school, the case manager, their cover, and the workflow lead."""
    return actor.organisation_kind is Kind.SCHOOL or can_work(actor, case)


def can_read_log(actor: Actor, case: SeenCase) -> bool:
    """The access log is for the workflow lead, and for the attendance lead (office support where the school has none) the lines
    of the school's own people."""
    return actor.role in {Role.WORKFLOW_LEAD, Role.ATTENDANCE_LEAD} or case.stands_in


def enrolled_at(actor: Actor) -> ColumnElement[bool]:
    """What the student brought along is seen from a day on (CASE-10)."""
    return and_(is_seen_at(actor.organisation_id), was_theirs(actor.organisation_id))


def _named(actor: Actor, case_id: Any) -> ColumnElement[bool]:
    parts = CONTACTS if actor.organisation_kind is Kind.SCHOOL else MANAGERS
    return is_on(actor, case_id, CasePerson.part.in_(parts))
