"""The school's own calendar: the year as a picture, and its terms (T6)."""

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import HiddenField

from app.attendance.calendars.actions import say_terms
from app.attendance.calendars.policy import can_change_calendar, can_see_calendar
from app.attendance.calendars.queries import CalendarOfSchool, YearOfSchool, own_calendar, year_for
from app.attendance.calendars.rules import (
    HALF_WORDS,
    KIND_WORDS,
    Days,
    fault_of_terms,
    version_of,
    year_asked,
    year_picture,
)
from app.attendance.tallies.queries import as_marked
from app.calendars.school_terms import TERMS, listed_years, term_rows
from app.core.errors import Conflict, Refused
from app.core.web.answers import done, show
from app.core.web.forms import DayField, OnceForm
from app.core.web.guards import needs
from app.portal.blueprint import bp

NUMBERS = range(1, TERMS + 1)
BOTH = "Write both days of the term, or neither"


class TermsForm(OnceForm):
    """The first and last day of each term, where the school says its own; and which state of them the page showed."""

    from_on_1 = DayField("Term 1: first day")
    to_on_1 = DayField("Term 1: last day")
    from_on_2 = DayField("Term 2: first day")
    to_on_2 = DayField("Term 2: last day")
    from_on_3 = DayField("Term 3: first day")
    to_on_3 = DayField("Term 3: last day")
    from_on_4 = DayField("Term 4: first day")
    to_on_4 = DayField("Term 4: last day")
    version = HiddenField(default="")

    def days(self) -> dict[int, Days | None]:
        """Term → its days; None where one is not written."""
        return {number: self._both(number) for number in NUMBERS}

    def _both(self, number: int) -> Days | None:
        from_on, to_on = self[f"from_on_{number}"].data, self[f"to_on_{number}"].data
        return (from_on, to_on) if from_on and to_on else None

    def lacking(self) -> dict[str, str]:
        """Days that are not written, of terms of which the other one is."""
        bounds = [(f"from_on_{number}", f"to_on_{number}") for number in NUMBERS]
        return {
            name: BOTH for both in bounds for name in both if not self[name].data and any(self[n].data for n in both)
        }


@bp.get("/calendar/")
@needs(can_see_calendar, on=own_calendar)
def calendar(found: CalendarOfSchool) -> Response:
    """The year that is asked for, else this one."""
    year = year_asked(request.args.get("year", ""))
    return show(
        "portal/calendar.html",
        found=found,
        year=year_picture(as_marked(found.calendar, found.row.id, [year]), year),
        years=listed_years(),
        closures=[each for each in found.closures if each.from_on.year <= year <= each.to_on.year],
        terms_said=found.said,
        can_change=can_change_calendar(g.actor, found),
        kinds=KIND_WORDS,
        halves=HALF_WORDS,
    )


@bp.get("/calendar/<int:year>/terms")
@needs(can_change_calendar, on=year_for)
def terms(found: YearOfSchool) -> Response:
    said = _said(found)
    firsts = {f"from_on_{number}": from_on for number, (from_on, _) in said.items()}
    lasts = {f"to_on_{number}": to_on for number, (_, to_on) in said.items()}
    return _page(found, TermsForm(data={**firsts, **lasts, "version": version_of(said)}))


@bp.post("/calendar/<int:year>/terms")
@needs(can_change_calendar, on=year_for)
def set_terms(found: YearOfSchool) -> Response:
    form = TermsForm(request.form)
    is_valid = form.validate()
    form.mend(form.lacking() or fault_of_terms(found.year, form.days()))
    if not is_valid or form.errors:
        return _page(found, form, status=422)
    try:
        say_terms(found.year, form.days(), version=form.version.data or "", by=g.actor)
    except (Conflict, Refused) as why:
        form.form_errors.append(str(why))
        return _page(found, form, status=409 if isinstance(why, Conflict) else 422)
    return done(
        f"The terms of {found.year} are as you wrote them. What is counted by them counts anew.", at(found.year)
    )


def at(year: int) -> str:
    """The address of a year."""
    return f"/portal/calendar/?year={year}"


def _said(found: YearOfSchool) -> dict[int, Days]:
    return {number: days for (year, number), days in found.of.calendar.said.items() if year == found.year}


def _page(found: YearOfSchool, form: TermsForm, *, status: int = 200) -> Response:
    listed = {row.number: row for row in term_rows(found.year)}
    return show(
        "portal/calendar_terms.html", status=status, form=form, year=found.year, listed=listed, back=at(found.year)
    )
