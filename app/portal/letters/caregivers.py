"""Caregivers whom the school itself named: for letters, as it knows them (CASE-14)."""

from dataclasses import replace

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import HiddenField, RadioField, StringField, TelField, TextAreaField

from app.core import clock
from app.core.errors import Conflict
from app.core.text import filled_lines, one_line
from app.core.versions import version_of
from app.core.web.answers import done
from app.core.web.forms import ANSWER_OF, ANSWERS, MEANT, OnceForm
from app.core.web.guards import needs
from app.letters.school.dossiers import SchoolAddressee, addressee_for
from app.letters.school.policy import can_write_letters
from app.letters.school.queries import OnRoll, student_for
from app.letters.window import the_window
from app.portal.blueprint import bp
from app.portal.letters.places import STUDENT, letters_address, show_student
from app.students.caregivers.actions import change_caregiver, name_caregiver
from app.students.rules import CaregiverFacts, facts_of, fault_of

TEXTS = ("name", "relationship", "contact_note", "address_source", "phone", "language")
QUESTIONS = ("has_responsibility", "may_be_contacted", "lives_with_student")
OTHERS = (
    "A service has changed what is recorded of this caregiver, so what your school said stays as it was. Name them again "
    "with what you know now."
)


class SchoolCaregiverForm(OnceForm):
    """What a school writes down of a caregiver."""

    name = StringField("Name")
    relationship = StringField("How are they related to the student?")
    has_responsibility = RadioField(
        "Do they have responsibility for the student?", choices=ANSWERS, default="unknown", validate_choice=False
    )
    may_be_contacted = RadioField("May they be contacted?", choices=ANSWERS, default="unknown", validate_choice=False)
    contact_note = StringField("How may they be contacted, or why not?")
    lives_with_student = RadioField(
        "Do they live with the student?", choices=ANSWERS, default="unknown", validate_choice=False
    )
    address = TextAreaField("Their address")
    address_source = StringField("Who told you this address, and how?")
    phone = TelField("Phone")
    language = StringField("Language, if not English")
    version = HiddenField(default="")

    def facts(self, was: CaregiverFacts | None = None) -> CaregiverFacts:
        """What was typed, without what cannot be seen at its ends; the rest as it was."""
        texts = {field: one_line(self[field].data) for field in TEXTS}
        answers = {field: MEANT.get(self[field].data or "") for field in QUESTIONS}
        typed = {**texts, **answers, "address": filled_lines(self.address.data)}
        return replace(was or CaregiverFacts("", ""), **typed)  # type: ignore[arg-type]


@bp.get(f"{STUDENT}/caregivers/new")
@needs(can_write_letters, on=student_for, log="caregivers")
def new_student_caregiver(head: OnRoll) -> Response:
    return _page(head, SchoolCaregiverForm())


@bp.post(f"{STUDENT}/caregivers/new")
@needs(can_write_letters, on=student_for)
def add_student_caregiver(head: OnRoll) -> Response:
    form = SchoolCaregiverForm(request.form)
    if not _is_in_order(form, None):
        return _page(head, form, status=422)
    caregiver = name_caregiver(head, form.facts(), by=g.actor)
    return done(f"{caregiver.name} was added.", letters_address(head))


@bp.get(f"{STUDENT}/caregivers/<caregiver>")
@needs(can_write_letters, on=addressee_for, log="caregivers")
def student_caregiver(found: SchoolAddressee) -> Response:
    _refuse_shared(found)
    facts = facts_of(found.dossier.caregiver)
    answers = {field: ANSWER_OF[getattr(facts, field)] for field in QUESTIONS}
    data = {**facts.values, **answers, "version": version_of(facts.texts)}
    return _page(found.head, SchoolCaregiverForm(data=data), found)


@bp.post(f"{STUDENT}/caregivers/<caregiver>")
@needs(can_write_letters, on=addressee_for)
def set_student_caregiver(found: SchoolAddressee) -> Response:
    _refuse_shared(found)
    form, was = SchoolCaregiverForm(request.form), facts_of(found.dossier.caregiver)
    if not _is_in_order(form, was):
        return _page(found.head, form, found, status=422)
    caregiver_id, version = found.dossier.caregiver.id, form.version.data or ""
    is_new = change_caregiver(found.head, caregiver_id, form.facts(was), version=version, by=g.actor)
    said = "Saved; what was recorded before is kept." if is_new else "It says that already. Nothing changed."
    return done(said, letters_address(found.head))


def _refuse_shared(found: SchoolAddressee) -> None:
    """Others have changed it: their words are not this school's to see or to write over (CASE-10)."""
    if found.dossier.caregiver.is_shared:
        raise Conflict(OTHERS, "It was changed by others")


def _is_in_order(form: SchoolCaregiverForm, was: CaregiverFacts | None) -> bool:
    is_valid = form.validate()
    faults = fault_of(form.facts(was), clock.today(), was=was)
    form.mend({field: fault for field, fault in faults.items() if field in form})
    return is_valid and not faults


def _page(
    head: OnRoll, form: SchoolCaregiverForm, found: SchoolAddressee | None = None, *, status: int = 200
) -> Response:
    caregiver = found.dossier.caregiver if found else None
    lines = the_window().most_lines
    return show_student(
        "portal/letters/caregiver.html", head=head, status=status, form=form, caregiver=caregiver, most_lines=lines
    )
