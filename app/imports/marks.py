"""Half-day marks of a school, out of a file of the operator's: told are counts and lines, and nobody's name or number."""

import re
from collections.abc import Iterator
from pathlib import Path

from app.attendance.marks.actions import keep_import
from app.attendance.marks.bringing import bring_here
from app.attendance.marks.models import ImportState, ImportWay, MarkImport
from app.attendance.marks.queries import refusals_of
from app.core.db import begin_write, db
from app.core.errors import Refused
from app.imports.columns import NotBrought, spooled
from app.people.models import Kind
from app.people.queries import organisation_by_number

_QUOTED = re.compile("“.*”", re.DOTALL)
"""What stands in the file itself: it may be anybody's name."""


def bring_marks(number: str, path: Path) -> MarkImport:
    """Read, and waiting for review at the school. Raises `NotBrought`."""
    school = organisation_by_number(number)
    if school is None or school.kind is not Kind.SCHOOL:
        raise NotBrought(f"There is no school with the number {number}. Nothing was changed.")
    school_id = school.id
    db.session.rollback()
    with spooled(path) as spool:
        brought = bring_here(school_id, spool, path.name, way=ImportWay.COMMAND)
    if brought.state is ImportState.REFUSED:
        raise NotBrought(f"{path.name}: {brought.fault}")
    return brought


def keep_marks(import_id: int) -> None:
    """The worker keeps them. Raises `NotBrought`."""
    begin_write()
    try:
        keep_import(import_id, by=None)
        db.session.commit()
    except Refused as reason:
        db.session.rollback()
        raise NotBrought(reason.why) from reason


def counts_of(brought: MarkImport) -> str:
    days = f", {brought.from_on:%-d %B %Y} to {brought.to_on:%-d %B %Y}" if brought.from_on and brought.to_on else ""
    return (
        f"{brought.rows:,} lines of {brought.students:,} students{days}: {brought.new:,} half-days new, {brought.changed:,} "
        f"changed, {brought.same:,} the same; {brought.refused:,} lines refused"
    )


def refused_lines(brought: MarkImport) -> Iterator[str]:
    """The first of them, each with its reason."""
    shown = refusals_of(brought)[:50]
    for each in shown:
        yield f"Line {each.line:,}: {_QUOTED.sub('“…”', each.why)}."
    if brought.refused > len(shown):
        yield f"And {brought.refused - len(shown):,} more: see the list of imports at the school."
