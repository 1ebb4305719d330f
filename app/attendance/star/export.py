"""The lines of STAR watch as tables that people take away."""

from collections.abc import Sequence
from datetime import date

from app.attendance.star.lines import NO_TUTOR, Line, Watch, by_tutor
from app.core import clock
from app.core.days import in_words
from app.core.sheets import Cell, Sheet

HEADINGS = (
    *("Student", "Year level", "Tutor group", "Days absent", "Rate", "Past", "State", "What was done"),
    *("Without a mark (half-days)", "Data as of"),
)
NO_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
"""What Excel takes in no name of a sheet."""
LONGEST_NAME = 31
RESERVED = "history"
NOT_OFFICIAL = "Counted from the school’s own marks: not the Ministry’s figure."


def sheet_of_all(lines: Sequence[Line], watch: Watch) -> Sheet:
    """One table, tutor group by tutor group."""
    return Sheet("STAR watch", HEADINGS, [_row(line, watch.as_of) for _, some in by_tutor(lines) for line in some])


def sheets_by_tutor(lines: Sequence[Line], watch: Watch, *, school: str, by: str) -> list[Sheet]:
    """A sheet for each tutor group, and one that says what they hold."""
    about = [
        ("School", school),
        ("Term", watch.term_words),
        ("Data as of", in_words(watch.as_of) if watch.as_of else "no marks"),
        ("The term is", "confirmed" if watch.is_confirmed else "provisional"),
        ("Students", len(lines)),
        ("Figures", NOT_OFFICIAL),
        ("Made", f"{in_words(clock.today())} by {by}"),
    ]
    sheets, taken = [Sheet("About", ("About this file", ""), about)], {"about", RESERVED}
    for tutor, some in by_tutor(lines):
        name = _name_of(tutor, taken)
        taken.add(name.casefold())
        sheets.append(Sheet(name, HEADINGS, [_row(line, watch.as_of) for line in some]))
    return sheets


def file_name(ending: str) -> str:
    return f"star-watch-{clock.today():%Y-%m-%d}.{ending}"


def _name_of(tutor: str, taken: set[str]) -> str:
    """As Excel takes it, and of no other sheet."""
    plain = " ".join(tutor.translate(NO_NAME).split())[:LONGEST_NAME].strip() or NO_TUTOR
    name, number = plain, 2
    while name.casefold() in taken:
        name, number = f"{plain[: LONGEST_NAME - 4]} {number}", number + 1
    return name


def _row(line: Line, as_of: date | None) -> list[Cell]:
    days, state = line.tally.absent / 2, line.passed_again or ("waits" if line.is_open else "answered")
    done = "; ".join(each.in_words for each in line.done)
    past = f"{line.step} days" if line.step else ""
    known: list[Cell] = [line.name, line.year_level, line.tutor, days, line.tally.rate, past, state, done]
    return [*known, line.tally.unmarked, as_of]
