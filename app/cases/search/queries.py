"""Cases found by the student's name, by number, or by what else is recorded: one statement each, built once for everybody of a
kind."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Date, String, and_, bindparam, case, exists, func, select
from sqlalchemy.orm import aliased

from app.cases.models import Case, Part, Status
from app.cases.naming import plays
from app.cases.queries import Manager, ManagerPerson
from app.cases.search.policy import findable, opens, shows_details, shows_student
from app.cases.search.rules import MOST_WORDS, Sought
from app.core.db import AnyRow, AnySelect, db, unsought
from app.core.text import index_words, prefix_bounds
from app.people.queries import Actor
from app.people.shapes import HERE, asked_by, like
from app.students.models import Enrolment, NameWord, Student
from app.students.queries import is_not_over
from app.students.records.models import DetailWord

MOST, NAME = 25, "name"
Other, OtherDetail = aliased(NameWord), aliased(DetailWord)
_IS_CLOSED = (Case.status == Status.CLOSED).label("is_closed")
Clause = Callable[[Actor], ColumnElement[bool]]
Way = tuple[str, AnySelect, dict[str, Any]]


@dataclass(frozen=True)
class Found:
    """Cases, those whose student has exactly the longest word first, then by name; by what each was found, where it was not by
    name or number; and whether there are more: which of too many stand here is not by name, or all who are called Hana
    would be sorted to show twenty-five."""

    cases: Sequence[AnyRow] = ()
    has_more: bool = False
    by: dict[int, str] = field(default_factory=dict)


def cases_found(actor: Actor, sought: Sought) -> Found:
    """Each case in scope of each student in whose names every word that was sought begins a word; or who has that number, that
    day of birth, or an address or a phone that begins so. A case number is asked for alone, until there is no such case."""
    cases: dict[int, AnyRow] = {}
    by: dict[int, str] = {}
    has_more = False
    for what, statement, values in () if sought.is_nothing or sought.is_too_much else _ways(like(actor), sought):
        rows = db.session.execute(statement, asked_by(actor, **values)).all()
        has_more = has_more or len(rows) > MOST
        shown = [row for row in rows[:MOST] if what != NAME or row.opens or _is_called_so(row, sought.words)]
        new = {row.case_id: row for row in shown if row.case_id not in cases}
        cases |= new
        by |= dict.fromkeys(new, what) if what not in {"", NAME} else {}
        if cases and sought.number:
            break
    return Found(list(cases.values()), has_more, by)


def _ways(actor: Actor, sought: Sought) -> Iterator[Way]:
    """Two at most."""
    if sought.number:
        yield "", _by_number(actor), {"number": sought.number}
    if sought.born_on:
        yield "", _born(actor), {"born_on": sought.born_on}
    if sought.national_number:
        yield "student number", _nationally_numbered(actor), {"national_number": sought.national_number}
    if sought.words and len(sought.words) <= MOST_WORDS:
        yield NAME, _by_name(actor, len(sought.words)), _ends(sought.words)
    for what, begins in (("phone", sought.phone), ("address", sought.address)):
        if begins:
            yield what, _by_detail(actor), _ends((begins,))


def _is_called_so(row: AnyRow, sought: Sequence[str]) -> bool:
    """Now: a former name leads to the present one only for whoever may open the case (P14)."""
    names = index_words(row.legal_name) + index_words(row.preferred_name)
    return all(any(word.startswith(each) for word in names) for each in sought)


def _ends(words: tuple[str, ...]) -> dict[str, str]:
    """Between which two words all those stand that begin so."""
    ends = [(prefix_bounds(word), place) for place, word in enumerate(words)]
    return {f"{end}{place}": text for bounds, place in ends for end, text in zip(("low", "high"), bounds, strict=True)}


@cache
def _by_number(actor: Actor) -> AnySelect:
    return _looked_up(_cases(actor).where(Case.number == bindparam("number")).subquery())


@cache
def _nationally_numbered(actor: Actor) -> AnySelect:
    """The number is one student's."""
    numbered = Student.national_number == bindparam("national_number")
    return _looked_up(_cases(actor, shows_student).where(numbered).order_by(Case.id.desc()).limit(MOST + 1).subquery())


@cache
def _born(actor: Actor) -> AnySelect:
    """Few are born on a day, in whatever country: they are looked up first, and then who of them has a case in scope."""
    on_the_day = Student.born_on == bindparam("born_on", type_=Date)
    cut = _cases(actor, shows_student).add_columns(Student.sort_key, _IS_CLOSED).where(on_the_day)
    order = (Student.sort_key, Student.id, _IS_CLOSED, Case.id.desc())
    found = cut.order_by(*order).limit(MOST + 1).subquery()
    return _looked_up(found).order_by(found.c.sort_key, found.c.student_id, found.c.is_closed, found.c.case_id.desc())


@cache
def _by_name(actor: Actor, count: int) -> AnySelect:
    """Who has the other words is looked up once, not for each."""
    has_others = [unsought(NameWord.student_id).in_(_have(place)) for place in range(1, count)]
    return _walked(_cases(actor), NameWord, Other, *has_others)


@cache
def _by_detail(actor: Actor) -> AnySelect:
    return _walked(_cases(actor, shows_details), DetailWord, OtherDetail)


def _walked(cases: AnySelect, word: Any, other: Any, *more: ColumnElement[bool]) -> AnySelect:
    """The index of an organisation's words is walked in its order, so the exact word comes first. A student with several
    words that begin so is found by the first of them."""
    same = and_(other.student_id == word.student_id, other.organisation_id == HERE)
    is_first = ~exists().where(same, other.word >= _low(0), other.word < word.word)
    cut = (
        cases.add_columns(word.word, Student.sort_key, _IS_CLOSED)
        .join(word, word.student_id == Case.student_id)
        .where(word.organisation_id == HERE, _begins(word, 0), *more, is_first)
        .order_by(word.word, word.student_id, _IS_CLOSED, Case.id.desc())
        .limit(MOST + 1)
        .subquery()
    )
    return _looked_up(cut).order_by(cut.c.word, cut.c.sort_key, cut.c.student_id, cut.c.is_closed, cut.c.case_id.desc())


def _have(place: int) -> AnySelect:
    """The students in whose names a word begins so."""
    return select(Other.student_id).where(Other.organisation_id == HERE, _begins(Other, place))


def _cases(actor: Actor, which: Clause = findable) -> AnySelect:
    """The status is for whoever may open the case."""
    status = case((opens(actor), Case.status)).label("status")
    columns = Case.id.label("case_id"), Case.number, status, Case.student_id
    names = Student.legal_name, Student.preferred_name
    found = select(*columns, *names, opens(actor).label("opens")).join(Student, Student.id == Case.student_id)
    return found.where(which(actor))


def _looked_up(cut: Any) -> AnySelect:
    """A page is cut out first; what else is shown of it is looked up afterwards."""
    enrolled = and_(Enrolment.student_id == cut.c.student_id, is_not_over())
    year_level = select(func.max(Enrolment.year_level)).where(enrolled).scalar_subquery()
    return (
        select(cut, year_level.label("year_level"), ManagerPerson.name.label("manager_name"))
        .outerjoin(Manager, plays(Manager, Part.MANAGER, cut.c.case_id))
        .outerjoin(ManagerPerson, ManagerPerson.id == Manager.person_id)
    )


def _begins(word: Any, place: int) -> ColumnElement[bool]:
    return and_(word.word >= _low(place), word.word < bindparam(f"high{place}", type_=String))


def _low(place: int) -> Any:
    return bindparam(f"low{place}", type_=String)
