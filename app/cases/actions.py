"""What can happen to a case: it is opened, joined, reopened, given to a case manager, and moves between statuses."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import insert, or_, select, update

from app.cases import standing, tells  # noqa: F401  (tells registers whom these events tell)
from app.cases.becoming import CHANGED, Changed
from app.cases.entries import Audience, Entry, EntryKind
from app.cases.models import Case, CaseKind, CasePerson, CaseSerial, Part, Status, StatusChange
from app.cases.naming import AmongOthers, plays
from app.cases.numbers import case_number
from app.cases.rules import can_become, first_due, status_words
from app.core import clock, events
from app.core.db import db, inserting
from app.core.errors import Refused
from app.core.security import public_id
from app.core.text import nfc
from app.people.models import Person

Names = Collection[str]


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


def change_status(
    case: Case,
    becomes: Status,
    *,
    by: events.By,
    why: str = "",
    with_it: str = "",
    told_as: Names = (),
    sets: Mapping[str, object] | None = None,
) -> int:
    """Move a case along CASE-2; raises `Refused` where it cannot go; gives the id of the change. The school sees it on the timeline,
    `with_it` whatever else changed at once; nobody is told twice: `told_as`, of `notifications.csv`, tells of the same act.
    `sets`: what else of the case is so from then on."""
    if not can_become(case.status, becomes):
        raise Refused(f"A case that is “{status_words(case.status).label}” cannot become that.")
    was, case.status_at = case.status, clock.now()
    case.close_reason = case.close_reason if was is Status.CLOSED and becomes is not Status.OPEN else ""
    case.expected_end_on, case.pause_reason, case.pause_until = None, "", None
    for name, value in (sets or {}).items():
        setattr(case, name, value)
    standing.move(case, status=becomes, service_id=case.service_id)
    change_id, label = _keep_status(case, was=was, by=by, why=why), status_words(becomes).label
    entry = tell_both(case, f"{label}. {with_it}" if with_it else label, by=by)
    events.record(CHANGED, by=by, on=Changed(entry.id, frozenset(told_as)), about=case)
    return change_id


def close_case(case: Case, reason: str, *, by: events.By, why: str, with_it: str = "", told_as: Names = ()) -> int:
    """CASE-5: with a reason of `close_reasons.csv`, which a case keeps until somebody works it again: asked for in error and
    withdrawn, it closes as it had. Gives the id of the change."""
    of_closing = {"close_reason": reason}
    return change_status(case, Status.CLOSED, by=by, why=why, with_it=with_it, told_as=told_as, sets=of_closing)


def tell_both(case: Case, body: str, *, by: events.By) -> Entry:
    """What became of the case stands on the timeline for school and service."""
    return add_entry(case.id, EntryKind.STATUS, body=body, audience=Audience.SHARED, by=by)


def move_to(case: Case, service_id: int | None, region: str) -> None:
    """To the service that takes it up from today, or to none: a move and a reopening start new clocks (CASE-8), by the
    calendar of the region."""
    standing.move(case, service_id=service_id)
    _end_all(case, Part.FORMER_MANAGER, service_id)
    case.region, case.service_started_on = region, clock.today()
    case.due_on = first_due(case.service_started_on, region)
    case.met_school_on = case.engaged_on = None


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


def manager_of(case_id: int) -> Person | None:
    """Who works the case now, or did when it closed."""
    statement = select(Person).join(CasePerson, CasePerson.person_id == Person.id)
    return db.session.scalar(statement.where(plays(CasePerson, Part.MANAGER, case_id)))


def end_manager(case: Case, *, by: events.By, is_among_others: bool = False) -> CasePerson | None:
    """Nobody works the case until it is assigned again; who had it is told (of several at once by whoever takes them)."""
    if former := end_part(case, Part.MANAGER):
        _end_all(case, Part.COVER, former.organisation_id)
        events.record("case.taken_from", by=by, on=AmongOthers(former) if is_among_others else former, about=case)
    return former


def add_entry(
    case_id: int,
    kind: EntryKind,
    *,
    body: str,
    audience: Audience,
    by: events.By,
    opens_at: datetime | None = None,
    happened_at: datetime | None = None,
) -> Entry:
    """What happened, now unless said otherwise, stands on the timeline; `opens_at` is when other organisations may read it, if
    not at once."""
    now = clock.now()
    times = {"happened_at": happened_at or now, "recorded_at": now, "opens_at": opens_at or now}
    who = {"author_id": by.person_id, "organisation_id": by.organisation_id}
    entry = Entry(public_id=public_id(), case_id=case_id, kind=kind, audience=audience, body=nfc(body), **times, **who)
    db.session.add(entry)
    db.session.flush()
    return entry


def _next_number(year: int) -> str:
    """The next number of New Zealand's year; two at once get two."""
    first = inserting(CaseSerial).values(year=year, last=1)
    next_one = first.on_conflict_do_update(index_elements=[CaseSerial.year], set_={"last": CaseSerial.last + 1})
    return case_number(year, db.session.execute(next_one.returning(CaseSerial.last)).scalar_one())


def _keep_status(case: Case, *, was: Status | None, by: events.By, why: str = "") -> int:
    values = {"case_id": case.id, "was": was, "became": case.status, "at": case.status_at, "why": why}
    kept = insert(StatusChange).values(by_id=by.person_id, **values)
    return db.session.execute(kept.returning(StatusChange.id)).scalar_one()


def _end_all(case: Case, part: Part, organisation_id: int | None) -> None:
    """Everybody who has this part at an organisation, also from a later day on: who works the case there is said anew."""
    theirs = (CasePerson.case_id == case.id, CasePerson.organisation_id == organisation_id, CasePerson.part == part)
    still = or_(CasePerson.until.is_(None), CasePerson.until > clock.now())
    db.session.execute(update(CasePerson).where(*theirs, still).values(until=clock.now()))


def end_part(case: Case, part: Part) -> CasePerson | None:
    """End whoever has this part now; returns the row that ended."""
    now = (CasePerson.case_id == case.id, CasePerson.part == part, CasePerson.until.is_(None))
    former = db.session.scalar(select(CasePerson).where(*now))
    if former:
        former.until = clock.now()
        db.session.flush()
    return former
