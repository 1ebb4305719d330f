"""Every fact a letter states, with where it is from and as of when (L4, LET-5); frozen as JSON when a letter is asked for.

Nothing of another caregiver comes in here: a letter's facts are gathered from one caregiver's row (LET-3)."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date

from app.attendance.rules import Absences, HalfDays, Week
from app.core.text import nfc
from app.letters.purposes import Purpose
from app.letters.rules import long_date

LABELS = {
    "case_number": "Case number",
    "letter_date": "Date of the letter",
    "caregiver_name": "To",
    "caregiver_address": "Address",
    "student_name": "Student",
    "student_called": "Called",
    "year_level": "Year level",
    "school_name": "School",
    "days_absent": "Days absent",
    "half_days_open": "Half-days the school was open",
    "half_days_attended": "Half-days attended",
    "half_days_explained": "Half-days absent with a reason",
    "half_days_unexplained": "Half-days absent without a reason",
    "period_from": "Counted from",
    "period_to": "Counted to",
    "as_of": "As known on",
    "service_name": "Service",
    "service_name_mi": "Service, in te reo Māori",
    "service_address": "Address of the service",
    "service_phone": "Phone of the service",
    "service_email": "E-mail of the service",
    "writer_name": "Case manager",
    "writer_phone": "Phone of the case manager",
    "writer_email": "E-mail of the case manager",
    "writer_role": "Role of who signs",
    "former_sent_on": "The letter before was sent",
    "last_attended_on": "Last day at school",
    "school_days_since": "School days since",
    "holiday_from": "Holiday from",
    "holiday_to": "Holiday to",
}
OF_SCHOOL = {
    "service_name": "Letter of",
    "service_name_mi": "Name in te reo Māori",
    "service_address": "Address of the school",
    "service_phone": "Phone of the school",
    "service_email": "E-mail of the school",
    "writer_name": "Signed by",
    "writer_phone": "Phone of who signs",
    "writer_email": "E-mail of who signs",
}
"""What the same facts are called in a school's letter."""
ABSENCES = frozenset({name for name in LABELS if name.startswith(("half_days_", "period_"))} | {"days_absent", "as_of"})
ENROLMENT = frozenset({"last_attended_on", "school_days_since"})
HOLIDAY = frozenset({"holiday_from", "holiday_to"})
NOT_OF = {
    Purpose.CA: ENROLMENT | HOLIDAY | {"writer_role"},
    Purpose.NEN: ABSENCES | HOLIDAY | {"writer_role"},
    Purpose.SCHOOL: ENROLMENT | HOLIDAY | {"case_number"},
    Purpose.HOLIDAY: ABSENCES | ENROLMENT | {"case_number"},
}
"""What letters for a purpose do not state (LET-5)."""
MAY_BE_EMPTY = frozenset({"service_name_mi", "service_email", "writer_email", "year_level", "former_sent_on"})
"""What a letter can do without; the texts that use one of these say so by a condition (LET-8)."""
SETS_THE_DATE = frozenset({"letter_date", "school_days_since"})
"""What is another every day, and is no change of the facts."""
WEEKS = "The weeks of the table"


@dataclass(frozen=True)
class Fact:
    """One value as the letter prints it, who or what it is from, and as of when."""

    text: str
    source: str
    on: date | None = None


@dataclass(frozen=True)
class Facts:
    """All facts of a letter by name, the weeks of its table, and of the letterhead the mark (the SHA-256 of its file) and the
    colour, where it has one of its own."""

    by_name: Mapping[str, Fact]
    weeks: tuple[Week, ...] = ()
    logo: str = ""
    purpose: Purpose = Purpose.CA
    colour: str = ""
    values: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", {name: nfc(fact.text) for name, fact in self.by_name.items()})

    @property
    def missing(self) -> list[str]:
        """The names of facts that a letter cannot do without and that nobody has told (LET-8)."""
        needed = (name for name in labels_of(self.purpose) if name not in MAY_BE_EMPTY)
        return [name for name in needed if not self.values.get(name, "").strip()]

    def frozen(self) -> str:
        """JSON that is the same for the same facts."""
        facts = {name: asdict(fact) for name, fact in self.by_name.items()}
        content = {"facts": facts, "weeks": [asdict(week) for week in self.weeks], "logo": self.logo}
        if self.purpose is not Purpose.CA:
            content["purpose"] = self.purpose
        if self.colour:
            content["colour"] = self.colour
        return json.dumps(content, default=date.isoformat, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def labels_of(purpose: Purpose) -> dict[str, str]:
    """What letters for a purpose may state, by name, in the order in which it is shown."""
    labels = LABELS | OF_SCHOOL if purpose in {Purpose.SCHOOL, Purpose.HOLIDAY} else LABELS
    return {name: label for name, label in labels.items() if name not in NOT_OF[purpose]}


def thawed(text: str) -> Facts:
    """The facts as they were frozen."""
    content = json.loads(text)
    by_name = {name: Fact(fact["text"], fact["source"], _day(fact["on"])) for name, fact in content["facts"].items()}
    weeks = [Week(date.fromisoformat(week["from_on"]), _half_days(week["half_days"])) for week in content["weeks"]]
    purpose, colour = Purpose(content.get("purpose", Purpose.CA)), content.get("colour", "")
    return Facts(by_name, tuple(weeks), content["logo"], purpose, colour)


def changes(then: Facts, now: Facts) -> list[str]:
    """The labels of what is another now than when the letter was written (L8)."""
    labels = [LABELS[name] for name in _changed(then, now)]
    return [*labels, WEEKS] if then.weeks != now.weeks else labels


def compared(then: Facts, now: Facts, besides: Collection[str] = ()) -> list[tuple[str, str, str]]:
    """The same with what the letter says of each, and what it would say, without what is `besides`."""
    labels = labels_of(then.purpose)
    names = [name for name in _changed(then, now) if name not in besides]
    return [(labels.get(name, LABELS[name]), then.values.get(name, ""), now.values.get(name, "")) for name in names]


def _changed(then: Facts, now: Facts) -> list[str]:
    return [name for name in LABELS if name not in SETS_THE_DATE and then.values.get(name) != now.values.get(name)]


def differences(then: Facts, now: Facts) -> list[str]:
    """The labels of whatever keeps a preview from being made: another text, source or day of a fact, the date of the
    letter included, other weeks, another logo or colour."""
    labels = [label for name, label in LABELS.items() if then.by_name.get(name) != now.by_name.get(name)]
    beside = {
        WEEKS: then.weeks != now.weeks,
        "The logo": then.logo != now.logo,
        "The colour": then.colour != now.colour,
    }
    return [*labels, *(label for label, is_other in beside.items() if is_other)]


def lines(address: str) -> list[str]:
    """An address as it is printed: a line for each line or part between commas."""
    parts = address.replace("\n", ",").split(",")
    return [" ".join(part.split()) for part in parts if part.strip()]


def of_absences(told: Absences | None) -> Iterable[tuple[str, Fact]]:
    """LET-5: how many days, over what period, as of when; from whoever told it."""
    if told is None:
        return
    half_days = told.half_days
    texts = {
        "days_absent": told.days_in_words,
        "half_days_open": str(half_days.open),
        "half_days_attended": str(half_days.attended),
        "half_days_explained": str(half_days.explained),
        "half_days_unexplained": str(half_days.unexplained),
        "period_from": long_date(told.from_on),
        "period_to": long_date(told.to_on),
        "as_of": long_date(told.as_of),
    }
    for name, text in texts.items():
        yield name, Fact(text, told.source, told.told_on)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _half_days(counted: Mapping[str, int]) -> HalfDays:
    return HalfDays(counted["open"], counted["explained"], counted["unexplained"])
