"""The last day at school of a student who is enrolled nowhere, as the roll or somebody told it (LET-5)."""

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import StringField

from app.attendance.actions import state_last_day
from app.attendance.presence import LastDay, fault_of
from app.attendance.queries import last_days_of, presence_of
from app.calendars.working_days import weekday_and_date
from app.cases.absences.policy import can_read_absences, can_tell_absences
from app.cases.queries import CaseHead, case_for
from app.core import clock
from app.core.text import one_line
from app.core.web.answers import done
from app.core.web.forms import DayField, OnceForm
from app.core.web.guards import needs
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case


class LastDayForm(OnceForm):
    """Which day it was, who said so, and when."""

    last_on = DayField("What was the last day at school?", required="Write the last day at school")
    source = StringField("Who told you, and how?")
    told_on = DayField("On which day were you told?", required="Write the day on which you were told")

    def told(self) -> LastDay | None:
        """What was told; or None, and beside each field what is wrong with it."""
        is_valid = self.validate()
        last_on, told_on, today = self.last_on.data, self.told_on.data, clock.today()
        told = LastDay(last_on or today, one_line(self.source.data), told_on or today)
        self.mend(fault_of(told, today))
        return told if is_valid and not self.errors else None


@bp.get("/cases/<number>/last-day")
@needs(can_read_absences, on=case_for, log="last day at school")
def last_day(head: CaseHead) -> Response:
    """What the roll says, what was told last and before, and, while the case is not closed, a form for what is told now."""
    return _page(head, LastDayForm(data={"told_on": clock.today()}))


@bp.post("/cases/<number>/last-day")
@needs(can_tell_absences, on=case_for)
def tell_last_day(head: CaseHead) -> Response:
    form = LastDayForm(request.form)
    told = form.told()
    if told is None:
        return _page(head, form, status=422)
    state_last_day(head, told, by=g.actor)
    said = f"Saved: last at school on {weekday_and_date(told.on)} {told.on.year}, {told.source}."
    return done(said, f"/workspace/cases/{head.number}/last-day")


def _page(head: CaseHead, form: LastDayForm, *, status: int = 200) -> Response:
    return show_case(
        "workspace/last_day.html",
        status=status,
        head=head,
        form=form,
        presence=presence_of(head.student_id),
        before=last_days_of(head.student_id),
        can_tell=can_tell_absences(g.actor, head),
    )
