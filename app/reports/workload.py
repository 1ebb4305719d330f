"""The report of a service's own cases: who has how many, and at which the school was met in time (M4)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.cases.models import Status
from app.reports.report import Figure, Meetings, Report, figures_of
from app.reports.rules import Line
from app.reports.timeliness import Standing, engagement_limits, limits

NOBODY = "Nobody yet"
HELD = {"Open": Status.OPEN, "In transition": Status.TRANSITION, "On hold": Status.PAUSED}
LATE = "Limit passed, no meeting"
ALONE: Mapping[str, tuple[str, Callable[[Line], Any]]] = {
    "paused-alone": ("Put on hold by one person alone", lambda line: line.paused_alone_at),
    "merged-alone": ("Two records of a student merged by one person alone", lambda line: line.merged_alone_at),
}
"""What takes two, and was decided by one (CASE-20)."""


@dataclass(frozen=True)
class OfManager:
    """What one case manager has that is not closed, as the columns of `COLUMNS` count it."""

    name: str
    figures: Sequence[Figure]


COLUMNS = ("Not closed", *HELD, LATE)


@dataclass(frozen=True)
class ServiceReport(Report):
    """Of the cases that a service has, or that somebody there has."""

    @cached_property
    def managers(self) -> list[OfManager]:
        """By name; what nobody has comes first."""
        found: dict[tuple[str, str], list[Line]] = {}
        for line in self.lines:
            if not line.is_closed:
                found.setdefault((line.manager_name or "", line.manager_public_id or "nobody"), []).append(line)
        return [_of_manager(name or NOBODY, public_id, lines) for (name, public_id), lines in sorted(found.items())]

    @cached_property
    def engagements(self) -> list[Meetings]:
        """The same as of the meetings with the school, of student and whānau (CASE-8)."""
        return [self._meetings(measure, days) for measure, days in engagement_limits().items()]

    @cached_property
    def alone(self) -> list[Figure]:
        """Of what one person decided, there being nobody else at the service."""
        found = (self._figure(code, words, fits) for code, (words, fits) in ALONE.items())
        return [figure for figure in found if figure.count]

    @cached_property
    def figures(self) -> Mapping[str, Figure]:
        every = [
            *self.counted,
            *figures_of(self.engagements),
            *self.alone,
            self.attendance,
            *self.changes,
            *(figure for each in self.managers for figure in each.figures),
        ]
        return {figure.code: figure for figure in every}


def _of_manager(name: str, public_id: str, lines: Sequence[Line]) -> OfManager:
    columns = {
        COLUMNS[0]: lines,
        **{words: [line for line in lines if line.status is status] for words, status in HELD.items()},
        LATE: [line for line in lines if _is_late(line)],
    }
    figures = [
        Figure(f"of-{public_id}-{number}", f"{name}: {words.lower()}", some)
        for number, (words, some) in enumerate(columns.items())
    ]
    return OfManager(name, figures)


def _is_late(line: Line) -> bool:
    """By the first of the limits that has passed."""
    return any(line.judged[measure].standing is Standing.NOT_RECORDED for measure in limits())


def percent_in_time(figures: Sequence[Figure]) -> int | None:
    """MEAS-4: of those that were met in time, met late, or have no meeting though the limit has passed; a half rounds up. None of
    none. `figures`: of a quarter, as `Report.standings` has them."""
    by_standing = dict(zip(_COUNTED, figures, strict=False))
    achieved = by_standing[Standing.ACHIEVED].count
    due = achieved + by_standing[Standing.MISSED].count + by_standing[Standing.NOT_RECORDED].count
    return (200 * achieved + due) // (2 * due) if due else None


_COUNTED = tuple(standing for standing in Standing if standing is not Standing.EXCLUDED)
