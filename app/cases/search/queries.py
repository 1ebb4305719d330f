"""Cases found by the student's name or by number: one statement each, built once for everybody of a kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, String, and_, bindparam, case, exists, func, select
from sqlalchemy.orm import aliased

from app.cases.models import Case, Part, Status
from app.cases.queries import Manager, ManagerPerson
from app.cases.search.policy import findable, opens
from app.cases.search.rules import Sought
from app.core.db import AnyRow, AnySelect, db, unsought
from app.core.text import prefix_bounds
from app.people.queries import Actor
from app.people.shapes import HERE, asked_by, like
from app.students.models import Enrolment, NameWord, Student
from app.students.queries import is_not_over

MOST = 25
Other = aliased(NameWord)


@dataclass(frozen=True)
class Found:
    """Cases, those whose student has exactly the longest word first, then by name; and whether there are more: which of too
    many stand here is not by name, or all who are called Hana would be sorted to show twenty-five."""

    cases: Sequence[AnyRow] = ()
    has_more: bool = False


def cases_found(actor: Actor, sought: Sought) -> Found:
    """Each case in scope of each student in whose names every word that was sought begins a word."""
    if sought.is_nothing or sought.is_too_much:
        return Found()
    if sought.number:
        return Found(db.session.execute(_by_number(like(actor)), asked_by(actor, number=sought.number)).all())
    statement = _by_name(like(actor), len(sought.words))
    rows = db.session.execute(statement, asked_by(actor, **_ends(sought.words))).all()
    return Found(rows[:MOST], len(rows) > MOST)


def _ends(words: tuple[str, ...]) -> dict[str, str]:
    """Between which two words all those stand that begin so."""
    ends = [(prefix_bounds(word), place) for place, word in enumerate(words)]
    return {f"{end}{place}": text for bounds, place in ends for end, text in zip(("low", "high"), bounds, strict=True)}


@cache
def _by_number(actor: Actor) -> AnySelect:
    return _looked_up(_cases(actor).where(Case.number == bindparam("number")).subquery())


@cache
def _by_name(actor: Actor, count: int) -> AnySelect:
    """The index of an organisation's words is walked in its order, so the exact word comes first. A student with several
    words that begin so is found by the first of them. Who has the other words is looked up once, not for each."""
    same = and_(Other.student_id == NameWord.student_id, Other.organisation_id == HERE)
    is_first = ~exists().where(same, Other.word >= _low(0), Other.word < NameWord.word)
    has_others = [unsought(NameWord.student_id).in_(_have(place)) for place in range(1, count)]
    is_closed = (Case.status == Status.CLOSED).label("is_closed")
    cut = (
        _cases(actor)
        .add_columns(NameWord.word, Student.sort_key, is_closed)
        .join(NameWord, NameWord.student_id == Case.student_id)
        .where(NameWord.organisation_id == HERE, _begins(NameWord, 0), *has_others, is_first)
        .order_by(NameWord.word, NameWord.student_id, is_closed, Case.id.desc())
        .limit(MOST + 1)
        .subquery()
    )
    return _looked_up(cut).order_by(cut.c.word, cut.c.sort_key, cut.c.student_id, cut.c.is_closed, cut.c.case_id.desc())


def _have(place: int) -> AnySelect:
    """The students in whose names a word begins so."""
    return select(Other.student_id).where(Other.organisation_id == HERE, _begins(Other, place))


def _cases(actor: Actor) -> AnySelect:
    """The status is for whoever may open the case."""
    status = case((opens(actor), Case.status)).label("status")
    columns = Case.id.label("case_id"), Case.number, status, Case.student_id
    names = Student.legal_name, Student.preferred_name
    found = select(*columns, *names, opens(actor).label("opens")).join(Student, Student.id == Case.student_id)
    return found.where(findable(actor))


def _looked_up(cut: Any) -> AnySelect:
    """A page is cut out first; what else is shown of it is looked up afterwards."""
    enrolled = and_(Enrolment.student_id == cut.c.student_id, is_not_over())
    year_level = select(func.max(Enrolment.year_level)).where(enrolled).scalar_subquery()
    manager = and_(Manager.case_id == cut.c.case_id, Manager.part == Part.MANAGER, Manager.until.is_(None))
    return (
        select(cut, year_level.label("year_level"), ManagerPerson.name.label("manager_name"))
        .outerjoin(Manager, manager)
        .outerjoin(ManagerPerson, ManagerPerson.id == Manager.person_id)
    )


def _begins(word: Any, place: int) -> ColumnElement[bool]:
    return and_(word.word >= _low(place), word.word < bindparam(f"high{place}", type_=String))


def _low(place: int) -> Any:
    return bindparam(f"low{place}", type_=String)
