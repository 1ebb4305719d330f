"""A student is enrolled at another school, as somebody knows from something, or was thought to be by mistake (CAL-5)."""

from typing import Any

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import BooleanField, RadioField, StringField

from app.cases.queries import CaseHead, case_for
from app.cases.student.actions import record_enrolment, take_back_enrolment
from app.cases.student.policy import can_record_enrolment
from app.cases.student.queries import EnrolmentOfCase, enrolment_for, has_rest, school_numbered, schools_found
from app.cases.student.rules import Elsewhere, fault_of, fault_of_why
from app.core import clock
from app.core.errors import Refused
from app.core.text import nfc, one_line
from app.core.web.answers import done
from app.core.web.forms import DayField, OnceForm
from app.core.web.guards import needs
from app.written.places import case_address
from app.written.student import show_student

LOGGED = "student"
LONGEST = 160


class EnrolmentForm(OnceForm):
    """Which school, from when, and what it is known from."""

    school = RadioField("Which school?", validate_choice=False)
    from_on = DayField("First day at that school")
    year_level = StringField("Year level")
    is_main_school = BooleanField("It is the student’s main school", default=True)
    evidence = StringField("What do you know it from?")

    def told(self) -> Elsewhere:
        level, evidence = (self.year_level.data or "").strip(), one_line(self.evidence.data)
        number = int(level) if level.isascii() and level.isdigit() and len(level) < len("100") else None
        return Elsewhere(self.from_on.data, number, bool(self.is_main_school.data), nfc(evidence))


class RetractionForm(OnceForm):
    """Why it was a mistake."""

    why = StringField("Why was it a mistake?")


@needs(can_record_enrolment, on=case_for, log=LOGGED)
def enrolment(head: CaseHead) -> Response:
    """A school is looked for by its name first."""
    return _page(head, EnrolmentForm())


@needs(can_record_enrolment, on=case_for)
def add_enrolment(head: CaseHead) -> Response:
    form = EnrolmentForm(request.form)
    is_valid, told = form.validate(), form.told()
    school = school_numbered(form.school.data or "")
    faults = fault_of(told, clock.today()) | ({} if school else {"school": "Choose the school from the list"})
    for field, fault in faults.items():
        form[field].errors = form[field].errors or [fault]
    if not is_valid or faults or school is None:
        return _page(head, form, status=422)
    try:
        record_enrolment(head, school, told, by=g.actor)
    except Refused as refused:
        form.form_errors.append(refused.why)
        return _page(head, form, status=422)
    return done(f"Recorded: enrolled at {school.name}.", f"{case_address(head)}student")


@needs(can_record_enrolment, on=enrolment_for, log=LOGGED)
def enrolment_retraction(found: EnrolmentOfCase) -> Response:
    """It was a mistake: what it says stands there once more, and where it cannot be taken back, why."""
    return _retraction(found, RetractionForm())


@needs(can_record_enrolment, on=enrolment_for)
def retract_enrolment(found: EnrolmentOfCase) -> Response:
    form = RetractionForm(request.form)
    is_valid, why = form.validate(), one_line(form.why.data)
    if fault := fault_of_why(why):
        form.why.errors = [fault]
    if not is_valid or fault:
        return _retraction(found, form, status=422)
    try:
        is_new = take_back_enrolment(found, why, by=g.actor)
    except Refused as refused:
        form.form_errors.extend([refused.why, refused.who_can])
        return _retraction(found, form, status=422)
    said = "Taken back" if is_new else "It was taken back already"
    return done(f"{said}: {found.school_name} sees nothing by it.", f"{case_address(found.head)}student")


def _retraction(found: EnrolmentOfCase, form: RetractionForm, *, status: int = 200) -> Response:
    values: dict[str, Any] = {"found": found, "form": form, "rests": has_rest(found.enrolment)}
    return show_student(found.head, "written/enrolment_retraction.html", status=status, **values)


def _page(head: CaseHead, form: EnrolmentForm, *, status: int = 200) -> Response:
    sought = request.values.get("q", "").strip()[:LONGEST]
    found = schools_found(sought)
    form.school.choices = {row.number: row.name for row in found}
    values: dict[str, Any] = {"form": form, "sought": sought, "found": found, "longest": LONGEST}
    return show_student(head, "written/enrolment.html", status=status, **values)
