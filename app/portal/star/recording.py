"""What was done about students who are ticked is recorded for all of them at once, and one of it taken back (ATT-5)."""

from collections.abc import Sequence

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectMultipleField, StringField

from app.attendance.star.actions import answer_steps, take_back
from app.attendance.star.codes import kinds_on
from app.attendance.star.comparing import changes_since, shown_from
from app.attendance.star.lines import Line
from app.attendance.star.policy import WRITERS, can_take_back
from app.attendance.star.queries import ResponsesOfSchool, lines_held, lines_of, recording_for, response_for
from app.attendance.star.rules import Told, fault_of
from app.core import clock
from app.core.figures import counted
from app.core.seen import View
from app.core.text import one_line
from app.core.web.answers import done, show
from app.core.web.forms import DayField, OnceForm
from app.core.web.guards import needs, open_to
from app.core.web.writes import Sent
from app.portal.blueprint import bp
from app.portal.star.listing import LIST, StarFilter, back_to_list

MOST_TICKED = 400
TOO_MANY = f"Tick {MOST_TICKED} students at most, and record the others after them."
NOBODY = "Tick the students first"
FEWER = (
    "{count} of those you ticked {are} past no step any more: marks were corrected meanwhile. Look through the rest, and record "
    "again."
)
LOOK = "Nothing was recorded yet. Look at what changed since this page was shown, and record again."
AGAIN = "This was taken back already."
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
    """One student, or a few who stand in the address, and the form."""
    return _asked()


@bp.post("/attendance/star/ticked")
@open_to(*WRITERS, sent=Sent.LOOKS)
def star_ticked() -> Response:
    """All who were ticked in a list: too many for an address."""
    return _asked()


def _asked() -> Response:
    ticked = _named("student")
    form = RecordingForm(data={"student": ticked, "response": request.values.get("kind", ""), "by_whom": g.actor.name})
    form.student.errors = _fault_of(ticked)
    return _page(form, lines_of(g.actor, ticked[:MOST_TICKED]))


@bp.post("/attendance/star/record")
@open_to(*WRITERS)
def record_star() -> Response:
    """Of all that are still ticked, once they and the words have been looked at, and where no line is another than was shown."""
    form, ticked = RecordingForm(request.form), _named("student")
    form.offer()
    is_valid, told = form.validate(), form.told()
    form.mend({FIELDS.get(name, name): fault for name, fault in fault_of(told, clock.today()).items()})
    shown = shown_from(_named("seen"))
    lines = lines_held(g.actor, (list(shown) or ticked)[:MOST_TICKED])
    chosen = [line for line in lines if line.public_id in ticked]
    form.student.errors = _fault_of(ticked)
    changes = changes_since(shown, chosen)
    form.form_errors += [*_fewer(len(ticked) - len(chosen)), *([LOOK, *changes] if changes else [])]
    if not is_valid or form.errors or form.form_errors:
        return _page(form, lines, status=409 if changes else 422)
    made = answer_steps(chosen, told, by=g.actor)
    undo = f"{LIST}/recordings/{made[0].public_id}/ending{back_to_list().removeprefix(LIST)}"
    return done(f"Recorded for {counted(len(made), 'student')}.", back_to_list(), undo=undo)


@bp.post("/attendance/star/responses/<public_id>/ending")
@needs(can_take_back, on=response_for)
def end_star_response(found: ResponsesOfSchool) -> Response:
    return _taken_back(found)


@bp.post("/attendance/star/recordings/<public_id>/ending")
@needs(can_take_back, on=recording_for)
def end_star_recording(found: ResponsesOfSchool) -> Response:
    """Of all students of whom it was recorded at once."""
    return _taken_back(found)


def _taken_back(found: ResponsesOfSchool) -> Response:
    form = OnceForm(request.form)
    if not form.validate():
        return done("Nothing was changed: this page was sent before.", back_to_list())
    count = take_back(found, by=g.actor)
    who = "The student stands" if count == 1 else f"{count} students stand"
    back = f"Taken back. {who} on the list again, where nothing else answers the step."
    return done(back if count else AGAIN, back_to_list())


def _named(name: str) -> list[str]:
    return list(dict.fromkeys(request.values.getlist(name)))


def _fewer(gone: int) -> list[str]:
    return [FEWER.format(count=gone, are="is" if gone == 1 else "are")] if gone else []


def _fault_of(ticked: Sequence[str]) -> list[str]:
    return [NOBODY] if not ticked else [TOO_MANY] if len(ticked) > MOST_TICKED else []


def _page(form: RecordingForm, lines: Sequence[Line], *, status: int = 200) -> Response:
    form.offer()
    g.view = View("STAR watch: what was done", None)
    return show(
        "portal/star/recording.html",
        status=status,
        form=form,
        lines=lines,
        ticked=form.student.data or [],
        back=back_to_list(),
        kept=StarFilter(request.values).kept,
    )
