"""Somebody is named as a caregiver, what is recorded of them changes, and ends; with it whether the whānau can be reached is
kept (CASE-14)."""

from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import exists, func, insert, select

from app.core import clock, events
from app.core.db import db
from app.core.errors import Conflict, refuse_faulty
from app.core.events import Happened
from app.core.following import let_follow
from app.core.security import public_id
from app.core.text import nfc
from app.core.versions import changed_since
from app.students.caregivers.queries import reach_of
from app.students.caregivers.rules import is_reachable, mark_of
from app.students.models import Caregiver, FormerCaregiver, Tried
from app.students.queries import caregiver_to_change, hold_student
from app.students.records.finding import find_by_details
from app.students.records.models import ReachableChange
from app.students.rules import CaregiverFacts, facts_of, fault_of, settled

NAMED_NO_MORE = "This caregiver is not named with the student any more. Name them again if that was a mistake."
WRITTEN_TO = ("name", "address", "lives_with_student")
OTHER_ADDRESSEE = "caregiver.written_to_otherwise"
"""What letters say of whom they go to is another: not told and not logged beside the change itself, but followed."""
OTHER_DETAIL = "What is recorded here was changed meanwhile. Look at it again, then say what you know of it."


class OfCase(Protocol):
    """The case that a caregiver is recorded on; at a school there may be none."""

    @property
    def id(self) -> int | None: ...
    @property
    def student_id(self) -> int: ...


def add_caregiver(student_id: int, *, given_by: int, name: str, relationship: str, **details: Any) -> Caregiver:
    """A caregiver as an organisation (`given_by`, its id) named them; details are the other fields of `CaregiverFacts`. Whoever
    says so by hand keeps whether the whānau can be reached (`keep_reachable`)."""
    caregiver = Caregiver(
        public_id=public_id(),
        student_id=student_id,
        given_by_id=given_by,
        name=nfc(name),
        relationship=nfc(relationship),
        added_at=clock.now(),
        **_composed(details),
    )
    db.session.add(caregiver)
    db.session.flush()
    if caregiver.address or caregiver.phone:
        find_by_details(student_id)
    return caregiver


def name_caregiver(case: OfCase, told: CaregiverFacts, *, by: events.By) -> Caregiver:
    """Somebody who works the case names a caregiver: it stays marked as named by their organisation."""
    refuse_faulty(*fault_of(told, clock.today()).values())
    hold_student(case.student_id)
    caregiver = add_caregiver(case.student_id, given_by=by.organisation_id, **told.values)
    keep_reachable(case.student_id, by=by)
    events.record("caregiver.added", by=by, on=caregiver, about=case)
    return caregiver


def change_caregiver(case: OfCase, caregiver_id: int, told: CaregiverFacts, *, version: str, by: events.By) -> bool:
    """Other facts take the place of those that stand there, which are kept. Who named the caregiver stays, and so do the
    words it was done with: a school's own form goes on from what the school said (`queries.caregivers_given_by`). Raises
    `Conflict` where what stands there is not the `version` that the page showed. False where it says so already."""
    caregiver = _still_named(caregiver_id)
    was = facts_of(caregiver)
    if changed_since(version, was.texts):
        raise Conflict("Somebody else changed what is recorded of this caregiver meanwhile.")
    refuse_faulty(*fault_of(told, clock.today(), was=was).values())
    becomes = _composed(settled(told, was).values)
    if becomes == was.values:
        return False
    _become(case, caregiver, becomes, by)
    return True


def mark_detail(case: OfCase, caregiver_id: int, detail: str, state: Tried, *, mark: str, by: events.By) -> bool:
    """Today they were reached there, or it was found that they are not. Raises `Conflict` where the detail is not the one that
    the page showed. False where that is known since today."""
    caregiver, today = _still_named(caregiver_id), clock.today()
    if mark_of(caregiver, detail) != mark:
        raise Conflict(OTHER_DETAIL)
    becomes = {f"{detail}_state": state, f"{detail}_checked_on": today}
    if all(getattr(caregiver, field) == value for field, value in becomes.items()):
        return False
    _become(case, caregiver, becomes, by)
    return True


def mark_address_not_current(case: OfCase, caregiver_id: int, on: date, *, by: events.By) -> bool:
    """That day it was found that nothing reaches them there; who gave the address stays, and what was recorded before is
    kept. False where that is known already, where the address was checked since, or where they are named no more."""
    happened = address_not_current(case, caregiver_id, on, by=by)
    events.record_all(*happened, by=by)
    return bool(happened)


def address_not_current(case: OfCase, caregiver_id: int, on: date, *, by: events.By) -> list[Happened]:
    """The same, to be recorded with how that was found."""
    caregiver = caregiver_to_change(caregiver_id)
    checked_on, is_current = caregiver.address_checked_on, caregiver.address_state is Tried.CURRENT
    is_checked_since = is_current and checked_on is not None and checked_on > on
    if caregiver.ended_at or is_checked_since or caregiver.address_state is Tried.NOT_CURRENT:
        return []
    return [_rewrite(case, caregiver, {"address_state": Tried.NOT_CURRENT, "address_checked_on": on}, by)]


def mark_email_not_current(case: OfCase, caregiver_id: int, on: date, *, since: datetime | None, by: events.By) -> bool:
    """The same of the e-mail address that something was sent to at the time `since`. False too where another address was
    written down meanwhile."""
    caregiver = caregiver_to_change(caregiver_id)
    checked_on, is_current = caregiver.email_checked_on, caregiver.email_state is Tried.CURRENT
    is_checked_since = is_current and checked_on is not None and checked_on > on
    is_gone = caregiver.ended_at or not caregiver.email or caregiver.email_state is Tried.NOT_CURRENT
    if is_gone or is_checked_since or (since and _had_another_email(caregiver, since)):
        return False
    _become(case, caregiver, {"email_state": Tried.NOT_CURRENT, "email_checked_on": on}, by)
    return True


def end_caregiver(case: OfCase, caregiver_id: int, *, by: events.By) -> bool:
    """Named no more; what was recorded stays, and so do letters to them. Ended twice they ended once (False)."""
    caregiver = caregiver_to_change(caregiver_id)
    if caregiver.ended_at:
        return False
    caregiver.ended_at = clock.now()
    db.session.flush()
    if caregiver.address or caregiver.phone:
        find_by_details(caregiver.student_id)
    keep_reachable(case.student_id, by=by)
    events.record("caregiver.ended", by=by, on=caregiver, about=case)
    return True


def keep_reachable(student_id: int, *, by: events.By) -> None:
    """CASE-14: each change of whether the whānau can be reached is dated. At first it can: nothing is written until nobody is
    reached any more. Whoever calls this holds the student, or of two changes at once neither would see the other."""
    answer = is_reachable(known := reach_of(student_id))
    if answer is not known.was_reachable:
        change = ReachableChange(student_id=student_id, is_reachable=answer, at=clock.now(), by_id=by.person_id)
        db.session.add(change)
        db.session.flush()


def _still_named(caregiver_id: int) -> Caregiver:
    caregiver = caregiver_to_change(caregiver_id)
    if caregiver.ended_at:
        raise Conflict(NAMED_NO_MORE, "They are not named any more")
    return caregiver


def _become(case: OfCase, caregiver: Caregiver, becomes: dict[str, Any], by: events.By) -> None:
    was = facts_of(caregiver)
    events.record_all(_rewrite(case, caregiver, becomes, by), by=by)
    if any(getattr(was, name) != getattr(caregiver, name) for name in WRITTEN_TO):
        let_follow(Happened(OTHER_ADDRESSEE, caregiver, case), by=by)


def _rewrite(case: OfCase, caregiver: Caregiver, becomes: dict[str, Any], by: events.By) -> Happened:
    was = facts_of(caregiver)
    _keep_former(caregiver, was, by)
    for field, value in becomes.items():
        setattr(caregiver, field, value)
    caregiver.changed_at, caregiver.changed_by_id = clock.now(), by.person_id
    db.session.flush()
    if (was.address, was.phone) != (caregiver.address, caregiver.phone):
        find_by_details(caregiver.student_id)
    keep_reachable(case.student_id, by=by)
    return Happened("caregiver.changed", caregiver, case)


def _had_another_email(caregiver: Caregiver, since: datetime) -> bool:
    former = (FormerCaregiver.caregiver_id == caregiver.id, FormerCaregiver.email != caregiver.email)
    return bool(db.session.scalar(select(exists().where(*former, FormerCaregiver.until > since))))


def _keep_former(caregiver: Caregiver, was: CaregiverFacts, by: events.By) -> None:
    """The caregiver's row is locked, so of two numbers none is the same."""
    last = select(func.coalesce(func.max(FormerCaregiver.number), 0)).where(
        FormerCaregiver.caregiver_id == caregiver.id
    )
    who = {"by_id": by.person_id, "organisation_id": by.organisation_id}
    values = {"caregiver_id": caregiver.id, "number": last.scalar_subquery() + 1, "until": clock.now(), **who}
    db.session.execute(insert(FormerCaregiver).values(**values, **was.values))


def _composed(values: dict[str, Any]) -> dict[str, Any]:
    return {field: nfc(value) if type(value) is str else value for field, value in values.items()}
