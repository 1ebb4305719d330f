"""Days absent, as somebody told them: last, before, and told anew (LET-5). A school reads and tells of itself alone."""

from datetime import date
from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from app.attendance.calendars.queries import present_term
from app.attendance.known import absences_of, absences_until
from app.attendance.queries import statements_of
from app.attendance.rules import in_days
from app.cases.absences.actions import tell_absences
from app.cases.absences.policy import can_read_absences, can_tell_absences
from app.cases.absences.queries import compared_for
from app.cases.absences.rules import compared_since
from app.cases.queries import CaseHead, case_for, safety_notes_for
from app.cases.rules import known_until
from app.core import clock
from app.core.web.answers import done, show
from app.core.web.guards import needs
from app.people.models import Kind
from app.written.absences_form import AbsencesForm, OwnAbsencesForm
from app.written.marks import marks_of_case
from app.written.places import case_address

SAID = "Saved: {days} absent. Letters use these figures from now on."
SAID_OF_OURSELVES = "Saved: {days} absent. The service sees it, and its letters use these figures from now on."


@needs(can_read_absences, on=case_for, log="days absent")
def attendance(head: CaseHead) -> Response:
    """What was told last, what was told before, and, while the case is not closed, a form for what is told now."""
    return _page(head, _form()(data=_term_so_far(_school(head), clock.today())))


@needs(can_tell_absences, on=case_for)
def tell_attendance(head: CaseHead) -> Response:
    """Keep what was told; or show the weeks of the period, with all that was typed, and keep nothing yet."""
    form = _form()(request.form)
    if "show_weeks" in request.form:
        return _page(head, form, status=200 if form.show_weeks() else 422)
    told = form.absences(clock.today())
    if told is None:
        return _page(head, form, status=422)
    tell_absences(head, told, school_id=_school(head), by=g.actor)
    said = SAID_OF_OURSELVES if _is_school() else SAID
    return done(said.format(days=told.days_in_words), request.path)


def _is_school() -> bool:
    return bool(g.actor.organisation_kind is Kind.SCHOOL)


def _form() -> type[AbsencesForm]:
    return OwnAbsencesForm if _is_school() else AbsencesForm


def _school(head: CaseHead) -> int:
    """Whose figures these are: of a school its own, also where another one acts for the case."""
    return int(g.actor.organisation_id if _is_school() else head.school_id)


def _term_so_far(school_id: int, today: date) -> dict[str, date]:
    """The present term of that school, or the last one."""
    term = present_term(school_id)
    period = {"from_on": term.from_on, "to_on": min(today, term.to_on or today)} if term else {}
    return {**period, "as_of": today, "told_on": today}


def _compared(head: CaseHead, school_id: int, *, has_marks: bool) -> dict[str, Any]:
    """With the days before the transition; a school is not shown that."""
    if _is_school():
        return {"compared": None, "compared_since": None}
    return {"compared": compared_for(head, school_id, has_marks=has_marks), "compared_since": compared_since(head)}


def _page(head: CaseHead, form: AbsencesForm, *, status: int = 200) -> Response:
    school_id = _school(head)
    of_school, until = (school_id, None) if _is_school() else (None, known_until(head))
    statements = statements_of(head.student_id, school_id=of_school, until=until)
    newest = absences_until(head.student_id, school_id, until) if until else absences_of(head.student_id, school_id)
    marks = marks_of_case(g.actor, head, request.args, school_id=of_school, until=until)
    here = [row for row in statements if row[0].school_id == school_id and not (newest and newest.marked)]
    return show(
        "written/attendance.html",
        status=status,
        marks=marks,
        case=head,
        header=f"{request.blueprint}/_case_header.html",
        safety_notes=[] if _is_school() else safety_notes_for(g.actor, [head.case_id]).get(head.case_id, []),
        back=case_address(head),
        form=form,
        newest=newest,
        newest_row=here[0] if here else None,
        before=[row for row in statements if row not in here[:1]],
        in_days=in_days,
        **_compared(head, school_id, has_marks=marks is not None),
        school_id=school_id,
        is_ours=_is_school(),
        can_tell=can_tell_absences(g.actor, head),
    )
