"""What a line of a roll says of a student and of their enrolment (CAL-5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.core import clock
from app.core.text import fold
from app.imports.columns import Columns, Faulty, Row
from app.students.models import EnrolmentType

ROLL = Columns(
    ("born", "year_level"),
    (
        *("school", "nsn", "local_id", "name", "given_names", "family_name", "preferred_name"),
        *("tutor", "from", "to", "additional", "type", "back_on"),
    ),
)
TYPES = {"": EnrolmentType.REGULAR, **{each.value: each for each in EnrolmentType}}
YEAR_LEVELS = range(14)
YOUNGEST, OLDEST = 4, 25
"""Years: who was born later or longer ago is at no school."""
MOST_DIGITS = 10
LONGEST_NAME, LONGEST_TUTOR, LONGEST_ID = 160, 40, 40
ON_ROLL, OFF_ROLL, TAKEN = "enrolment.on_roll", "enrolment.off_roll", "roll.taken"
Key = tuple[date, tuple[str, ...]]
"""By which somebody is the same: born that day and called so, whichever name comes first."""


@dataclass(frozen=True)
class OfRoll:
    """One student, as a roll names them."""

    line: int
    name: str
    preferred: str
    born_on: date
    year_level: int
    nsn: str = ""
    local_id: str = ""
    tutor: str = ""
    from_on: date | None = None
    to_on: date | None = None
    is_main: bool = True
    type: EnrolmentType = EnrolmentType.REGULAR
    back_on: date | None = None
    where: str = ""
    """In which file of several the line stands."""

    @property
    def keys(self) -> set[Key]:
        return keys_of(self.born_on, (self.name, self.preferred))

    def has_left(self, as_of: date) -> bool:
        return self.to_on is not None and self.to_on < as_of


def keys_of(born_on: date, names: Iterable[str]) -> set[Key]:
    return {(born_on, tuple(sorted(fold(name).split()))) for name in names if name}


def of_row(row: Row) -> OfRoll:
    """Raises `Faulty`."""
    kind = TYPES[row.one_of("type", TYPES)]
    back_on = row.day("back_on")
    if back_on and kind is not EnrolmentType.NOT_ATTENDING:
        raise Faulty("“back on” goes only with the type not attending")
    return checked(
        OfRoll(
            row.line,
            _name(row),
            row.text("preferred_name", LONGEST_NAME),
            row.needed_day("born"),
            year_level_of(row["year_level"]),
            "".join(row["nsn"].split()),
            row.text("local_id", LONGEST_ID),
            row.text("tutor", LONGEST_TUTOR),
            row.day("from"),
            row.day("to"),
            not row.yes("additional"),
            kind,
            back_on,
        )
    )


def year_level_of(text: str) -> int:
    """10, Y10, Year 10. Raises `Faulty`."""
    digits = text.casefold().removeprefix("year").removeprefix("yr").removeprefix("y").strip()
    if not (digits.isascii() and digits.isdigit() and int(digits) in YEAR_LEVELS):
        raise Faulty("“year level” is no number from 0 to 13")
    return int(digits)


def checked(told: OfRoll) -> OfRoll:
    """Raises `Faulty` where it cannot be so."""
    today = clock.today()
    if not told.name or len(told.name) > LONGEST_NAME:
        raise Faulty(f"The name is empty, or longer than {LONGEST_NAME} characters")
    if not fold(told.name):
        raise Faulty("The name has no letters")
    if told.nsn and not (told.nsn.isascii() and told.nsn.isdigit() and len(told.nsn) <= MOST_DIGITS):
        raise Faulty(f"“nsn” is no number of {MOST_DIGITS} figures at most")
    if not clock.add_months(today, -12 * OLDEST) <= told.born_on <= clock.add_months(today, -12 * YOUNGEST):
        raise Faulty(f"“born” is less than {YOUNGEST} or more than {OLDEST} years ago")
    if told.from_on and told.to_on and told.to_on < told.from_on:
        raise Faulty("“to” lies before “from”")
    return told


def _name(row: Row) -> str:
    """In one column, or in two."""
    parted = " ".join(filter(None, (row["given_names"], row["family_name"])))
    if row["name"] and parted and row["name"] != parted:
        raise Faulty("“name” says something else than “given names” and “family name”")
    return row["name"] or parted
