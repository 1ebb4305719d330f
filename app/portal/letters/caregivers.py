"""Caregivers whom the school itself named: for letters, as it knows them (CASE-14)."""

from dataclasses import replace

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import EmailField, HiddenField, RadioField, StringField, TelField, TextAreaField

from app.core import clock
from app.core.errors import Conflict, Refused
from app.core.text import filled_lines, one_line
from app.core.versions import version_of
from app.core.web.answers import done
from app.core.web.forms import ANSWER_OF, ANSWERS, MEANT, DayField, OnceForm
from app.core.web.guards import needs
from app.letters.school.actions import give_up, name_again
from app.letters.school.dossiers import SchoolAddressee, addressee_for
from app.letters.school.finding import NamedByUs, named_by_us
from app.letters.school.policy import can_write_letters
from app.letters.school.queries import OnRoll, student_for
from app.letters.window import the_window
from app.portal.blueprint import bp
from app.portal.letters.places import STUDENT, letters_address, show_student, student_address
from app.students.caregivers.actions import change_caregiver, name_caregiver
from app.students.rules import CaregiverFacts, facts_of, fault_of
from app.written.letters.choice import LETTERS, NOBODY_ASKED, chosen

TEXTS = ("name", "relationship", "contact_note", "address_source", "phone", "email", "language")
QUESTIONS = ("has_responsibility", "may_be_contacted", "lives_with_student")
ENDED = "{name} is not named by your school any more. What was recorded, and letters to them, stay."
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
    email = EmailField("E-mail")
    letters_by = RadioField(
        "How do they want to get letters?",
        choices=LETTERS,
        default=NOBODY_ASKED,
        validate_choice=False,
    )
    letters_by_on = DayField("When did they choose?")
    language = StringField("Language, if not English")
    version = HiddenField(default="")

    def facts(self, was: CaregiverFacts | None = None) -> CaregiverFacts:
        """What was typed, without what cannot be seen at its ends; the rest as it was."""
        texts = {field: one_line(self[field].data) for field in TEXTS}
        answers = {field: MEANT.get(self[field].data or "") for field in QUESTIONS}
        choice = chosen(self.letters_by.data, self.letters_by_on.data)
        typed = {**texts, **answers, **choice, "address": filled_lines(self.address.data)}
        return replace(was or CaregiverFacts("", ""), **typed)


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
    letters_by = facts.letters_by or NOBODY_ASKED
    data = {**facts.values, **answers, "letters_by": letters_by, "version": version_of(facts.texts)}
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


@bp.get(f"{STUDENT}/caregivers/<caregiver>/ending")
@needs(can_write_letters, on=addressee_for, log="caregivers")
def student_caregiver_ending(found: SchoolAddressee) -> Response:
    """Asked before it is done."""
    _refuse_shared(found)
    return _ending_page(found, OnceForm())


@bp.post(f"{STUDENT}/caregivers/<caregiver>/ending")
@needs(can_write_letters, on=addressee_for)
def set_student_caregiver_end(found: SchoolAddressee) -> Response:
    _refuse_shared(found)
    form = OnceForm(request.form)
    if not form.validate():
        return _ending_page(found, form, status=422)
    caregiver = found.dossier.caregiver
    try:
        give_up(found, by=g.actor)
    except Refused as refused:
        form.form_errors.append(refused.why)
        return _ending_page(found, form, status=422)
    undo = f"{student_address(found.head)}caregivers/{caregiver.public_id}/ending/undo"
    return done(ENDED.format(name=caregiver.name), letters_address(found.head), undo=undo)


@bp.post(f"{STUDENT}/caregivers/<caregiver>/ending/undo")
@needs(can_write_letters, on=named_by_us)
def undo_student_caregiver_end(found: NamedByUs) -> Response:
    form = OnceForm(request.form)
    try:
        is_new = form.validate() and name_again(found, by=g.actor)
    except Refused as refused:
        return done(refused.why, letters_address(found.head))
    said = "is named by your school again." if is_new else "was not ended by your school, or is named again already."
    return done(f"{found.caregiver.name} {said}", letters_address(found.head))


def _refuse_shared(found: SchoolAddressee) -> None:
    """Others have changed it: their words are not this school's to see or to write over (CASE-10)."""
    if found.dossier.caregiver.is_shared:
        raise Conflict(OTHERS, "It was changed by others")


def _ending_page(found: SchoolAddressee, form: OnceForm, *, status: int = 200) -> Response:
    caregiver = found.dossier.caregiver
    page = "portal/letters/caregiver_ending.html"
    return show_student(page, head=found.head, status=status, form=form, caregiver=caregiver)


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
