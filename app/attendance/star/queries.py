"""The lines of STAR watch: students of the roll who are past a step in the newest term of which the school has marks, and what was
done about it (ATT-5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, distinct, exists, false, func, or_, select, tuple_, union
from sqlalchemy.orm import aliased

from app.attendance.star.counting import EARLIEST, LEAST, answered_of, in_force, step_of, tally_of, term_of
from app.attendance.star.lines import Done, Group, Line, Wanted, Watch, lines_from, place_from
from app.attendance.star.models import StarResponse
from app.attendance.star.policy import sees_star
from app.attendance.tallies.models import ConfirmedTerm, TallyDue, TermTally
from app.attendance.tallying import Tally
from app.core.db import TODAY, AnyRow, AnySelect, db
from app.people.queries import Actor
from app.students.models import Enrolment, Student
from app.students.queries import is_not_over

PAGE = 25
MOST = 3000
"""Of a school, on one page by tutor."""
MOST_IN_FILE = 20_000
"""More than any school has."""
SUMS = ("present", "justified", "unjustified", "not_counted", "unmarked", "absent", "explained")
DONE = ("public_id", "step", "kind", "done_on", "about_when", "by_whom", "note", "at")
Here = aliased(Enrolment)
Pressed = aliased(StarResponse)


@dataclass(frozen=True)
class ResponsesOfSchool:
    """Something that the actor's school did, for one student or for all of whom it was recorded at once."""

    responses: Sequence[StarResponse]
    case_id: None = None


def watch_of(actor: Actor) -> Watch:
    """How many wait in each tutor group; of which term, as of when. One statement, of everybody on the roll."""
    school_id, term = actor.organisation_id, term_of(actor.organisation_id)
    answered = answered_of(school_id, term)
    is_open = step_of(TermTally.absent) > func.coalesce(answered.c.step, 0)
    of_term = (ConfirmedTerm.school_id == school_id, ConfirmedTerm.term == term)
    statement = (
        select(Enrolment.tutor, Enrolment.year_level, func.count(distinct(case((is_open, TermTally.student_id)))))
        .add_columns(func.max(TermTally.term), func.max(TermTally.to_on))
        .add_columns(select(ConfirmedTerm.term).where(*of_term).scalar_subquery())
        .add_columns(select(TallyDue.school_id).where(TallyDue.school_id == school_id).scalar_subquery())
        .outerjoin(TermTally, tally_of(Enrolment.student_id, school_id, term))
        .outerjoin(answered, answered.c.student_id == Enrolment.student_id)
        .where(*_on_roll_of(actor))
        .group_by(Enrolment.tutor, Enrolment.year_level)
    )
    rows = db.session.execute(statement).all()
    terms, days = [row[3] for row in rows if row[3]], [row[4] for row in rows if row[4]]
    return Watch(
        [Group(tutor, year, waiting) for tutor, year, waiting, *_ in rows],
        max(terms, default=None),
        max(days, default=None),
        is_confirmed=any(row[5] for row in rows),
        is_being_counted=any(row[6] for row in rows),
    )


def _on_roll_of(actor: Actor) -> tuple[Any, ...]:
    here = (Enrolment.school_id == actor.organisation_id, Enrolment.from_on <= TODAY)
    return (*here, is_not_over(), ~_has_newer(), *_if_seen(actor))


def lines_for(actor: Actor, wanted: Wanted, *, after: str = "", most: int = PAGE) -> list[Line]:
    """Those that are asked for, who has missed most first, and one more; `after` is where the last one before stands (`Line.place`),
    whether or not it stands there still. One statement."""
    found = _lines(actor, wanted).cte("found")
    cut = select(found)
    if place := place_from(after):
        cut = cut.where(_comes_after(found, *place))
    page = cut.order_by(found.c.absent.desc(), found.c.id).limit(most + 1).subquery()
    return _asked(actor, page)


def lines_of(actor: Actor, public_ids: Sequence[str]) -> list[Line]:
    """Of these students those who are past a step now, answered or not; one statement."""
    theirs = Student.public_id.in_(list(public_ids))
    return [line for line in _asked(actor, _lines(actor, Wanted(has_answered=True), theirs).subquery()) if line.step]


def lines_held(actor: Actor, public_ids: Sequence[str]) -> list[Line]:
    """The same, as nobody else may answer them until this transaction is over."""
    on_roll = select(Enrolment.student_id).where(Enrolment.school_id == actor.organisation_id)
    theirs = select(Student.id).where(Student.public_id.in_(list(public_ids)), Student.id.in_(on_roll))
    db.session.execute(theirs.order_by(Student.id).with_for_update(key_share=True))
    return lines_of(actor, public_ids)


def response_for(actor: Actor, public_id: str) -> ResponsesOfSchool | None:
    """One of the actor's school, also one that was taken back."""
    return _responses(actor, StarResponse.public_id == public_id)


def recording_for(actor: Actor, public_id: str) -> ResponsesOfSchool | None:
    """All that one press at the actor's school recorded, by one of it."""
    press = select(Pressed.by_id, Pressed.at).where(
        Pressed.public_id == public_id, Pressed.school_id == actor.organisation_id
    )
    term = select(Pressed.term).where(Pressed.public_id == public_id).scalar_subquery()
    return _responses(actor, StarResponse.term == term, tuple_(StarResponse.by_id, StarResponse.at).in_(press))


def _responses(actor: Actor, *which: Any) -> ResponsesOfSchool | None:
    mine = select(StarResponse).where(StarResponse.school_id == actor.organisation_id, *which, *_if_seen(actor))
    found = db.session.scalars(mine.order_by(StarResponse.id)).all()
    return ResponsesOfSchool(found) if found else None


def with_responses(statement: AnySelect, actor: Actor) -> tuple[AnyRow | None, list[Done]]:
    """The one Student that a statement is about, and what the school did about their days absent lately: in that statement."""
    theirs = (StarResponse.student_id == Student.id, StarResponse.school_id == actor.organisation_id)
    is_late = (StarResponse.ended_at.is_(None), StarResponse.term >= EARLIEST) if sees_star(actor) else (false(),)
    columns = (getattr(StarResponse, name).label(f"star_{name}") for name in DONE)
    joined = statement.outerjoin(StarResponse, and_(*theirs, *is_late)).add_columns(*columns)
    rows = db.session.execute(joined.order_by(StarResponse.id)).all()
    return (rows[0] if rows else None), [_done(row) for row in rows if row.star_public_id]


def _asked(actor: Actor, page: Any) -> list[Line]:
    theirs = (StarResponse.student_id == page.c.id, StarResponse.school_id == actor.organisation_id)
    columns = (getattr(StarResponse, name).label(f"star_{name}") for name in DONE)
    statement = (
        select(page, *columns)
        .outerjoin(StarResponse, and_(*theirs, StarResponse.term == page.c.term, StarResponse.ended_at.is_(None)))
        .order_by(page.c.absent.desc(), page.c.id, StarResponse.id)
    )
    rows = db.session.execute(statement)
    return lines_from([(_line(row), _done(row) if row.star_public_id else None) for row in rows])


def _lines(actor: Actor, wanted: Wanted, *which: Any) -> AnySelect:
    """Students of the roll, once each, by the newest of their enrolments at the school."""
    school_id, term = actor.organisation_id, term_of(actor.organisation_id)
    ids = _students(school_id, term, wanted).subquery()
    there = (Enrolment.student_id == ids.c.student_id, Enrolment.school_id == school_id, Enrolment.from_on <= TODAY)
    newest = select(func.max(Enrolment.id)).where(*there, is_not_over()).correlate(ids).scalar_subquery()
    answered = answered_of(school_id, term)
    sums = (func.coalesce(getattr(TermTally, name), 0).label(name) for name in SUMS)
    step = step_of(func.coalesce(TermTally.absent, 0))
    return (
        select(Student.id, Student.public_id, Student.legal_name, Student.preferred_name, Here.year_level, Here.tutor)
        .add_columns(term.label("term"), *sums)
        .select_from(ids)
        .join(Student, Student.id == ids.c.student_id)
        .join(Here, Here.id == newest)
        .outerjoin(TermTally, tally_of(ids.c.student_id, school_id, term))
        .outerjoin(answered, answered.c.student_id == ids.c.student_id)
        .where(*_asked_for(wanted, step, func.coalesce(answered.c.step, 0)), *_if_seen(actor), *which)
    )


def _has_newer() -> Any:
    """Another enrolment at the school that holds today, as two records that became one may have."""
    same = (Here.student_id == Enrolment.student_id, Here.school_id == Enrolment.school_id, Here.id > Enrolment.id)
    return exists().where(*same, Here.from_on <= TODAY, or_(Here.to_on.is_(None), Here.to_on >= TODAY))


def _students(school_id: int, term: Any, wanted: Wanted) -> Any:
    past = select(TermTally.student_id).where(TermTally.school_id == school_id, TermTally.term == term)
    past = past.where(TermTally.absent >= LEAST)
    if not wanted.has_answered:
        return past
    return union(past, select(StarResponse.student_id).where(*in_force(school_id, term)))


def _asked_for(wanted: Wanted, step: Any, answered: Any) -> list[Any]:
    found = [] if wanted.has_answered else [step > answered]
    if wanted.tutor:
        found.append(Here.tutor == wanted.tutor)
    if wanted.year is not None:
        found.append(Here.year_level == wanted.year)
    return [*found, step == wanted.step] if wanted.step else found


def _if_seen(actor: Actor) -> tuple[Any, ...]:
    return () if sees_star(actor) else (false(),)


def _comes_after(found: Any, absent: int, public_id: str) -> Any:
    last_id = select(Student.id).where(Student.public_id == public_id).scalar_subquery()
    return or_(found.c.absent < absent, and_(found.c.absent == absent, found.c.id > last_id))


def _line(row: AnyRow) -> Line:
    name, sums = row.preferred_name or row.legal_name, Tally(**{name: getattr(row, name) for name in SUMS})
    return Line(row.id, row.public_id, name, row.year_level, row.tutor, row.term, sums)


def _done(row: AnyRow) -> Done:
    return Done(**{name: getattr(row, f"star_{name}") for name in DONE})
