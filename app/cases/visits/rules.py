"""What stands on a visit sheet, so that it stays one page (P16). What is cut off says so: the case has it whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core.text import fold
from app.students.models import Tried
from app.students.rules import TRIED_WORDS

MOST_PLACES, MOST_PEOPLE, MOST_BARRED, MOST_NOTES = 3, 3, 3, 3
LONGEST_NOTE, LONGEST_PURPOSE, LONGEST_LINE, LONGEST_WORD = 150, 150, 80, 40
CUT = "…"
AND = " and "
FIRST = (Tried.CURRENT, Tried.NOT_TRIED, Tried.NOT_CURRENT)


@dataclass(frozen=True)
class PlaceToGo:
    """An address in one line, whose it is, what is known of it, and whom nobody goes there to meet."""

    address: str
    whose: str
    state: Tried
    not_to_meet: str = ""

    @property
    def state_words(self) -> str:
        return TRIED_WORDS[self.state]


@dataclass(frozen=True)
class PersonToMeet:
    """A caregiver: who they are, and how they are met."""

    who: str
    how: str
    phone: str
    language: str


@dataclass(frozen=True)
class Sheet:
    """Where to go, whom to meet, whom not to, in which language."""

    places: Sequence[PlaceToGo]
    people: Sequence[PersonToMeet]
    barred: Sequence[str]
    """Who may not be contacted, with why."""
    language: str
    student_phone: str
    rest: int
    """How many more of all these the case has."""


def sheet_of(rows: Sequence[Any], asked_with: Sequence[str] = ()) -> Sheet:
    """Of the student’s row, one for each caregiver; columns of the caregiver are None where there is none. `asked_with`: the
    addresses that the school named when it asked."""
    caregivers = [row for row in rows if row.name]
    meets = [row for row in caregivers if row.may_be_contacted is not False]
    barred = [line(f"{row.name}, {row.relationship}: {row.contact_note}") for row in caregivers if row not in meets]
    known = _places([*filter(None, (rows[0].home,)), *asked_with], caregivers)
    places = [place for place in known if place.whose]
    people = [_person(row) for row in sorted(meets, key=lambda row: not row.lives_with_student)]
    kept = (places[:MOST_PLACES], people[:MOST_PEOPLE], barred[:MOST_BARRED])
    rest = len(known) + len(people) + len(barred) - sum(len(some) for some in kept)
    return Sheet(*kept, _language(rows[0]), rows[0].student_phone, rest)


def short_notes(notes: Iterable[Any]) -> list[Mapping[str, Any]]:
    """Safety notes as far as they fit."""
    return [{**note._asdict(), "fact": line(note.fact, LONGEST_NOTE)} for note in list(notes)[:MOST_NOTES]]


def line(text: str, longest: int = LONGEST_LINE) -> str:
    """In one line, cut between words."""
    words = " ".join(text.split())
    if len(words) <= longest:
        return words
    kept = words[: longest - len(CUT)]
    return f"{kept.rpartition(' ')[0] or kept}{CUT}"


def _places(homes: Sequence[str], caregivers: Sequence[Any]) -> list[PlaceToGo]:
    """The same address once; current ones first, then those that nobody has tried. One where only somebody lives who may not be
    contacted is nobody’s: no place to go to."""
    found: dict[str, PlaceToGo] = {}
    theirs = [_place(row) for row in caregivers if row.address]
    for place in [*(PlaceToGo(home, "the student", Tried.NOT_TRIED) for home in homes), *theirs]:
        before = found.get(fold(place.address))
        found[fold(place.address)] = _both(before, place) if before else place
    return [
        PlaceToGo(
            line(", ".join(each.address.splitlines())),
            line(each.whose, LONGEST_WORD),
            each.state,
            line(each.not_to_meet),
        )
        for each in sorted(found.values(), key=lambda place: FIRST.index(place.state))
    ]


def _place(row: Any) -> PlaceToGo:
    may_be_met = row.may_be_contacted is not False
    return PlaceToGo(row.address, row.name if may_be_met else "", row.address_state, "" if may_be_met else row.name)


def _both(one: PlaceToGo, other: PlaceToGo) -> PlaceToGo:
    """The later spelling of it."""
    whose, not_to_meet = (
        AND.join(dict.fromkeys(filter(None, names)))
        for names in ((one.whose, other.whose), (one.not_to_meet, other.not_to_meet))
    )
    return PlaceToGo(other.address, whose, min(one.state, other.state, key=FIRST.index), not_to_meet)


def _person(row: Any) -> PersonToMeet:
    lives = "lives with the student" if row.lives_with_student else ""
    phone = f"{row.phone} ({TRIED_WORDS[row.phone_state].lower()})" if row.phone else "no phone known"
    who = ", ".join(filter(None, (row.name, row.relationship, lives)))
    return PersonToMeet(line(who), line(row.contact_note), phone, line(row.language, LONGEST_WORD))


def _language(student: Any) -> str:
    interpreter = {True: "an interpreter is needed", False: "no interpreter needed", None: "interpreter: not known"}
    return f"{line(student.student_language or 'not known', LONGEST_WORD)}; {interpreter[student.needs_interpreter]}"
