"""The form of what was told of absences: sums and, if one wishes, week by week."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from wtforms import HiddenField, StringField

from app.attendance.rules import LONGEST, Absences, HalfDays, Week, fault_of, fault_of_weeks, mondays, summed
from app.core.text import one_line
from app.core.web.forms import DayField, OnceForm, Required

SUMS = ("half_days_open", "half_days_explained", "half_days_unexplained")
DAYS = ("from_on", "to_on", "as_of", "told_on")
BOXES = ("open", "explained", "unexplained")
BOX = re.compile(rf"({'|'.join(BOXES)})-(\d{{4}}-\d\d-\d\d)")
SHOWN = "shown"
NO_NUMBER = "Write a whole number, for example 8"
NO_WEEKS = "Choose a period that ends after it begins, a year at most"
LOOK_AT_WEEKS = "Look at the weeks marked in the table"


@dataclass(frozen=True)
class WeekRow:
    """One week as it stands in the table: what was typed, and what is wrong with it."""

    from_on: date
    texts: tuple[str, ...]
    fault: str = ""

    @property
    def boxes(self) -> list[tuple[str, str]]:
        """Name and text of each box."""
        return [(f"{box}-{self.from_on}", text) for box, text in zip(BOXES, self.texts, strict=True)]


class AbsencesForm(OnceForm):
    """Over what period, how many half-days, who said so, and as of when."""

    from_on = DayField("First day of the period", required="Write the first day of the period")
    to_on = DayField("Last day of the period", required="Write the last day of the period")
    half_days_open = StringField("Half-days the school was open")
    half_days_explained = StringField("Half-days absent with a reason")
    half_days_unexplained = StringField("Half-days absent without a reason")
    weeks = HiddenField("Week by week", default="")
    source = StringField("Who told you, and how?")
    told_on = DayField("On which day were you told?", required="Write the day on which you were told")
    as_of = DayField("As known on which day?", required="Write the day that the figures are known of")

    def __init__(self, formdata: Any = None, **values: Any) -> None:
        super().__init__(formdata, **values)
        self.typed = _typed_weeks(formdata or {})
        self.faults: dict[date, str] = {}

    @property
    def rows(self) -> list[WeekRow]:
        """One for each week of the period, and for each other week in which something was typed."""
        from_on, to_on = self.from_on.data, self.to_on.data
        is_period = from_on and to_on and to_on - from_on <= LONGEST
        there = mondays(from_on, to_on) if from_on and to_on and is_period and self.weeks.data == SHOWN else []
        empty = ("",) * len(BOXES)
        days = sorted({*there, *self.typed})
        return [WeekRow(day, self.typed.get(day, empty), self.faults.get(day, "")) for day in days]

    def show_weeks(self) -> bool:
        """Can they be shown? If not, beside the days of the period stands why."""
        self.weeks.data = SHOWN
        is_there = self.from_on.validate(self) & self.to_on.validate(self)
        if is_there and not self.rows:
            self.to_on.errors = [NO_WEEKS]
        return is_there and bool(self.rows)

    def absences(self, today: date) -> Absences | None:
        """What was told; or None, and beside each field what is wrong with it."""
        is_valid = self.validate()
        weeks = self._weeks()
        half_days = self._sums(weeks)
        asked = [name for name in DAYS if name in self]
        days = dict.fromkeys(DAYS, today) | {name: self[name].data or today for name in asked}
        told = Absences(half_days=half_days, source=one_line(self.source.data), weeks=weeks, **days)
        if all(self[name].data for name in asked):
            self.faults = fault_of_weeks(told) | self.faults
        for name, fault in fault_of(told, today).items():
            if name in self:
                self[name].errors = self[name].errors or [fault]
        if self.faults:
            self.weeks.errors = [LOOK_AT_WEEKS]
        return told if is_valid and not self.errors else None

    def _weeks(self) -> tuple[Week, ...]:
        """Of each week in which something was typed; an empty box beside others is a nought."""
        found = []
        for day, texts in sorted(self.typed.items()):
            numbers = [_whole(text or "0") for text in texts]
            if None in numbers:
                self.faults[day] = NO_NUMBER
            else:
                found.append(Week(day, HalfDays(*[number or 0 for number in numbers])))
        return tuple(found)

    def _sums(self, weeks: tuple[Week, ...]) -> HalfDays:
        """As typed; a box left empty has the sum of the weeks."""
        of_weeks = summed(weeks)
        computed = (of_weeks.open, of_weeks.explained, of_weeks.unexplained)
        numbers = []
        for name, instead in zip(SUMS, computed, strict=True):
            typed = (self[name].data or "").strip()
            number = _whole(typed) if typed or not self.typed else instead
            if number is None:
                self[name].errors = [NO_NUMBER]
            numbers.append(number or 0)
        return HalfDays(*numbers)


class OwnAbsencesForm(AbsencesForm):
    """What a school says of its own: nobody told it, and it says so today."""

    source = StringField("Where are these figures from?", validators=[Required("Write where these figures are from")])
    told_on = None  # type: ignore[assignment]


def _typed_weeks(formdata: Any) -> dict[date, tuple[str, ...]]:
    """What was typed into boxes of weeks: Monday → the three texts; without weeks in which nothing was."""
    days = {_monday(found[2]) for name in formdata if (found := BOX.fullmatch(name))}
    typed = {day: tuple(formdata.get(f"{box}-{day}", "").strip() for box in BOXES) for day in days if day}
    return {day: texts for day, texts in typed.items() if any(texts)}


def _monday(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return None if day.weekday() else day


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else None
