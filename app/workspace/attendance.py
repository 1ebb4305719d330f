"""Days absent, as somebody told them: last, before, and told anew (LET-5)."""

from datetime import date

from flask import g, request
from werkzeug.wrappers import Response

from app.attendance.actions import state_absences
from app.attendance.queries import absences_of, statements_of
from app.attendance.rules import in_days
from app.calendars.school_terms import latest_term
from app.cases import policy
from app.cases.queries import CaseHead, case_for
from app.core import clock
from app.core.web.answers import done
from app.core.web.guards import needs
from app.workspace.attendance_form import AbsencesForm
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case


@bp.get("/cases/<number>/attendance")
@needs(policy.can_read_details, on=case_for, log="days absent")
def attendance(head: CaseHead) -> Response:
    """What was told last, what was told before, and, while the case is not closed, a form for what is told now."""
    return _page(head, _empty(clock.today()))


@bp.post("/cases/<number>/attendance")
@needs(policy.can_change, on=case_for)
def tell_attendance(head: CaseHead) -> Response:
    """Keep what was told; or show the weeks of the period, with all that was typed, and keep nothing yet."""
    form = AbsencesForm(request.form)
    if "show_weeks" in request.form:
        return _page(head, form, status=200 if form.show_weeks() else 422)
    told = form.absences(clock.today())
    if told is None:
        return _page(head, form, status=422)
    state_absences(head, told, by=g.actor)
    return done(f"Saved: {told.days_in_words} absent. Letters use these figures from now on.", request.path)


def _empty(today: date) -> AbsencesForm:
    """The present term so far, or the last one."""
    term = latest_term(today)
    period = {"from_on": term.from_on, "to_on": min(today, term.to_on)} if term else {}
    return AbsencesForm(data={**period, "as_of": today, "told_on": today})


def _page(head: CaseHead, form: AbsencesForm, *, status: int = 200) -> Response:
    statements = statements_of(head.student_id)
    here = [row for row in statements if row[0].school_id == head.school_id]
    return show_case(
        "workspace/attendance.html",
        status=status,
        head=head,
        form=form,
        newest=absences_of(head.student_id, head.school_id) if here else None,
        newest_row=here[0] if here else None,
        before=[row for row in statements if row not in here[:1]],
        in_days=in_days,
        can_change=policy.can_change(g.actor, head),
    )
