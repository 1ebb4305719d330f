"""On what basis something may be told (PRIV-2), and what is recorded of telling it, without asking the database."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from app.cases.agencies.rules import kind_of
from app.cases.entries import EntryKind
from app.core.lists import is_valid_on, rows

LIST = Path(__file__).parent / "lists" / "bases.csv"
LONGEST = 10_000
LONGEST_WHOM = 300
WHY_OTHER = "Say why it is another basis than usual"
WHY_ALL_THE_SAME = "It is recorded that they may not be told. Say why they were told all the same"


@dataclass(frozen=True)
class Basis:
    """A row of the list: what it says, and the law it rests on."""

    code: str
    label: str
    law: str

    @property
    def words(self) -> str:
        return f"{self.label} ({self.law})"


@dataclass(frozen=True)
class ToldFacts:
    """What somebody says of telling an agency something."""

    told: str
    told_on: date | None
    basis: str
    why: str = ""


@cache
def basis(code: str) -> Basis:
    """A row that was ended still says what it said."""
    return next((_basis(row) for row in rows(LIST) if row["code"] == code), Basis(code, code, ""))


def bases() -> dict[str, str]:
    """Every row of the list in words, also those that were ended."""
    return {row["code"]: _basis(row).words for row in rows(LIST)}


def bases_on(day: date) -> list[Basis]:
    """What may be chosen that day."""
    return [_basis(row) for row in rows(LIST) if is_valid_on(row, day)]


def basis_for_agency(code: str) -> str:
    """The one that is filled in, by the kind of agency."""
    return _filled_in("agencies", kind_of(code) or "other")


def basis_for_entry(kind: EntryKind) -> str:
    """The one on which our service shares such an entry with the school, as long as nobody says otherwise."""
    return _filled_in("entries", kind)


def fault_of(told: ToldFacts, today: date, *, usual: str, may_be_told: bool | None) -> dict[str, str]:
    """What is wrong with it: field → what to do. `usual`: the basis for that kind of agency."""
    return {field: fault for field, fault in _demands(told, today, usual, may_be_told).items() if fault}


def fault_of_basis(code: str, why: str, today: date) -> dict[str, str]:
    """The same of another basis for an entry."""
    demands = {"basis": _fault_of_code(code, today), "why": "" if why else WHY_OTHER} | _too_long(why=why)
    return {field: fault for field, fault in demands.items() if fault}


def _demands(told: ToldFacts, today: date, usual: str, may_be_told: bool | None) -> dict[str, str]:
    why = WHY_OTHER if told.basis != usual else WHY_ALL_THE_SAME if may_be_told is False else ""
    is_to_come = told.told_on is not None and told.told_on > today
    return {
        "told": "" if told.told else "Say what they were told",
        "told_on": "This day is still to come" if is_to_come else "" if told.told_on else "Say on which day",
        "basis": _fault_of_code(told.basis, today),
        "why": "" if told.why else why,
    } | _too_long(told=told.told, why=told.why)


def _fault_of_code(code: str, today: date) -> str:
    return "" if code in {each.code for each in bases_on(today)} else "Choose the basis"


def _too_long(**texts: str) -> dict[str, str]:
    return {
        field: f"Make this shorter, {LONGEST:,} characters at most"
        for field, text in texts.items()
        if len(text) > LONGEST
    }


@cache
def _filled_in(column: str, kind: str) -> str:
    first = rows(LIST)[0]["code"]
    return next((row["code"] for row in rows(LIST) if kind in row[column].split("|")), first)


def _basis(row: dict[str, str]) -> Basis:
    return Basis(row["code"], row["label"], row["law"])
