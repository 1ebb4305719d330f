"""What was asked with the newer record of a student goes on in the last case of the earlier one, as any joining does (REQ-7)."""

from collections.abc import Sequence

from sqlalchemy import select, update

from app.cases import actions as cases
from app.cases.arrivals.actions import wait_as_after_move
from app.cases.arrivals.joining import act_for_school
from app.cases.contacts.rules import Whom
from app.cases.entries import Audience, Entry, EntryKind
from app.cases.models import Case, CasePerson, Part, SafetyNote, Status
from app.cases.naming import plays
from app.cases.parts import manager_of
from app.core import clock, events
from app.core.db import db
from app.people.queries import Actor
from app.referrals.joining import join, name_contact, tell_other_schools
from app.referrals.keeping import second_drafts
from app.referrals.models import Answer, Outcome, Referral, State
from app.referrals.routing import reopens
from app.referrals.tells import JOINED
from app.students.caregivers.actions import keep_reachable
from app.students.merging.actions import go_over, merge_by_match
from app.students.merging.rules import SAID


def goes_on_in(earlier: Case, new: Case, *, match_id: int, by: Actor) -> None:
    """The two records become one. The new case closes as a duplicate; it stays where the earlier one had ended for good."""
    asked = _requests_of(new)
    asked_on = clock.nz(asked[-1].submitted_at or new.made_at).date()
    has_ended = earlier.status is Status.CLOSED and not reopens(earlier, asked_on)
    if not has_ended:
        _close(new, earlier, by)
        act_for_school(earlier, asked[-1].school_id, also=new.student_id)
    wait_as_after_move(*((new, earlier.student_id) if has_ended else (earlier, new.student_id)))
    _become_one(new, earlier, match_id, by)
    if has_ended:
        _say(new, f"Same student as {earlier.number}, which closed too long before, or for good.", by)
    else:
        _join(earlier, new, asked, by)


def _requests_of(case: Case) -> Sequence[Referral]:
    asked = select(Referral).where(Referral.case_id == case.id).order_by(Referral.id).with_for_update()
    return db.session.scalars(asked.execution_options(populate_existing=True)).all()


def _close(new: Case, earlier: Case, by: Actor) -> None:
    """The school that asked sees the earlier case, or is to, so it may read its number."""
    if new.status is Status.PAUSED:
        cases.change_status(new, Status.QUEUE, by=by, told_as=("status_changed",))  # told of as it closes
    said = f"The student had the case {earlier.number} already: the request goes on there."
    cases.close_case(new, "duplicate", by=by, why="Duplicate.", with_it=said, told_as=("request_submitted",))


def _become_one(new: Case, earlier: Case, match_id: int, by: Actor) -> None:
    """As any two records that are merged; of how the student is reached the newer one knows better. Every case that goes along
    says where it came from."""
    into_id, others = earlier.student_id, _others_of(new)
    why = f"A likely match was confirmed: {new.number} and {earlier.number}."
    merge = merge_by_match(new.student_id, into_id, match_id, why=why, by=by)
    go_over(merge, {"referral": second_drafts(into_id)}, by=by, knows_better=SAID)
    keep_reachable(into_id, by=by)
    for case in others:
        _say(case, f"Same student as {earlier.number}: both records are one now.", by)


def _others_of(new: Case) -> Sequence[Case]:
    return db.session.scalars(select(Case).where(Case.student_id == new.student_id, Case.id != new.id)).all()


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
    tell_other_schools(last, earlier, by=by)


def _bring_along(earlier: Case, new: Case, request: Referral, by: Actor) -> None:
    """The requests with their files, what must be known about safety, how urgent it is, and whom to talk with at the school."""
    requests = update(Entry).where(Entry.case_id == new.id, Entry.kind == EntryKind.REQUEST)
    for moved in (requests, update(SafetyNote).where(SafetyNote.case_id == new.id)):
        db.session.execute(moved.values(case_id=earlier.id))
    if new.urgency == 0:
        cases.mark_urgent(earlier, new.urgent_why)
    if contact := db.session.scalar(select(CasePerson).where(plays(CasePerson, Part.PRIMARY_CONTACT, new.id))):
        whom, at_school = Whom(person_id=contact.person_id), contact.organisation_id
        request.replaced_id = name_contact(earlier, whom, at_school=at_school, by=by)
    db.session.flush()


def _choice(request: Referral) -> str:
    chosen = select(Answer.text).where(Answer.referral_id == request.id, Answer.field == "service_choice")
    return db.session.scalar(chosen) or ""


def _say(case: Case, text: str, by: Actor) -> Entry:
    """For the service."""
    return cases.add_entry(case.id, EntryKind.STATUS, body=text, audience=Audience.SERVICE, by=by)
