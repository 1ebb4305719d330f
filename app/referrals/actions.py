"""What can happen to a request: it is started, and submitted once (REQ-7, REQ-8). Saving is `saving.py`."""

from collections.abc import Collection, Mapping

from sqlalchemy import delete, literal, select, update
from sqlalchemy import text as sql

from app.cases import actions as cases
from app.cases.contacts.rules import Whom
from app.cases.entries import Audience, EntryKind
from app.cases.models import Case, SafetyKind
from app.cases.safety.actions import add_safety_note
from app.core import clock, events
from app.core.db import db, inserting
from app.core.errors import Conflict, Refused
from app.core.security import public_id
from app.people.models import Kind
from app.people.queries import Actor, people_with
from app.people.rules import ROLES_OF
from app.referrals import tells  # noqa: F401  (registers whom these events tell)
from app.referrals.files.actions import bring_along, files_now
from app.referrals.joining import case_of, name_contact, tell_other_schools
from app.referrals.matching import look_for_matches
from app.referrals.models import KeptText, Outcome, Referral, State
from app.referrals.queries import Request, contacts_of, draft_there
from app.referrals.questions import YES
from app.referrals.requests import add_new, write
from app.referrals.rules import actions_taken, missing
from app.referrals.saving import discarded_meanwhile, locked
from app.students.caregivers.actions import add_caregiver, keep_reachable
from app.students.models import Student
from app.students.queries import caregivers_given_by, hold_student, is_on_roll

CHANGED = "Somebody changed this request after you opened the page. Check the answers as they are now, then send."
UNSETTLED = "Two texts are kept of what is marked. Choose which one stays, then send; nothing was sent yet."
NOT_YOURS = "A request for this student is for your attendance lead or your office to begin."
"""To whoever may not see the draft there is (REQ-4): not that there is one."""
NOT_ON_ROLL = "The student is no longer on your school’s roll. The school where they are now can ask for support."
ONE_DRAFT = sql("state = 'draft' AND discarded_at IS NULL")
"""Of a school for a student there is one at most."""


class AlreadyBegun(Refused):
    """The school has a draft for the student: which one."""

    def __init__(self, public_id: str) -> None:
        super().__init__("There is a draft for this student already. Go on with it here.")
        self.public_id = public_id


def start_draft(student_id: int, *, prefill: Mapping[str, str], by: Actor) -> Referral:
    """A draft with what the system knows already filled in; raises `Refused` where the school has one already, `AlreadyBegun`
    where that is theirs to go on with."""
    referral = _draft(student_id, by)
    if referral is None:
        raise _begun_already(student_id, by)
    _fill_in(Request(referral, {}), prefill, by)
    events.record("referral.started", by=by, on=referral)
    return referral


def _begun_already(student_id: int, by: Actor) -> Refused:
    there = draft_there(by, student_id)
    if there and there.is_seen:
        return AlreadyBegun(there.public_id)
    return Refused(NOT_YOURS, "They can name you as its contact.")


def _fill_in(request: Request, prefill: Mapping[str, str], by: Actor) -> None:
    for field, text in prefill.items():
        if text:
            write(request, field, text, by=by)
    add_new(request)


def _draft(student_id: int, by: Actor) -> Referral | None:
    """None where the school has one already. Until the end of this transaction nobody else starts one, or a case: the student
    is held as by `hold_student`, in the same statement."""
    now, columns = clock.now(), Referral.__table__.c
    values = {
        "public_id": public_id(),
        "school_id": by.organisation_id,
        "state": State.DRAFT,
        "maker_id": by.person_id,
        "owner_id": by.person_id,
        "made_at": now,
        "changed_at": now,
        "changed_by_id": by.person_id,
    }
    said = [literal(value, columns[name].type) for name, value in values.items()]
    held = select(Student.id, *said).where(Student.id == student_id).with_for_update(key_share=True)
    begun = inserting(Referral).from_select(["student_id", *values], held)
    one = {"index_elements": ["school_id", "student_id"], "index_where": ONE_DRAFT}
    made: Referral | None = db.session.scalar(begun.on_conflict_do_nothing(**one).returning(Referral))
    return made


def submit(request: Request, *, version: int, by: Actor, files: Collection[str] = ()) -> Case:
    """Send the request as it was checked, with the `files` (public ids) that were seen then. However often it arrives it is
    sent once; raises `Refused` when something is missing and `Conflict` when a colleague changed it since."""
    referral = locked(request)
    if referral.state is not State.DRAFT:
        return db.session.get_one(Case, referral.case_id)
    brought = files_now(referral)
    if referral.discarded_at or request.version != version or brought.keys() != set(files):
        raise Conflict(discarded_meanwhile() if referral.discarded_at else CHANGED)
    hold_student(referral.student_id)
    _refuse_unready(request, by)
    case, outcome = case_of(referral, by, choice=request.texts.get("service_choice", ""))
    referral.state, referral.outcome, referral.case_id = State.SUBMITTED, outcome, case.id
    referral.submitted_at, referral.submitted_by_id = clock.now(), by.person_id
    _bring_along(case, request, by, brought.values())
    if request.kept:
        db.session.execute(delete(KeptText).where(KeptText.referral_id == referral.id))
    events.record("referral.submitted", by=by, on=referral, about=case)
    if outcome is not Outcome.NEW:
        tell_other_schools(referral, case, by=by)
    look_for_matches(case, outcome)
    return case


def _refuse_unready(request: Request, by: Actor) -> None:
    if request.unsettled:
        raise Refused(UNSETTLED)
    if not is_on_roll(by, request.referral.student_id):
        raise Refused(NOT_ON_ROLL)
    if missing(request.texts, contacts=contacts_of(by.organisation_id), has_choice=request.has_choice):
        raise Refused("Something is still missing; nothing was sent.")


def take_up(*case_ids: int) -> None:
    """REQ-1: a case manager has the case, so its requests are taken up."""
    sent = update(Referral).where(Referral.case_id.in_(case_ids), Referral.state == State.SUBMITTED)
    db.session.execute(sent.values(state=State.TAKEN_UP))


def _bring_along(case: Case, request: Request, by: Actor, files: Collection[int]) -> None:
    """What the request says, put where the service will look for it."""
    texts = request.texts
    request.referral.replaced_id = name_contact(case, _contact(texts, by), at_school=by.organisation_id, by=by)
    if texts.get("urgent") == YES:
        cases.mark_urgent(case, texts["urgent_why"])
    if kind := texts.get("safety_kind"):
        add_safety_note(case, SafetyKind(kind), texts["safety_fact"], by=by)
    if name := texts.get("caregiver_name"):
        _keep_caregiver(request, name, by)
    keep_reachable(case.student_id, by=by)
    entry = cases.add_entry(case.id, EntryKind.REQUEST, body=_told(texts), audience=Audience.SHARED, by=by)
    bring_along(files, entry)


def _contact(texts: Mapping[str, str], by: Actor) -> Whom:
    """CASE-3, R4: somebody who holds a role at this school now, or whoever has the address that was written."""
    chosen = texts.get("primary_contact")
    if not chosen:
        name = " ".join(texts["contact_name"].split())
        return Whom(name=name, email=texts["contact_email"], phone=texts.get("contact_phone") or None)
    for person in people_with(by.organisation_id, *ROLES_OF[Kind.SCHOOL]):
        if person.public_id == chosen:
            return Whom(person_id=int(person.id))
    raise Refused("The primary contact no longer has a role at your school. Choose somebody else.")


def _keep_caregiver(request: Request, name: str, by: Actor) -> None:
    """A caregiver as named here, unless the school has named them so before: a prefilled form says nothing new."""
    fields = ("relationship", "phone", "email", "address", "language")
    told = {"name": name, **{field: request.texts.get(f"caregiver_{field}", "") for field in fields}}
    student_id = request.referral.student_id
    known = caregivers_given_by(by.organisation_id, student_id)
    if not any(all(getattr(row, field) == text for field, text in told.items()) for row in known):
        add_caregiver(student_id, given_by=by.organisation_id, **told)


def _told(texts: Mapping[str, str]) -> str:
    """The timeline's short form of a request: the reason, and what was tried. The rest stands in the request itself."""
    tried = [f"{what} ({when})" for what, when in actions_taken(texts)] or [texts.get("no_actions_why", "")]
    return f"{texts['reason']}\nDone so far: {'; '.join(tried)}"
