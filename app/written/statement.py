"""The privacy statement was given to the whānau: on which day, as a school and a service each note for themselves (PRIV-5)."""

from datetime import date

from flask import g, request
from werkzeug.wrappers import Response

from app.cases.policy import can_mark_given
from app.cases.queries import CaseHead, case_for
from app.core import clock
from app.core.web.answers import done, show
from app.core.web.forms import DayField, OnceForm
from app.core.web.guards import needs
from app.students.privacy.actions import mark_given
from app.students.privacy.queries import statements_given
from app.students.privacy.rules import fault_of
from app.written.places import case_address, header_of

NOTED = "Noted: the privacy statement was given."
NOTED_BEFORE = "That was noted before."


class GivenForm(OnceForm):
    """The day on which somebody gave it to them."""

    given_on = DayField("When was it given?", required="Write the day on which it was given")

    def day(self) -> date | None:
        """The day, where it is whole and can be; else its fault stands beside it."""
        given_on: date | None = self.given_on.data if self.validate() else None
        if given_on and (fault := fault_of(given_on, today=clock.today())):
            self.given_on.errors = [fault]
            return None
        return given_on


@needs(can_mark_given, on=case_for, log="privacy statement")
def statement(head: CaseHead) -> Response:
    """When it was given so far, and the statement to print."""
    return _page(head, GivenForm(data={"given_on": clock.today()}))


@needs(can_mark_given, on=case_for)
def set_statement(head: CaseHead) -> Response:
    form = GivenForm(request.form)
    if (day := form.day()) is None:
        return _page(head, form, status=422)
    is_new = mark_given(head.student_id, day, by=g.actor, about=head)
    return done(NOTED if is_new else NOTED_BEFORE, case_address(head))


def _page(head: CaseHead, form: GivenForm, *, status: int = 200) -> Response:
    sides = [each for each in (g.actor.organisation_id, head.school_id, head.service_id) if each]
    return show(
        "written/statement.html",
        status=status,
        case=head,
        **header_of(head),
        back=case_address(head),
        given=statements_given(head.student_id, sides),
        form=form,
    )
