"""Terms and closed days of schools, as the operator has them from the schools: the school's own pages show who brought them in,
and change them as they change their own."""

from collections.abc import Mapping, Sequence

from app.attendance.calendars.actions import close_days, say_terms
from app.attendance.calendars.models import CalendarEntryKind
from app.attendance.calendars.queries import CalendarOfSchool, calendar_of_school, terms_to_change
from app.attendance.calendars.rules import ClosureFacts, Days, version_of
from app.calendars.school_terms import year_and_number
from app.core.errors import Refused
from app.imports.calendars.rules import KINDS, closure_of, term_of
from app.imports.columns import Brought, Faulty, Row
from app.imports.queries import Operator, organisations
from app.people.models import Kind, Organisation

NEW, SAME = "new", "as before"
Told = tuple[int, Days]
"""The line, and the days of a term."""


def bring_calendar(rows: Sequence[Row], brought: Brought, *, by: Operator) -> None:
    """Terms first: whether a school is open on a day that it closes rests on them."""
    known = organisations()
    terms = [row for row in rows if row["kind"].casefold() == CalendarEntryKind.TERM]
    _bring_terms(terms, known, brought, by)
    closures = [row for row in rows if row["kind"].casefold() != CalendarEntryKind.TERM]
    brought.take_each(closures, lambda row: _close(row, _school(row, known), by))


def _bring_terms(rows: Sequence[Row], known: Mapping[str, Organisation], brought: Brought, by: Operator) -> None:
    """The terms of a year are said together, as on the page of the school: they must follow one another."""
    told: dict[tuple[int, int], dict[int, Told]] = {}
    for row in rows:
        try:
            school, term = _school(row, known), term_of(row)
        except Faulty as why:
            brought.refuse(row.line, why)
            continue
        of_year = told.setdefault((school.id, term.year), {})
        if term.number in of_year:
            brought.refuse(row.line, "A line above says something of the same term")
        of_year.setdefault(term.number, (row.line, term.days))
    for (school_id, year), terms in told.items():
        _say(school_id, year, terms, brought, by)


def _say(school_id: int, year: int, terms: Mapping[int, Told], brought: Brought, by: Operator) -> None:
    every = {year_and_number(code): entry for code, entry in terms_to_change(school_id).items()}
    held = {number: (entry.from_on, entry.to_on) for (of, number), entry in every.items() if of == year}
    days = {**held, **{number: both for number, (_, both) in terms.items()}}
    others = [number for number in terms if held.get(number) != days[number]]
    try:
        if others:
            say_terms(year, days, version=version_of(held), by=by.at(school_id))
    except Refused as why:
        for line, _ in terms.values():
            brought.refuse(line, why.why.rstrip("."))
        return
    brought.counts[NEW] += len(others)
    brought.counts[SAME] += len(terms) - len(others)


def _close(row: Row, school: Organisation, by: Operator) -> str:
    row.one_of("kind", KINDS)
    told = closure_of(row)
    found = calendar_of_school(school.id)
    if found is None:
        raise Faulty("This school has no catchment yet; bring the schools first")
    if _is_closed_so(found, told):
        return SAME
    try:
        close_days(found, told, by=by.at(school.id))
    except Refused as why:
        raise Faulty(why.why.rstrip(".")) from why
    return NEW


def _is_closed_so(found: CalendarOfSchool, told: ClosureFacts) -> bool:
    said = (told.from_on, told.to_on, told.kind, told.half)
    return any((each.from_on, each.to_on, each.kind, each.half) == said for each in found.closures)


def _school(row: Row, known: Mapping[str, Organisation]) -> Organisation:
    found = known.get(row["school"])
    if found is None or found.kind is not Kind.SCHOOL:
        raise Faulty("“school” is the number of no school; bring the schools first")
    return found
