"""A case as a line of a report: how long it has waited, and how it stands to its limits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from app.cases.models import Status
from app.cases.rules import StatusWords, status_words
from app.core import clock
from app.core.db import AnyRow
from app.reports.periods import ALL_TIME, Period
from app.reports.presence import Change
from app.reports.timeliness import Judged, engagement_limits, judged, limits


@dataclass(frozen=True)
class Band:
    """How long a case has waited, in calendar days: up to so many, or longer than all others."""

    code: str
    words: str
    most: int | None


BANDS = (
    Band("week", "Up to 7 days", 7),
    Band("fortnight", "8 to 14 days", 14),
    Band("month", "15 to 28 days", 28),
    Band("two-months", "29 to 56 days", 56),
    Band("longer", "Over 56 days", None),
)


class Facts(NamedTuple):
    """By what a case is judged, read once for all limits."""

    status: Status
    status_at: datetime
    close_reason: str
    service_id: int | None
    is_provision: bool
    service_started_on: date
    region: str
    met_on: date | None
    engaged_on: date | None
    is_reached_on: Callable[[date], bool]


@dataclass(frozen=True)
class Line:
    """One case, with what was told of the student's attendance where both sides of its start are known."""

    row: AnyRow
    today: date
    change: Change | None = None
    reached: Sequence[tuple[datetime, bool]] | None = None
    """Of a case of a service's own: when it changed whether the whānau has current contact details (CASE-14)."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)

    @cached_property
    def student_name(self) -> str:
        return str(self.row.preferred_name or self.row.legal_name)

    @property
    def words(self) -> StatusWords:
        return status_words(self.row.status)

    @property
    def is_closed(self) -> bool:
        return bool(self.row.status is Status.CLOSED)

    @cached_property
    def days_waiting(self) -> int:
        """Calendar days since it came into its status."""
        return int((self.today - clock.nz(self.row.status_at).date()).days)

    @property
    def band(self) -> Band:
        return next(band for band in BANDS if band.most is None or self.days_waiting <= band.most)

    @property
    def lacks_contact(self) -> bool:
        """Nobody is its primary contact, or somebody who holds no role at a school (CASE-3)."""
        return not self.row.contact_has_role

    @cached_property
    def judged(self) -> Mapping[str, Judged]:
        """By each limit of the first meeting with the school; of a service's own case also of student and whānau."""
        facts, measures = self._facts, [*limits(), *([] if self.reached is None else engagement_limits())]
        return {measure: judged(measure, facts, self.today) for measure in measures}

    @property
    def _facts(self) -> Facts:
        row, engaged_on = self.row, None if self.reached is None else self.row.engaged_on
        stands = (row.status, row.status_at, row.close_reason, row.service_id, row.is_provision)
        return Facts(*stands, row.service_started_on, row.region, row.met_on, engaged_on, self.is_reached_on)

    def is_reached_on(self, day: date) -> bool:
        """At the end of that day; until something else was written the whānau has current contact details."""
        said = [is_reached for at, is_reached in self.reached or () if at < clock.end_of(day)]
        return said[-1] if said else True


@dataclass(frozen=True)
class Asked:
    """Of which cases a report is asked: of those in these statuses (none: in any), of a year level, and started in a time."""

    statuses: tuple[Status, ...] = ()
    year_level: int | None = None
    period: Period = ALL_TIME
    has_years: bool = True
    """A service's report knows no year levels."""

    def takes(self, line: Line) -> bool:
        return (
            (not self.statuses or line.status in self.statuses)
            and (self.year_level is None or self.year_level == line.year_level)
            and self.period.holds(line.service_started_on)
        )

    @property
    def words(self) -> str:
        """What is asked for, in a sentence."""
        labels = [status_words(status).label for status in self.statuses]
        year = "every year level" if self.year_level is None else f"year {self.year_level}"
        parts = [
            ", ".join(labels) if labels else "Every status",
            *([year] if self.has_years else []),
            f"started {self.period.words}" if self.period.words else "whenever they started",
        ]
        return "; ".join(parts)


def following(chosen: Sequence[Line], after: str, every: Sequence[Line]) -> list[Line]:
    """Those of the chosen that come after this case in the order of all, whether or not it is one of them still. After a
    case that may not be seen, or that does not exist, comes nothing."""
    numbers = {line.number for line in chosen}
    begin = next((place for place, line in enumerate(every, start=1) if line.number == after), len(every))
    return [line for line in every[begin if after else 0 :] if line.number in numbers]
