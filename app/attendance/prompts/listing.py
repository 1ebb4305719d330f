"""What the marks of a school's students ask, a page at a time, and how many there are (ATT-3)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from app.attendance.prompts.models import MarkPrompt
from app.attendance.prompts.policy import ANSWERERS
from app.attendance.prompts.queries import ASK, LINE, RANK, Here, asked
from app.core.days import made
from app.core.db import AnyRow, db
from app.people.queries import Actor

PAGE = 50
PLACE = re.compile(r"(\d)\.(\d{4})(\d\d)(\d\d)\.([\w-]+)", re.ASCII)


def prompts_for(actor: Actor, *, ask: str = "", tutor: str = "", after: str = "") -> Sequence[AnyRow]:
    """A page of what is asked of the actor’s school, what is most urgent and has lasted longest first, and one more; of one kind
    or one tutor, where that is asked. `after`: behind the `place_of` a prompt, whether or not it is asked still."""
    lines = asked(*LINE).where(*_of(actor)).cte("lines")
    statement = select(lines).order_by(lines.c.rank, lines.c.from_on, lines.c.id)
    for column, sought in ((lines.c.ask, ask), (lines.c.tutor, tutor)):
        statement = statement.where(column == sought) if sought else statement
    if behind := _behind(lines, after):
        statement = statement.where(*behind)
    return db.session.execute(statement.limit(PAGE + 1)).all()


def counts_for(actor: Actor) -> Mapping[tuple[str, str], int]:
    """How many there are of each kind and tutor."""
    lines = asked(ASK, Here.tutor).where(*_of(actor)).subquery()
    statement = select(lines.c.ask, lines.c.tutor, func.count()).group_by(lines.c.ask, lines.c.tutor)
    return {(ask, tutor): number for ask, tutor, number in db.session.execute(statement)}


def number_for(actor: Actor) -> int:
    """How many wait for an answer of the actor’s school."""
    return db.session.scalar(asked(func.count()).where(*_of(actor))) or 0


def _of(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return (MarkPrompt.school_id == actor.organisation_id if actor.role in ANSWERERS else false(),)


def place_of(row: AnyRow) -> str:
    """Where a line stands in the list."""
    return f"{row.rank}.{row.from_on:%Y%m%d}.{row.public_id}"


def _behind(lines: Any, place: str) -> tuple[ColumnElement[bool], ...]:
    """None behind what is no place."""
    found = PLACE.fullmatch(place)
    if not found or (from_on := made(*map(int, found.groups()[1:4]))) is None:
        return ()
    rank, last_id = int(found[1]), select(MarkPrompt.id).where(MarkPrompt.public_id == found[5]).scalar_subquery()
    later = or_(lines.c.from_on > from_on, and_(lines.c.from_on == from_on, lines.c.id > last_id))
    return (or_(lines.c.rank > rank, and_(lines.c.rank == rank, later)),)


def prompts_of(student_id: int, school_id: int) -> Sequence[AnyRow]:
    """What is asked of one student’s marks at one school. Who may see it is asked of the roll before: it is for `ANSWERERS`."""
    mine = (MarkPrompt.student_id == student_id, MarkPrompt.school_id == school_id)
    return db.session.execute(asked(*LINE).where(*mine).order_by(RANK, MarkPrompt.from_on, MarkPrompt.id)).all()
