"""Half-day marks of a school, out of a file of the operator's: told are counts and lines, and nobody's name or number."""

import re
from collections.abc import Iterator
from pathlib import Path

from app.attendance.marks.actions import keep_import
from app.attendance.marks.bringing import bring_here, waits_for_columns
from app.attendance.marks.claiming import Lost
from app.attendance.marks.models import ImportState, ImportWay, MarkImport
from app.attendance.marks.queries import refusals_of
from app.core.db import begin_write, db
from app.core.errors import Refused
from app.core.files.spool import Spool
from app.imports.columns import NotBrought, spooled
from app.imports.queries import Operator, operator_by
from app.people.models import Kind
from app.people.queries import organisation_by_number

ASKED = (
    "It cannot be seen what each column says, so nothing of it is kept. It waits in the list of imports at the school, where somebody "
    "says it; the next file with these headings is then read by that."
)
TAKEN_AWAY = "Somebody at the school threw it away while it was read, or the same command was started again. Nothing was changed by this one."
_QUOTED = re.compile("“.*”", re.DOTALL)
"""What stands in the file itself: it may be anybody's name."""


def bring_marks(number: str, path: Path, *, by: str) -> MarkImport:
    """Read, and waiting for review at the school, or in the store until somebody there says its columns. `by` is the address of an
    operator. Raises `NotBrought`."""
    operator = operator_by(by)
    school = organisation_by_number(number)
    if school is None or school.kind is not Kind.SCHOOL:
        raise NotBrought(f"There is no school with the number {number}. Nothing was changed.")
    school_id = school.id
    db.session.rollback()
    with spooled(path) as spool:
        brought = _brought(spool, path.name, operator.at(school_id))
    if brought.state is ImportState.REFUSED:
        raise NotBrought(f"{path.name}: {brought.fault}")
    return brought


def _brought(spool: Spool, name: str, operator: Operator) -> MarkImport:
    """The same file that waits for its columns is not brought twice."""
    if asked := waits_for_columns(operator.organisation_id, spool.sha256):
        return asked
    db.session.rollback()
    try:
        return bring_here(operator.organisation_id, spool, name, way=ImportWay.COMMAND, by=operator)
    except Lost as reason:
        db.session.rollback()
        raise NotBrought(f"{name}: {TAKEN_AWAY}") from reason


def is_asked_for(brought: MarkImport) -> bool:
    """Does it wait for somebody at the school to say its columns?"""
    return brought.file_id is not None


def keep_marks(brought: MarkImport, *, by: str) -> None:
    """The worker keeps them. Raises `NotBrought`."""
    import_id, operator = brought.id, operator_by(by).at(brought.school_id)
    db.session.rollback()
    begin_write()
    try:
        keep_import(import_id, by=operator)
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
