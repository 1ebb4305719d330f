"""What was asked with the newer record of a student goes on in the last case of the earlier one, as any joining does (REQ-7)."""

from collections.abc import Sequence

from sqlalchemy import select, update

from app.cases import actions as cases
from app.cases.contacts.actions import name_in_request
from app.cases.contacts.rules import Whom
from app.cases.entries import Audience, Entry, EntryKind
from app.cases.models import Case, CasePerson, Part, SafetyNote, Status
from app.cases.naming import plays
from app.cases.parts import manager_of
from app.core import clock, events
from app.core.db import db
from app.people.queries import Actor
from app.referrals.joining import join
from app.referrals.models import Answer, Outcome, Referral, State
from app.referrals.routing import reopens
from app.referrals.tells import JOINED
from app.students.records.actions import become_one


def goes_on_in(earlier: Case, new: Case, *, by: Actor) -> None:
    """The two records become one. The new case closes as a duplicate; it stays where the earlier one had ended for good."""
    asked = _requests_of(new)
    asked_on = clock.nz(asked[-1].submitted_at or new.made_at).date()
    has_ended = earlier.status is Status.CLOSED and not reopens(earlier, asked_on)
    if not has_ended:
        _close(new, earlier, by)
    _become_one(new, earlier, by)
    if has_ended:
        _say(new, f"Same student as {earlier.number}, which closed too long before, or for good.", by)
    else:
        _join(earlier, new, asked, by)


def _requests_of(case: Case) -> Sequence[Referral]:
    asked = select(Referral).where(Referral.case_id == case.id).order_by(Referral.id).with_for_update()
    return db.session.scalars(asked.execution_options(populate_existing=True)).all()


def _close(new: Case, earlier: Case, by: Actor) -> None:
    """The school that asked sees the earlier case from now on, so it may read its number."""
    if new.status is Status.PAUSED:
        cases.change_status(new, Status.QUEUE, by=by, told_as=("status_changed",))  # told of as it closes
    said = f"The student had the case {earlier.number} already: the request goes on there."
    cases.close_case(new, "duplicate", by=by, why="Duplicate.", with_it=said, told_as=("request_submitted",))


def _become_one(new: Case, earlier: Case, by: Actor) -> None:
    """Cases and requests go along with the student; a second draft of one school stays behind."""
    newer_id, student_id = new.student_id, earlier.student_id
    become_one(newer_id, student_id, by=by)
    draft = select(Referral.school_id).where(Referral.student_id == student_id, Referral.state == State.DRAFT)
    stays = (Referral.state == State.DRAFT) & Referral.school_id.in_(draft)
    requests = update(Referral).where(Referral.student_id == newer_id, ~stays)
    db.session.execute(requests.values(student_id=student_id))
    for case in db.session.scalars(select(Case).where(Case.student_id == newer_id)):
        case.student_id = student_id
    db.session.flush()


def _join(earlier: Case, new: Case, asked: Sequence[Referral], by: Actor) -> None:
    """By the code that joins at submission, and with what submitting brings along."""
    last = asked[-1]
    outcome = join(earlier, last, by, choice=_choice(last))
    for request in asked:
        request.case_id, request.outcome = earlier.id, Outcome.JOINED
        if request.state is State.TAKEN_UP and manager_of(earlier.id) is None:
            request.state = State.SUBMITTED
    last.outcome = outcome
    _bring_along(earlier, new, last, by)
    _say(earlier, f"Same student as {new.number}: its request goes on here.", by)
    events.record(JOINED, by=by, on=last, about=earlier)


def _bring_along(earlier: Case, new: Case, request: Referral, by: Actor) -> None:
    """The requests with their files, what must be known about safety, how urgent it is, and whom to talk with at the school."""
    requests = update(Entry).where(Entry.case_id == new.id, Entry.kind == EntryKind.REQUEST)
    for moved in (requests, update(SafetyNote).where(SafetyNote.case_id == new.id)):
        db.session.execute(moved.values(case_id=earlier.id))
    if new.urgency == 0:
        cases.mark_urgent(earlier, new.urgent_why)
    if contact := db.session.scalar(select(CasePerson).where(plays(CasePerson, Part.PRIMARY_CONTACT, new.id))):
        whom, at_school = Whom(person_id=contact.person_id), contact.organisation_id
        former = name_in_request(earlier, whom, at_school=at_school, by=by)
        request.replaced_id = former.id if former else None
    db.session.flush()


def _choice(request: Referral) -> str:
    chosen = select(Answer.text).where(Answer.referral_id == request.id, Answer.field == "service_choice")
    return db.session.scalar(chosen) or ""


def _say(case: Case, text: str, by: Actor) -> Entry:
    """For the service."""
    return cases.add_entry(case.id, EntryKind.STATUS, body=text, audience=Audience.SERVICE, by=by)
