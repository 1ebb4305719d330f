"""What was done about students who are ticked is recorded for all of them at once, and one of it taken back (ATT-5)."""

from collections.abc import Sequence

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectMultipleField, StringField

from app.attendance.star.actions import answer_steps, take_back
from app.attendance.star.codes import kinds_on
from app.attendance.star.lines import Line
from app.attendance.star.policy import WRITERS, can_take_back
from app.attendance.star.queries import ResponseOfSchool, lines_of, response_for
from app.attendance.star.rules import Told, fault_of
from app.core import clock
from app.core.figures import counted
from app.core.seen import View
from app.core.text import one_line
from app.core.web.answers import done, show
from app.core.web.forms import DayField, OnceForm
from app.core.web.guards import needs, open_to
from app.portal.blueprint import bp
from app.portal.star.listing import list_of

MOST_TICKED = 200
NOBODY = "Tick the students first"
FEWER = (
    "{count} of those you ticked {are} past no step any more: marks were corrected meanwhile. Look through the rest, and record "
    "again."
)
FIELDS = {"kind": "response", "note": "response_note"}
"""What a fault is called, where the form says it otherwise."""


class RecordingForm(OnceForm):
    """What was done, when, and by whom."""

    student = SelectMultipleField("Students", choices=[], validate_choice=False)
    response = RadioField("What was done?", validate_choice=False)
    done_on = DayField("When")
    about_when = StringField("Or about when, where you do not know the day")
    by_whom = StringField("Who did it")
    response_note = StringField("Anything to add, in a line")

    def offer(self) -> None:
        self.response.choices = {kind.code: kind.label for kind in kinds_on(clock.today()).values()}

    def told(self) -> Told:
        texts = (one_line(field.data) for field in (self.about_when, self.by_whom, self.response_note))
        return Told(self.response.data or "", self.done_on.data, *texts)


@bp.get("/attendance/star/record")
@open_to(*WRITERS)
def star_recording() -> Response:
    """The students who were ticked in a list, and the form."""
    kind, ticked = request.args.get("kind", ""), _named("student")
    form = RecordingForm(data={"student": ticked, "response": kind, "by_whom": g.actor.name})
    if not ticked:
        form.student.errors = [NOBODY]
    return _page(form, lines_of(g.actor, ticked))


@bp.post("/attendance/star/record")
@open_to(*WRITERS)
def record_star() -> Response:
    """Of all that are still ticked, once they and the words have been looked at."""
    form, ticked = RecordingForm(request.form), _named("student")
    form.offer()
    is_valid, told = form.validate(), form.told()
    form.mend({FIELDS.get(name, name): fault for name, fault in fault_of(told, clock.today()).items()})
    lines = lines_of(g.actor, _named("offered") or ticked)
    chosen = [line for line in lines if line.public_id in ticked]
    form.student.errors = [] if ticked else [NOBODY]
    if len(chosen) < len(ticked):
        gone = len(ticked) - len(chosen)
        form.form_errors.append(FEWER.format(count=gone, are="is" if gone == 1 else "are"))
    if not is_valid or form.errors or form.form_errors:
        return _page(form, lines, status=422)
    made = answer_steps(chosen, told, by=g.actor)
    undo = f"/portal/attendance/star/responses/{made[0].public_id}/ending" if len(made) == 1 else ""
    return done(f"Recorded for {counted(len(made), 'student')}.", list_of(_tutor()), undo=undo)


@bp.post("/attendance/star/responses/<public_id>/ending")
@needs(can_take_back, on=response_for)
def end_star_response(found: ResponseOfSchool) -> Response:
    form = OnceForm(request.form)
    if not form.validate():
        return done("Nothing was changed: this page was sent before.", list_of(""))
    take_back(found, by=g.actor)
    return done(
        "Taken back. The student stands on the list again, where nothing else answers the step.", list_of(_tutor())
    )


def _named(name: str) -> list[str]:
    return list(dict.fromkeys(request.values.getlist(name)))[:MOST_TICKED]


def _tutor() -> str:
    """Of which group the list was that is gone back to."""
    return request.values.get("tutor", "")


def _page(form: RecordingForm, lines: Sequence[Line], *, status: int = 200) -> Response:
    form.offer()
    g.view = View("STAR watch: what was done", None)
    ticked = form.student.data or []
    back = list_of(_tutor())
    return show(
        "portal/star/recording.html", status=status, form=form, lines=lines, ticked=ticked, back=back, tutor=_tutor()
    )
