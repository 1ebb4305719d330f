"""The cases of a report as a table to take away."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

from app.core import clock
from app.core.sheets import Cell, Sheet
from app.reports.presence import Presence
from app.reports.report import STANDINGS, Figure
from app.reports.rules import Asked, Line
from app.reports.timeliness import engagement_limits, limits, within

Column = Callable[[Line], Cell]
SOURCES = {True: "half-day marks, not the Ministry’s figure", False: "what was told, week by week"}
NOTE = "This table names children. Keep it no longer than you need it, and only where nobody else can read it."


def cases_sheet(lines: Iterable[Line]) -> Sheet:
    """A row for each case."""
    columns = _columns()
    return Sheet("Cases", list(columns), [[cell(line) for cell in columns.values()] for line in lines])


def service_sheet(lines: Iterable[Line]) -> Sheet:
    """The same of a service's cases."""
    columns = _service_columns()
    return Sheet("Cases", list(columns), [[cell(line) for cell in columns.values()] for line in lines])


def about_sheet(figure: Figure, asked: Asked, *, whose: tuple[str, str], by: str) -> Sheet:
    """What the table holds, as of when, and who took it away. `whose`: "School" or "Service", and its name."""
    rows: list[list[Cell]] = [
        list(whose),
        ["Which cases", figure.words],
        ["Filtered by", asked.words],
        ["How many", figure.count],
        ["As of", f"{clock.nz(clock.now()):%Y-%m-%d %H:%M}"],
        ["Taken away by", by],
        ["Please note", NOTE],
    ]
    return Sheet("About", ["About this table", ""], rows)


def file_name(name: str, ending: str) -> str:
    words = "".join(each if each.isalnum() else "-" for each in name)
    return f"cases-{words}-{clock.today():%Y-%m-%d}.{ending}"


def _columns() -> Mapping[str, Column]:
    return {
        "Case": lambda line: line.number,
        "Student": lambda line: line.student_name,
        "Year level": lambda line: line.year_level,
        "Status": lambda line: line.words.label,
        "In this status since": lambda line: _day(line.status_at),
        "Days in this status": lambda line: None if line.is_closed else line.days_waiting,
        "Urgent": lambda line: "yes" if line.urgency == 0 and not line.is_closed else "",
        "Case manager": lambda line: line.manager_name,
        "Primary contact": lambda line: line.contact_name,
        "Started on": lambda line: line.service_started_on,
        **{name: column for limit in limits().items() for name, column in _of_limit(*limit).items()},
        "Update asked for on": lambda line: _day(line.update_wanted_at),
        "Privacy statement given on": lambda line: line.statement_given_on,
        **_of_attendance(),
    }


def _service_columns() -> Mapping[str, Column]:
    every = _columns()
    of_limits = [name for name in every if name.startswith("First meeting")]
    before = ("Status", "In this status since", "Days in this status", "Urgent", "Case manager", "Primary contact")
    return {
        "Case": every["Case"],
        "Student": every["Student"],
        "School": lambda line: line.school_name,
        **{name: every[name] for name in (*before, "Started on")},
        "Met the school on": lambda line: line.met_on,
        **{name: every[name] for name in of_limits},
        "Student and whānau met by": lambda line: line.engaged_on,
        **{name: column for limit in engagement_limits().items() for name, column in _of_limit(*limit).items()},
        **_of_attendance(),
        "Put on hold by one person alone on": lambda line: _day(line.paused_alone_at),
        "Records merged by one person alone on": lambda line: _day(line.merged_alone_at),
    }


def _of_limit(measure: str, days: int) -> Mapping[str, Column]:
    return {
        f"{within(measure, days)}: limit": lambda line: line.judged[measure].due_on,
        within(measure, days): lambda line: _standing(line, measure),
    }


def _standing(line: Line, measure: str) -> str:
    found = line.judged[measure]
    return f"{STANDINGS[found.standing]}{': ' if found.why else ''}{found.why}"


def _of_attendance() -> Mapping[str, Column]:
    return {
        **_of_weeks("before the start", lambda line: line.change.before if line.change else None),
        **_of_weeks("since the start", lambda line: line.change.after if line.change else None),
        "Change in percentage points": lambda line: line.change.points if line.change else None,
        "Attendance is from": lambda line: SOURCES[line.change.is_marked] if line.change else "",
    }


def _of_weeks(when: str, found: Callable[[Line], Presence | None]) -> Mapping[str, Column]:
    def of(read: Callable[[Presence], int]) -> Column:
        return lambda line: read(presence) if (presence := found(line)) else None

    return {
        f"Weeks known {when}": of(lambda presence: presence.weeks),
        f"Half-days open {when}": of(lambda presence: presence.half_days.open),
        f"Half-days attended {when}": of(lambda presence: presence.half_days.attended),
        f"Percent attended {when}": of(lambda presence: presence.percent),
    }


def _day(at: datetime | None) -> date | None:
    return clock.nz(at).date() if at else None
