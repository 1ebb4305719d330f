"""The half-day marks that the demonstration's first school has sent: of this term and the four before it, up to last Friday; with
one import that corrected a week, and one that waits to be looked at."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, insert, select, update

from app.attendance.calendars.queries import calendar_of
from app.attendance.codes import NO_MARK
from app.attendance.marks.models import ImportedWeek, ImportRefusal, ImportState, ImportWay, MarkImport
from app.attendance.models import AbsenceStatement
from app.attendance.tallies.actions import ask_to_count, count_some
from app.attendance.tallies.models import ConfirmedTerm, MarkWeek, TallyDue
from app.attendance.tallies.queries import region_of
from app.calendars.school_calendar import SchoolCalendar
from app.cases.entries import Entry
from app.cases.models import Case, Status
from app.core import clock
from app.core.db import AnyRow, db
from app.core.security import public_id
from app.people.queries import Actor
from app.students.models import Enrolment, Student
from demo.invented_marks import Pupil, Run, weeks

TERMS = 5
BY_HAND = ("Aroha Waititi", "Fa‘afetai Vainikolo", "Fa‘afetai Semisi Tu‘ipulotu", "Anh Anh Trần")
"""They learn where no marks are kept: a visitor may tell their days absent by hand."""
APPROVED, UNKNOWN, AWAY = 15, 35, 45
"""Of the students without a case: whose leave was approved for too long, of whom something is not known yet, and who has not been
seen for 20 school days."""
CORRECTED = 3
"""Students of whom a later export said something else."""
EMPTY = NO_MARK * 10
Term = tuple[int, date, date]


def marks_of_school(lead: Actor, office: Actor) -> None:
    """What the worker would have kept and counted by now."""
    school_id = lead.organisation_id
    calendar = calendar_of(school_id, region_of(school_id))
    terms = _terms(calendar, _last_friday())
    rows = [
        {"student_id": student.id, "school_id": school_id, "monday": monday, "marks": marks}
        for student, pupil in _pupils(school_id, terms[-1])
        for _, from_on, to_on in terms
        for monday, marks in weeks(pupil, calendar, max(from_on, student.from_on), to_on)
        if student.from_on <= to_on
    ]
    _correct(rows, terms[-1], by=office)
    db.session.execute(insert(MarkWeek), rows)
    _wait_to_be_looked_at(rows, by=office)
    for code, _, _ in terms[:-1]:
        db.session.add(ConfirmedTerm(school_id=school_id, term=code, at=clock.now(), by_id=lead.person_id))
    _give_local_ids(school_id)
    _count(school_id, terms[0][1])


def _last_friday() -> date:
    today = clock.today()
    return today - timedelta(days=today.weekday() + 3)


def _terms(calendar: SchoolCalendar, until: date) -> list[Term]:
    """The newest that had begun by then and the four before it, each with its code, first day and last day with marks."""
    rows = [
        (year * 10 + row.number, row) for year in range(until.year - 2, until.year + 1) for row in calendar.terms(year)
    ]
    begun = [(code, row.from_on, row.to_on) for code, row in rows if row.from_on and row.to_on and row.from_on <= until]
    return [(code, from_on, min(to_on, until)) for code, from_on, to_on in begun[-TERMS:]]


def _pupils(school_id: int, term: Term) -> Iterator[tuple[AnyRow, Pupil]]:
    """Everybody on the roll, but for those whose days absent are told by hand."""
    number = 0
    for row in db.session.execute(_on_roll(school_id)):
        if row.legal_name in BY_HAND or row.told_today or (row.status is Status.OPEN and not row.was_told):
            continue
        number += row.status is None
        asked_on = clock.nz(row.began_at).date() if row.began_at else None
        is_better = row.status in {Status.TRANSITION, Status.CLOSED}
        runs = tuple(_runs(number, term)) if row.status is None else ()
        yield row, Pupil(row.national_number, asked_on, is_better, runs)


def _on_roll(school_id: int) -> Any:
    told = AbsenceStatement.student_id == Student.id
    began = select(func.min(Entry.happened_at)).where(Entry.case_id == Case.id)
    return (
        select(Student.id, Student.legal_name, Student.national_number, Enrolment.from_on)
        .add_columns(Case.status, began.scalar_subquery().label("began_at"))
        .add_columns(exists().where(told).label("was_told"))
        .add_columns(exists().where(told, AbsenceStatement.told_on == clock.today()).label("told_today"))
        .join(Enrolment, Enrolment.student_id == Student.id)
        .outerjoin(Case, Case.student_id == Student.id)
        .where(Enrolment.school_id == school_id)
        .order_by(Student.id)
    )


def _runs(number: int, term: Term) -> Iterator[Run]:
    """What marks ask the school about: at the end of the present term so far."""
    _, _, until = term
    if number == APPROVED:
        yield Run(until - timedelta(days=11), 12, "J")
    elif number == UNKNOWN:
        yield Run(until - timedelta(days=2), 2, "?")
    elif number == AWAY:
        yield Run(until - timedelta(days=30), 31, "T")


def _correct(rows: Sequence[dict[str, Any]], term: Term, *, by: Actor) -> None:
    """The first students who were marked truant in the term's last week were at home ill, said a later export."""
    monday = term[2] - timedelta(days=term[2].weekday())
    wrong = [row for row in rows if row["monday"] == monday and "TT" in row["marks"]][:CORRECTED]
    if not wrong:
        return
    brought = _import(ImportState.KEPT, "attendance-corrected.csv", by=by)
    brought.kept_at, brought.kept_by_id = brought.asked_at, by.person_id
    _sum_up(brought, monday, term[2], rows=8 * len(wrong), students=len(wrong))
    told = [{**row, "told": "".join("M" if mark == "T" else NO_MARK for mark in row["marks"])} for row in wrong]
    brought.changed = brought.same = sum(week["told"].count("M") for week in told)
    brought.done = len(told)
    _add_weeks(brought, told, kept_at=brought.kept_at)
    for row in wrong:
        row["marks"] = row["marks"].replace("T", "M")


def _wait_to_be_looked_at(rows: Sequence[dict[str, Any]], *, by: Actor) -> None:
    """An export that changes a few marks of the last week, with lines that cannot be taken over."""
    monday = max(row["monday"] for row in rows)
    known = [row for row in rows if row["monday"] == monday and set(row["marks"]) & set("?TE")]
    told = [{**row, "told": "".join("M" if mark in "?TE" else NO_MARK for mark in row["marks"])} for row in known[-4:]]
    brought = _import(ImportState.REVIEW, "attendance-this-week.csv", by=by)
    refused = (
        (12, "No student of this school has the number “990019999”"),
        (31, f"“K” is no code that held on {monday.day} {monday:%B %Y}"),
        (57, "“31/02” is no day"),
    )
    _sum_up(brought, monday, monday + timedelta(days=4), rows=64, students=len(told))
    brought.changed, brought.refused = sum(week["told"].count("M") for week in told), len(refused)
    _add_weeks(brought, told, kept_at=None)
    lines = [
        {"import_id": brought.id, "place": place, "line": line, "why": why}
        for place, (line, why) in enumerate(refused, 1)
    ]
    db.session.execute(insert(ImportRefusal), lines)


def _import(state: ImportState, name: str, *, by: Actor) -> MarkImport:
    made = MarkImport(public_id=public_id(), school_id=by.organisation_id, way=ImportWay.BROWSER, state=state)
    made.file_name, made.asked_at, made.asked_by_id = name, clock.now(), by.person_id
    db.session.add(made)
    db.session.flush()
    return made


def _sum_up(brought: MarkImport, from_on: date, to_on: date, *, rows: int, students: int) -> None:
    brought.from_on, brought.to_on, brought.rows, brought.students = from_on, to_on, rows, students


def _add_weeks(brought: MarkImport, told: Sequence[dict[str, Any]], *, kept_at: datetime | None) -> None:
    found = [
        {"student_id": row["student_id"], "monday": row["monday"], "told": row["told"], "before": row["marks"]}
        for row in told
    ]
    if found:
        each = {"import_id": brought.id, "kept_at": kept_at}
        db.session.execute(insert(ImportedWeek), [{**each, **row} for row in found])


def _give_local_ids(school_id: int) -> None:
    """The school's own numbers, as its student management system has them."""
    here = select(Enrolment.id).where(Enrolment.school_id == school_id).order_by(Enrolment.id)
    numbers = [{"id": found, "local_id": f"TA{number:04}"} for number, found in enumerate(db.session.scalars(here), 1)]
    db.session.execute(update(Enrolment), numbers)


def _count(school_id: int, from_on: date) -> None:
    ask_to_count(school_id, from_on)
    db.session.flush()
    while due := db.session.get(TallyDue, school_id, populate_existing=True):
        count_some(due)
        db.session.flush()
