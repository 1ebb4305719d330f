"""Rolls come from a file, of one school or of several (CAL-5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.core import clock
from app.core.files.spool import Spool
from app.imports.columns import Brought, Faulty, NotBrought, rows_of
from app.imports.queries import Operator, organisations
from app.imports.rolls.reading import rolls_in
from app.imports.rolls.roll import Roll
from app.imports.rolls.rules import ROLL, OfRoll, of_row
from app.people.models import Kind


@dataclass(frozen=True)
class Told:
    """What is said beside the file: the school's number, of which day its roll is, and that few students are right."""

    school: str
    as_of: date
    much_smaller: bool = False


def read_rolls(file: Spool, name: str, told: Told, brought: Brought) -> dict[str, list[OfRoll]]:
    """By the numbers of schools. Raises `NotBrought`."""
    if told.as_of > clock.today():
        raise NotBrought("A roll is of today or of an earlier day.")
    if name.casefold().endswith(".zip"):
        return rolls_in(file, name, brought)
    rolls: dict[str, list[OfRoll]] = {}
    for row in rows_of(file, name, ROLL):
        number = row["school"] or told.school
        if not number:
            raise NotBrought(f"Line {row.line} names no school. Say its number by --school, or in a column “school”.")
        try:
            rolls.setdefault(number, []).append(of_row(row))
        except Faulty as why:
            brought.refuse(row.line, why)
    return rolls


def bring_rolls(rolls: Mapping[str, Sequence[OfRoll]], told: Told, brought: Brought, *, by: Operator) -> None:
    """Of every school that the file is of. Raises `NotBrought`."""
    known = organisations()
    for number, students in rolls.items():
        school = known.get(number)
        if school is None or school.kind is not Kind.SCHOOL:
            raise NotBrought(f"{number[:20]} is the number of no school; bring the schools first. Nothing was changed.")
        Roll(school, students, told.as_of, by, brought).take(much_smaller=told.much_smaller)
