"""Days absent of a student, with or without a case, as the school itself tells them (LET-5)."""

from datetime import date

from flask import g, request
from werkzeug.wrappers import Response

from app.attendance.actions import state_absences
from app.attendance.calendars.queries import present_term
from app.attendance.known import absences_of
from app.attendance.prompts.listing import prompts_of
from app.attendance.prompts.policy import ANSWERERS
from app.attendance.prompts.rules import ASK_WORDS
from app.attendance.queries import statements_of
from app.attendance.rules import in_days
from app.core import clock
from app.core.web.answers import done
from app.core.web.guards import needs
from app.letters.school.policy import can_see_letters, can_write_letters
from app.letters.school.queries import OnRoll, student_for
from app.portal.blueprint import bp
from app.portal.letters.places import STUDENT, show_student
from app.written.absences_form import OwnAbsencesForm
from app.written.marks import marks_shown

SAID = "Saved: {days} absent. Letters use these figures from now on."


@bp.get(f"{STUDENT}/attendance")
@needs(can_see_letters, on=student_for, log="days absent")
def student_attendance(head: OnRoll) -> Response:
    """What the school's marks say; what was told last and before, and a form for what is told now."""
    return _page(head, OwnAbsencesForm(data=_term_so_far(head, clock.today())))


@bp.post(f"{STUDENT}/attendance")
@needs(can_write_letters, on=student_for)
def tell_student_attendance(head: OnRoll) -> Response:
    """Keep what was told; or show the weeks of the period, with all that was typed, and keep nothing yet."""
    form = OwnAbsencesForm(request.form)
    if "show_weeks" in request.form:
        return _page(head, form, status=200 if form.show_weeks() else 422)
    told = form.absences(clock.today())
    if told is None:
        return _page(head, form, status=422)
    state_absences(head, told, by=g.actor)
    return done(SAID.format(days=told.days_in_words), request.path)


def _term_so_far(head: OnRoll, today: date) -> dict[str, date]:
    """The term of which letters speak."""
    term = present_term(head.school_id)
    period = {"from_on": term.from_on, "to_on": min(today, term.to_on or today)} if term else {}
    return {**period, "as_of": today}


def _page(head: OnRoll, form: OwnAbsencesForm, *, status: int = 200) -> Response:
    statements = statements_of(head.student_id, school_id=head.school_id)
    newest = absences_of(head.student_id, head.school_id)
    told = () if newest and newest.marked else statements[:1]
    marks = marks_shown(head.student_id, request.args, school_id=head.school_id)
    return show_student(
        "portal/letters/attendance.html",
        head=head,
        status=status,
        form=form,
        newest=newest,
        newest_row=told[0] if told else None,
        before=statements[len(told) :],
        in_days=in_days,
        marks=marks,
        asks=prompts_of(head.student_id, head.school_id) if marks and g.actor.role in ANSWERERS else (),
        ask_words=ASK_WORDS,
        school_id=head.school_id,
        is_ours=True,
        can_tell=can_write_letters(g.actor, head),
    )
