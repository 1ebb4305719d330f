"""What can happen to a case: it is opened, joined, reopened, given to a case manager, and moves between statuses."""

from datetime import datetime

from sqlalchemy import insert, select, update

from app.cases import standing, tells  # noqa: F401  (tells registers whom these events tell)
from app.cases.entries import Audience, Entry, EntryKind
from app.cases.models import Case, CaseKind, CasePerson, CaseSerial, Part, SafetyKind, SafetyNote, Status, StatusChange
from app.cases.naming import in_force
from app.cases.numbers import case_number
from app.cases.rules import can_become, first_due, status_words
from app.core import clock, events
from app.core.db import db, inserting
from app.core.errors import Refused
from app.core.figures import the_figures
from app.core.security import public_id
from app.core.text import nfc


def open_case(
    *, student_id: int, school_id: int, service_id: int | None, region: str, kind: CaseKind, by: events.By
) -> Case:
    """A new case, in the queue of its service; in triage where no service covers the catchment (REQ-6)."""
    today = clock.today()
    case = Case(
        number=_next_number(today.year),
        kind=kind,
        student_id=student_id,
        school_id=school_id,
        service_id=service_id,
        region=region,
        status=Status.QUEUE if service_id else Status.TRIAGE,
        status_at=clock.now(),
        urgency=1,
        service_started_on=today,
        due_on=first_due(today, region),
        made_at=clock.now(),
    )
    db.session.add(case)
    db.session.flush()
    standing.begin(case)
    _keep_status(case, was=None, by=by)
    return case


def change_status(case: Case, becomes: Status, *, by: events.By, why: str = "", with_it: str = "") -> None:
    """Move a case along CASE-2; raises `Refused` where it cannot go. The school sees it on the timeline, `with_it`
    whatever else changed at once."""
    if not can_become(case.status, becomes):
        raise Refused(f"A case that is “{status_words(case.status).label}” cannot become that.")
    was, case.status_at = case.status, clock.now()
    case.close_reason = case.close_reason if was is Status.CLOSED and becomes is not Status.OPEN else ""
    standing.move(case, status=becomes, service_id=case.service_id)
    _keep_status(case, was=was, by=by, why=why)
    body = status_words(becomes).label
    tell_both(case, f"{body}. {with_it}" if with_it else body, by=by)


def close_case(case: Case, reason: str, *, by: events.By, why: str, with_it: str = "") -> None:
    """CASE-5: with a reason of `close_reasons.csv`, which a case keeps until somebody works it again: asked for
    in error and withdrawn, it closes as it had."""
    change_status(case, Status.CLOSED, by=by, why=why, with_it=with_it)
    case.close_reason = reason


def tell_both(case: Case, body: str, *, by: events.By) -> None:
    """What became of the case stands on the timeline for school and service."""
    add_entry(case.id, EntryKind.STATUS, body=body, audience=Audience.SHARED, by=by)


def move_to(case: Case, service_id: int | None, region: str) -> None:
    """To the service that takes it up from today, or to none: a move and a reopening start new clocks (CASE-8), by the
    calendar of the region."""
    standing.move(case, service_id=service_id)
    _end_reading_on(case, service_id)
    case.region, case.service_started_on = region, clock.today()
    case.due_on = first_due(case.service_started_on, region)


def mark_urgent(case: Case, why: str) -> None:
    """Urgent, with its why: it comes first in the queue (CASE-9)."""
    case.urgency, case.urgent_why = 0, nfc(why)


def name_person(case: Case, person_id: int, part: Part, *, organisation_id: int, by: events.By) -> CasePerson:
    """Name somebody on a case."""
    named = CasePerson(
        case_id=case.id,
        person_id=person_id,
        organisation_id=organisation_id,
        part=part,
        since=clock.now(),
        named_by_id=by.person_id,
    )
    db.session.add(named)
    db.session.flush()
    return named


def clear_urgency(case: Case) -> None:
    """What was urgent in an earlier round says nothing about this one."""
    case.urgency, case.urgent_why = 1, ""


def end_manager(case: Case, *, by: events.By) -> CasePerson | None:
    """Nobody works the case until it is assigned again; whoever had it is told, and returned."""
    if former := end_part(case, Part.MANAGER):
        events.record("case.taken_from", by=by, on=former, about=case)
    return former


def add_entry(
    case_id: int, kind: EntryKind, *, body: str, audience: Audience, by: events.By, opens_at: datetime | None = None
) -> Entry:
    """What happened now stands on the timeline; `opens_at` is when other organisations may read it, if not at once."""
    now = clock.now()
    entry = Entry(
        public_id=public_id(),
        case_id=case_id,
        kind=kind,
        happened_at=now,
        recorded_at=now,
        opens_at=opens_at or now,
        author_id=by.person_id,
        organisation_id=by.organisation_id,
        audience=audience,
        body=nfc(body),
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def add_safety_note(case: Case, kind: SafetyKind, fact: str, *, by: events.By) -> None:
    """SHARE-8: believed for some months, then to be looked at again."""
    db.session.add(
        SafetyNote(
            case_id=case.id,
            kind=kind,
            fact=nfc(fact),
            organisation_id=by.organisation_id,
            added_by_id=by.person_id,
            added_at=clock.now(),
            review_by=clock.add_months(clock.today(), the_figures().safety_months),
        )
    )
    db.session.flush()


def _next_number(year: int) -> str:
    """The next number of New Zealand's year; two at once get two."""
    statement = inserting(CaseSerial).values(year=year, last=1)
    taken = db.session.execute(
        statement.on_conflict_do_update(index_elements=[CaseSerial.year], set_={"last": CaseSerial.last + 1}).returning(
            CaseSerial.last
        )
    ).scalar_one()
    return case_number(year, taken)


def _keep_status(case: Case, *, was: Status | None, by: events.By, why: str = "") -> None:
    values = {"case_id": case.id, "was": was, "became": case.status, "at": case.status_at, "why": why}
    db.session.execute(insert(StatusChange).values(by_id=by.person_id, **values))


def _end_reading_on(case: Case, service_id: int | None) -> None:
    """Where a case comes back to, nobody is a former manager of it any more: who works it there is said anew."""
    readers = update(CasePerson).where(CasePerson.case_id == case.id, CasePerson.organisation_id == service_id)
    db.session.execute(readers.where(CasePerson.part == Part.FORMER_MANAGER, *in_force()).values(until=clock.now()))


def end_part(case: Case, part: Part) -> CasePerson | None:
    """End whoever has this part now; returns the row that ended."""
    statement = select(CasePerson).where(
        CasePerson.case_id == case.id, CasePerson.part == part, CasePerson.until.is_(None)
    )
    former = db.session.scalar(statement)
    if former:
        former.until = clock.now()
        db.session.flush()
    return former
