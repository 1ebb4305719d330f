"""A report: figures, each with the cases that it counts, so that what a figure says and what it opens are the same."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from app.cases.models import Status
from app.cases.rules import status_words
from app.cases.school_list.rules import IN_ORDER, NOT_CLOSED
from app.reports.presence import CHANGES, Change, together
from app.reports.rules import BANDS, Line
from app.reports.timeliness import Standing, limits, quarter_in_words, within

Key = TypeVar("Key")
LONGEST_NAMED = 3
"""Of each status."""
STANDINGS = {
    Standing.ACHIEVED: "met in time",
    Standing.MISSED: "met late",
    Standing.NOT_RECORDED: "limit passed, no meeting recorded",
    Standing.NOT_YET_DUE: "not due yet",
    Standing.EXCLUDED: "not counted",
}
NEEDS: Mapping[str, tuple[str, str, Callable[[Line], bool]]] = {
    "update-asked": (
        "An update was asked for and nothing shared since",
        "Ring the service if it is urgent.",
        lambda line: line.update_wanted_at is not None and not line.is_closed,
    ),
    "no-contact": (
        "The primary contact is missing, or has no role here",
        "Name somebody on the case, or ask your authoriser to give the role.",
        lambda line: line.lacks_contact and not line.is_closed,
    ),
    "no-statement": (
        "Nobody has noted that the whānau was given the privacy statement",
        "Give it to them and note the day on the case.",
        lambda line: line.statement_given_on is None and not line.is_closed,
    ),
}


@dataclass(frozen=True)
class Figure:
    """So many cases, and which."""

    code: str
    words: str
    lines: Sequence[Line]
    advice: str = ""

    @property
    def count(self) -> int:
        return len(self.lines)


@dataclass(frozen=True)
class InStatus:
    """The cases of one status, by how long they have waited in it; a closed case waits no more."""

    status: Status
    every: Figure
    bands: Sequence[Figure]

    @property
    def longest(self) -> list[Line]:
        return sorted(self.every.lines, key=lambda line: -line.days_waiting)[:LONGEST_NAMED] if self.bands else []


@dataclass(frozen=True)
class Meetings:
    """How cases stand to one limit of a first meeting, by the quarter in which it falls; and why others do not count."""

    days: int
    quarters: Sequence[tuple[str, Sequence[Figure]]]
    excluded: Figure
    reasons: Sequence[tuple[str, int]]


def figures_of(limits: Iterable[Meetings]) -> list[Figure]:
    """All of them, also what is not counted."""
    found: list[Figure] = []
    for limit in limits:
        found += [limit.excluded, *(figure for _, figures in limit.quarters for figure in figures)]
    return found


@dataclass(frozen=True)
class Report:
    """Of these cases, all of which whoever asks may see."""

    lines: Sequence[Line]

    @cached_property
    def statuses(self) -> list[InStatus]:
        of_status = _sorted(self.lines, lambda line: line.status)
        return [self._in_status(status, of_status[status]) for status in IN_ORDER if status in of_status]

    @cached_property
    def needs(self) -> list[Figure]:
        """What needs the school, but for what each status says."""
        found = (self._figure(code, words, fits, advice) for code, (words, advice, fits) in NEEDS.items())
        return [figure for figure in found if figure.count]

    @cached_property
    def meetings(self) -> list[Meetings]:
        return [self._meetings(measure, days) for measure, days in limits().items()]

    @property
    def standings(self) -> list[Standing]:
        """Those that count."""
        return [standing for standing in Standing if standing is not Standing.EXCLUDED]

    @cached_property
    def attendance(self) -> Figure:
        """Where it is known before and since, those that fell furthest first."""
        known = [line for line in self.lines if line.change]
        known.sort(key=lambda line: line.change.points if line.change else 0)
        return Figure("attendance", "Attendance is known before and since", known)

    @property
    def marked(self) -> int:
        """Of those, how many from half-day marks."""
        return sum(bool(line.change and line.change.is_marked) for line in self.attendance.lines)

    @cached_property
    def changes(self) -> list[Figure]:
        found = []
        for code, (words, fits) in CHANGES.items():
            lines = [line for line in self.attendance.lines if line.change and fits(line.change.points)]
            found.append(Figure(code, words, lines))
        return found

    @cached_property
    def together(self) -> Change | None:
        return together([line.change for line in self.attendance.lines if line.change])

    @cached_property
    def figures(self) -> Mapping[str, Figure]:
        """Each by its code; "" is all of it."""
        return {figure.code: figure for figure in [*self.counted, self.attendance, *self.changes, *self.needs]}

    @property
    def counted(self) -> list[Figure]:
        """By status and by limit, as whoever has to do with the cases counts them."""
        every = [Figure("", "Every case of the report", self.lines)]
        for each in self.statuses:
            every += [each.every, *each.bands]
        return every + figures_of(self.meetings)

    def _in_status(self, status: Status, lines: Sequence[Line]) -> InStatus:
        label = status_words(status).label
        by_band = _sorted(lines, lambda line: line.band)
        bands = [
            Figure(f"{status}-{band.code}", f"{label}: {band.words.lower()}", by_band.get(band, ()))
            for band in (BANDS if status in NOT_CLOSED else ())
        ]
        return InStatus(status, Figure(status, label, lines), bands)

    def _meetings(self, measure: str, days: int) -> Meetings:
        counted, excluded = (
            [line for line in self.lines if (line.judged[measure].standing is Standing.EXCLUDED) is is_excluded]
            for is_excluded in (False, True)
        )
        of_quarter = _sorted(counted, lambda line: line.judged[measure].quarter)
        reasons = Counter(line.judged[measure].why for line in excluded)
        return Meetings(
            days,
            [
                (quarter_in_words(each), self._quarter(measure, days, each, of_quarter[each]))
                for each in sorted(of_quarter)
            ],
            Figure(f"{measure}-excluded", f"{within(measure, days)}: not counted", excluded),
            reasons.most_common(),
        )

    def _quarter(self, measure: str, days: int, quarter: str, lines: Sequence[Line]) -> list[Figure]:
        of_standing = _sorted(lines, lambda line: line.judged[measure].standing)
        return [
            Figure(
                f"{measure}-{quarter}-{standing}",
                f"{within(measure, days)}, limit in {quarter_in_words(quarter)}: {STANDINGS[standing]}",
                of_standing.get(standing, ()),
            )
            for standing in self.standings
        ]

    def _figure(self, code: str, words: str, fits: Callable[[Line], bool], advice: str = "") -> Figure:
        return Figure(code, words, [line for line in self.lines if fits(line)], advice)


def _sorted(lines: Iterable[Line], by: Callable[[Line], Key]) -> dict[Key, list[Line]]:
    """Looked at once, however many kinds there are."""
    found: dict[Key, list[Line]] = {}
    for line in lines:
        found.setdefault(by(line), []).append(line)
    return found
