"""Days on which the school is closed: said, and taken back (T6)."""

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import RadioField, StringField

from app.attendance.calendars.actions import close_days, open_again
from app.attendance.calendars.models import CalendarEntryKind
from app.attendance.calendars.policy import can_change_calendar
from app.attendance.calendars.queries import CalendarOfSchool, ClosureOfSchool, closure_for, own_calendar
from app.attendance.calendars.rules import HALF_WORDS, KIND_WORDS, ClosureFacts, fault_of_closure
from app.calendars.school_calendar import Half
from app.core.text import one_line
from app.core.web.answers import done, show
from app.core.web.forms import DayField, OnceForm, Required
from app.core.web.guards import needs
from app.portal.blueprint import bp
from app.portal.calendar import at


class ClosureForm(OnceForm):
    """From when to when, what kind of days, and how much of them."""

    from_on = DayField("First day", required="Write the day")
    to_on = DayField("Last day, if there is more than one")
    kind = RadioField(
        "What kind of day is it?",
        choices={kind.value: words for kind, words in KIND_WORDS.items()},
        validators=[Required("Choose what kind of day it is")],
    )
    half = RadioField("How much of it?", choices={str(half): words for half, words in HALF_WORDS.items()}, default="")
    why = StringField("What for, in a few words")

    def facts(self) -> ClosureFacts | None:
        """None where the first day is missing, or the kind."""
        from_on, to_on, kind = self.from_on.data, self.to_on.data or self.from_on.data, self.kind.data
        if from_on is None or to_on is None or kind not in KIND_WORDS:
            return None
        half = Half(self.half.data) if self.half.data in set(Half) else None
        return ClosureFacts(from_on, to_on, CalendarEntryKind(kind), half, one_line(self.why.data))


@bp.get("/calendar/closures/new")
@needs(can_change_calendar, on=own_calendar)
def new_closure(found: CalendarOfSchool) -> Response:
    return _page(ClosureForm())


@bp.post("/calendar/closures/new")
@needs(can_change_calendar, on=own_calendar)
def add_closure(found: CalendarOfSchool) -> Response:
    form = ClosureForm(request.form)
    is_valid, told = form.validate(), form.facts()
    if told:
        form.mend(fault_of_closure(told, found.calendar))
    if not is_valid or told is None or form.errors:
        return _page(form, status=422)
    entry = close_days(found, told, by=g.actor)
    said = "The calendar says so now. What is counted by it counts anew."
    return done(said, at(entry.from_on.year), undo=f"/portal/calendar/closures/{entry.public_id}/ending")


@bp.post("/calendar/closures/<public_id>/ending")
@needs(can_change_calendar, on=closure_for)
def end_closure(found: ClosureOfSchool) -> Response:
    form, back = OnceForm(request.form), at(found.entry.from_on.year)
    if not form.validate():
        return done("Nothing was changed: this page was sent before.", back)
    open_again(found, by=g.actor)
    return done("The school is open on those days again.", back)


def _page(form: ClosureForm, *, status: int = 200) -> Response:
    return show("portal/calendar_closure.html", status=status, form=form)
