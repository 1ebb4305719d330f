"""A student whom the roll does not name yet is added, and the request begins."""

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField

from app.cases.arrivals.actions import add_newcomer
from app.cases.arrivals.rules import YEAR_LEVELS, Newcomer, fault_of_newcomer
from app.core import clock
from app.core.errors import Refused
from app.core.text import one_line
from app.core.web.answers import show
from app.core.web.forms import DayField, OnceForm
from app.core.web.guards import open_to
from app.people.models import Role
from app.portal.blueprint import bp
from app.portal.referrals import begin
from app.students.queries import student_with_caregiver

MAY_ADD = (Role.ATTENDANCE_LEAD, Role.OFFICE_SUPPORT)
"""An enrolment lets the school see the student’s case, so it is for those who see all of them."""


class NewStudentForm(OnceForm):
    """What a school knows of somebody who has just come."""

    legal_name = StringField("Full legal name")
    preferred_name = StringField("Preferred name, if there is one")
    born_on = DayField("Date of birth")
    year_level = SelectField(
        "Year level",
        choices={"": "Choose", **{str(year): f"Year {year}" for year in YEAR_LEVELS}},
        validate_choice=False,
    )
    national_number = StringField("National student number, if you know it")
    enrolled_on = DayField("Enrolled at your school since")
    evidence = StringField("How do you know?")

    def newcomer(self) -> Newcomer:
        """What was typed, without what cannot be seen at its ends."""
        year_level = self.year_level.data or "-"
        return Newcomer(
            legal_name=one_line(self.legal_name.data),
            preferred_name=one_line(self.preferred_name.data),
            born_on=self.born_on.data,
            year_level=int(year_level) if year_level in self.year_level.choices else None,
            national_number="".join((self.national_number.data or "").split()),
            enrolled_on=self.enrolled_on.data,
            evidence=one_line(self.evidence.data),
        )


@bp.get("/referrals/new-student")
@open_to(*MAY_ADD)
def new_student() -> Response:
    """The form, with the name that was looked for in vain."""
    return _page(NewStudentForm(data={"legal_name": request.args.get("name", "").strip()}))


@bp.post("/referrals/new-student")
@open_to(*MAY_ADD)
def add_new_student() -> Response:
    """The student is added, or is known already; either way the request begins, and nothing else is said."""
    form = NewStudentForm(request.form)
    is_valid, told = form.validate(), form.newcomer()
    for field, fault in fault_of_newcomer(told, clock.today()).items():
        form[field].errors = form[field].errors or [fault]
        is_valid = False
    if not is_valid:
        return _page(form, status=422)
    try:
        student = add_newcomer(told, by=g.actor)
    except Refused as refused:
        form.form_errors.extend(filter(None, [refused.why, refused.who_can]))
        return _page(form, status=422)
    return begin(student_with_caregiver(g.actor, student.public_id), "Student added, and the draft begun.")


def _page(form: NewStudentForm, *, status: int = 200) -> Response:
    return show("portal/new_student.html", status=status, form=form)
