"""What can happen to a case: it is opened, joined, reopened, and moves between statuses; what happened stands on its timeline."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert

from app.cases import standing, tells  # noqa: F401  (tells registers whom these events tell)
from app.cases.becoming import CHANGED, Changed
from app.cases.entries import Audience, Entry, EntryKind
from app.cases.models import Case, CaseKind, CaseSerial, Part, Status, StatusChange
from app.cases.numbers import case_number
from app.cases.parts import end_all
from app.cases.rules import can_become, first_due, status_words
from app.cases.seeing import let_wait_by_hand
from app.core import clock, events
from app.core.db import db, inserting
from app.core.errors import Refused
from app.core.events import Happened
from app.core.security import public_id
from app.core.text import nfc

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
    _keep_status([case], was=[None], by=by)
    let_wait_by_hand(case)
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
    also: Sequence[Happened] = (),
) -> int:
    """Move a case along CASE-2; raises `Refused` where it cannot go; gives the id of the change. The school sees it on the timeline,
    `with_it` whatever else changed at once; nobody is told twice: `told_as`, of `notifications.csv`, tells of the same act.
    `sets`: what else of the case is so from then on; `also`: what else the same act is."""
    return change_each([case], becomes, by=by, why=why, with_it=with_it, told_as=told_as, sets=sets, also=also)[0]


def change_each(
    cases: Sequence[Case],
    becomes: Status,
    *,
    by: events.By,
    why: str = "",
    with_it: str = "",
    told_as: Names = (),
    sets: Mapping[str, object] | None = None,
    also: Sequence[Happened] = (),
) -> list[int]:
    """The same of several cases that become it in one act."""
    was = [case.status for case in cases]
    for case in cases:
        _prepare(case, becomes, sets or {})
    standing.become(cases, becomes, by=by)
    change_ids = _keep_status(cases, was=was, by=by, why=why)
    label = status_words(becomes).label
    entries = tell_both_of_each(cases, f"{label}. {with_it}" if with_it else label, by=by)
    told = [Changed(entry.id, frozenset(told_as)) for entry in entries]
    changed = [Happened(CHANGED, on, case) for on, case in zip(told, cases, strict=True)]
    events.record_all(*changed, *also, by=by)
    return change_ids


def close_case(
    case: Case,
    reason: str,
    *,
    by: events.By,
    why: str,
    with_it: str = "",
    told_as: Names = (),
    also: Sequence[Happened] = (),
) -> int:
    """CASE-5: with a reason of `close_reasons.csv`, which a case keeps until somebody works it again: asked for in error and
    withdrawn, it closes as it had. Gives the id of the change."""
    of_closing = {"close_reason": reason}
    words = {"why": why, "with_it": with_it}
    return change_status(case, Status.CLOSED, by=by, told_as=told_as, sets=of_closing, also=also, **words)


def tell_both(case: Case, body: str, *, by: events.By) -> Entry:
    """What became of the case stands on the timeline for school and service."""
    return tell_both_of_each([case], body, by=by)[0]


def tell_both_of_each(cases: Sequence[Case], body: str, *, by: events.By) -> list[Entry]:
    """The same of several."""
    bodies = {case.id: body for case in cases}
    return add_entries(bodies, EntryKind.STATUS, audience=Audience.SHARED, by=by)


def move_to(case: Case, service_id: int | None, region: str, *, by: events.By) -> None:
    """To the service that takes it up from today, or to none: a move and a reopening start new clocks (CASE-8), by the
    calendar of the region."""
    standing.move(case, service_id=service_id, by=by)
    end_all([case.id], (Part.FORMER_MANAGER,), service_id, at=clock.now())
    case.region, case.service_started_on = region, clock.today()
    case.due_on = first_due(case.service_started_on, region)
    case.met_school_on = case.engaged_on = None


def mark_urgent(case: Case, why: str) -> None:
    """Urgent, with its why: it comes first in the queue (CASE-9)."""
    case.urgency, case.urgent_why = 0, nfc(why)


def clear_urgency(case: Case) -> None:
    """What was urgent in an earlier round says nothing about this one."""
    case.urgency, case.urgent_why = 1, ""


def add_entry(
    case_id: int, kind: EntryKind, *, body: str, audience: Audience, by: events.By, **times: datetime | None
) -> Entry:
    """What happened, now unless said otherwise, stands on the timeline; `opens_at` is when other organisations may read it, if
    not at once."""
    return add_entries({case_id: body}, kind, audience=audience, by=by, **times)[0]


def add_entries(
    bodies: Mapping[int, str],
    kind: EntryKind,
    *,
    audience: Audience,
    by: events.By,
    opens_at: datetime | None = None,
    happened_at: datetime | None = None,
) -> list[Entry]:
    """The same on several cases, by their ids."""
    now = clock.now()
    times = {"happened_at": happened_at or now, "recorded_at": now, "opens_at": opens_at or now}
    of_all = {"kind": kind, "audience": audience, "author_id": by.person_id, "organisation_id": by.organisation_id}
    rows = [
        {"public_id": public_id(), "case_id": case_id, "body": nfc(body), **times, **of_all}
        for case_id, body in bodies.items()
    ]
    entries = {made.case_id: made for made in db.session.scalars(insert(Entry).returning(Entry), rows)} if rows else {}
    return [entries[case_id] for case_id in bodies]


def _next_number(year: int) -> str:
    """The next number of New Zealand's year; two at once get two."""
    first = inserting(CaseSerial).values(year=year, last=1)
    next_one = first.on_conflict_do_update(index_elements=[CaseSerial.year], set_={"last": CaseSerial.last + 1})
    return case_number(year, db.session.execute(next_one.returning(CaseSerial.last)).scalar_one())


def _prepare(case: Case, becomes: Status, sets: Mapping[str, object]) -> None:
    """What is said of its former status goes with it."""
    if not can_become(case.status, becomes):
        raise Refused(f"A case that is “{status_words(case.status).label}” cannot become that.")
    if case.status is Status.CLOSED:
        let_wait_by_hand(case, closed_at=case.status_at)
    case.status_at = clock.now()
    case.close_reason = case.close_reason if case.status is Status.CLOSED and becomes is not Status.OPEN else ""
    case.expected_end_on, case.pause_reason, case.pause_until = None, "", None
    for name, value in sets.items():
        setattr(case, name, value)


def _keep_status(cases: Sequence[Case], *, was: Sequence[Status | None], by: events.By, why: str = "") -> list[int]:
    of_all = {"by_id": by.person_id, "why": why}
    rows = [
        {"case_id": case.id, "was": before, "became": case.status, "at": case.status_at, **of_all}
        for case, before in zip(cases, was, strict=True)
    ]
    kept = insert(StatusChange).returning(StatusChange.case_id, StatusChange.id)
    ids = {row.case_id: row.id for row in db.session.execute(kept, rows)}
    return [ids[case.id] for case in cases]
