"""A letter as XHTML, from its facts and its wording alone: the same for the same, and nothing else asked (LET-3, LET-8)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.attendance.rules import HalfDays, Week
from app.letters.beside import BETWEEN, COLUMN, HEADING, MARK, Laid, laid_out, signature
from app.letters.characters import lacking, named, width
from app.letters.facts import LABELS, Facts
from app.letters.fields import Incomplete
from app.letters.purposes import Purpose
from app.letters.window import POINTS_PER_MM, Window, fault_of_window, in_window
from app.letters.wording import Wording

TEMPLATES = Path(__file__).parent.parent.parent / "templates" / "letters"
MOST_WEEKS = 12
"""Columns of weeks that a table has beside each other; a longer time goes on in another table."""
MOST_ON_A_LINE = 10
"""With more, the month stands below the day."""
SIZES = {"large": (15, 9.5), "middle": (11, 8.5), "small": (8, 8)}
"""Of the type of the names at the head, English and te reo Māori, in points."""
NAMES_WIDTH, NAMES_HEIGHT = 124 * POINTS_PER_MM, 27 * POINTS_PER_MM
"""The room that the names have beside the mark, in points."""
LEADING = 1.2
COLOUR = "#123c3a"
"""Of headings and lines where the letterhead has none of its own."""

_environment = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Row:
    """One row of the table of absences: what is counted, week by week, and in all."""

    label: str
    weeks: tuple[int, ...]
    total: int


@dataclass(frozen=True)
class Table:
    """Weeks beside each other; the sums of everything stand in the last table."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    has_total: bool


def css(window: Window, colour: str = "") -> str:
    """How every letter for such an envelope looks; `colour` is the letterhead's own."""
    template = _environment.get_template("letter.css")
    columns = {"column": COLUMN, "between": BETWEEN, "heading": HEADING}
    return template.render(window=window, sizes=SIZES, leading=LEADING, colour=colour or COLOUR, **columns)


def xhtml(facts: Facts, wording: Wording, window: Window) -> str:
    """The letter, well-formed. Raises `Incomplete` naming the fact or the character that is missing: no blank and no raw
    placeholder is ever printed."""
    if facts.missing:
        raise Incomplete(f"Missing: {', '.join(LABELS[name].lower() for name in facts.missing)}.")
    if fault := fault_of_window(address_lines(facts), window):
        raise Incomplete(fault)
    known = _known(facts)
    template = _environment.get_template("letter.html")
    said = template.render(
        laid=laid_out(wording.filled(facts), known),
        title=wording.title,
        mark=MARK,
        logo=facts.logo,
        tables=tuple(tables(facts)),
        names=size_of_names(known),
        address="\n".join(in_window(address_lines(facts), window)),
        signature=signature(known),
        **known,
    )
    if lacks := lacking(said):
        raise Incomplete(f"The letter’s font has no {', '.join(map(named, lacks))}.")
    return said


def layout(facts: Facts, wording: Wording) -> Laid:
    """As `xhtml` lays it out. Raises `Incomplete`."""
    return laid_out(wording.filled(facts), _known(facts))


def _known(facts: Facts) -> dict[str, str]:
    return {**dict.fromkeys(LABELS, ""), **facts.values}


def address_lines(facts: Facts) -> list[str]:
    """What stands in the window of the envelope: the name, and where they live."""
    return [facts.values["caregiver_name"].strip(), *facts.values["caregiver_address"].strip().split("\n")]


def tables(facts: Facts) -> Iterator[Table]:
    """One table for up to twelve weeks, several of about the same length for more; the sums alone where there are no
    weeks; none in a letter that states no absences."""
    if facts.purpose in {Purpose.NEN, Purpose.HOLIDAY}:
        return
    in_all = HalfDays(*[int(facts.values[f"half_days_{what}"]) for what in ("open", "explained", "unexplained")])
    count = ceil(len(facts.weeks) / MOST_WEEKS) or 1
    length = ceil(len(facts.weeks) / count)
    for number in range(count):
        weeks = facts.weeks[number * length : (number + 1) * length]
        between = "\n" if length > MOST_ON_A_LINE else "\N{NO-BREAK SPACE}"
        columns = tuple(f"{week.from_on.day}{between}{week.from_on:%b}" for week in weeks)
        yield Table(columns, _rows(weeks, in_all), has_total=number == count - 1)


def _rows(weeks: Sequence[Week], in_all: HalfDays) -> tuple[Row, ...]:
    counted = {
        "School open": "open",
        "At school": "attended",
        "Away with a reason": "explained",
        "Away without a reason": "unexplained",
    }
    return tuple(
        Row(label, tuple(getattr(week.half_days, what) for week in weeks), getattr(in_all, what))
        for label, what in counted.items()
    )


def size_of_names(known: Mapping[str, str]) -> str:
    """The largest type in which the names at the head stay clear of the window below them."""
    return next((name for name, sizes in SIZES.items() if _height(known, *sizes) <= NAMES_HEIGHT), "small")


def _height(known: Mapping[str, str], of_name: float, of_te_reo: float) -> float:
    """Of both names with their lines broken, in points; words are not broken at their best, so a tenth more."""
    both = ((known["service_name"], of_name), (known["service_name_mi"], of_te_reo))
    return sum(ceil(width(name, size) * 1.1 / NAMES_WIDTH) * size * LEADING for name, size in both)
