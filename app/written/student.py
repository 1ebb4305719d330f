"""A student’s record, as a school and a service each see and change it (CASE-17). What a school changes of contact details are
its own words; what others found out it does not see."""

from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from app.cases.queries import CaseHead, case_for, safety_notes_for
from app.cases.student.policy import can_change_student, can_read_student, can_record_enrolment
from app.cases.student.queries import enrolments_known, siblings_of
from app.cases.student.rules import SOURCE_WORDS
from app.core import clock
from app.core.errors import Conflict, Refused
from app.core.web.answers import done, show
from app.core.web.guards import needs
from app.people.models import Kind
from app.students.particulars.actions import change_student
from app.students.particulars.queries import Recorded, recorded_of
from app.students.particulars.rules import StudentFacts, fault_of
from app.students.rules import is_old
from app.written.meanwhile import Changed, Texts
from app.written.places import case_address
from app.written.student_form import LABELS, StudentForm, filled

LOGGED = "student"


@needs(can_read_student, on=case_for, log=LOGGED)
def student(head: CaseHead) -> Response:
    """Everything that is recorded, where the student is enrolled, and whose sibling they are."""
    recorded = recorded_of(head.student_id)
    return show_student(
        head,
        "written/student.html",
        facts=_known(recorded),
        recorded=recorded,
        labels=LABELS,
        sources=SOURCE_WORDS,
        is_old=is_old,
        enrolments=enrolments_known(g.actor, head.student_id),
        siblings=siblings_of(g.actor, head.student_id) if _at_service() else [],
        can_change=can_change_student(g.actor, head),
        can_record=can_record_enrolment(g.actor, head),
    )


@needs(can_change_student, on=case_for, log=LOGGED)
def change(head: CaseHead) -> Response:
    known = _known(recorded_of(head.student_id))
    return _form_page(head, known, filled(known))


@needs(can_change_student, on=case_for)
def set_student(head: CaseHead) -> Response:
    """Other facts; where somebody else changed them meanwhile, both are shown."""
    form, known = StudentForm(request.form), _known(recorded_of(head.student_id))
    told, version = form.facts(known), form.version.data or ""
    if not _is_in_order(form, told, known):
        return _form_page(head, known, form, status=422)
    try:
        is_new = change_student(head, told, version=version, by=g.actor, shown=None if _at_service() else known)
    except Refused as refused:
        form.form_errors.append(refused.why)
        return _form_page(head, known, form, status=422)
    except Conflict:
        return _both(head, told, version)
    said = "Saved; what was recorded before is kept." if is_new else "It says that already. Nothing changed."
    return done(said, f"{case_address(head)}student")


def show_student(head: CaseHead, page: str, *, status: int = 200, **values: Any) -> Response:
    """At a service safety notes stand on each page of the case; at a school never (SHARE-8)."""
    notes = safety_notes_for(g.actor, [head.case_id]).get(head.case_id, []) if _at_service() else []
    header = f"{request.blueprint}/_case_header.html"
    back = case_address(head)
    return show(page, status=status, case=head, header=header, back=back, safety_notes=notes, **values)


def _known(recorded: Recorded) -> StudentFacts:
    return recorded.facts if _at_service() else recorded.known_to(g.actor.organisation_id)


def _at_service() -> bool:
    return g.actor.organisation_kind is Kind.SERVICE


def _is_in_order(form: StudentForm, told: StudentFacts, known: StudentFacts) -> bool:
    is_valid = form.validate()
    faults = fault_of(told, clock.today(), was=known)
    form.mend(faults)
    return is_valid and not faults


def _both(head: CaseHead, typed: StudentFacts, version: str) -> Response:
    """Nothing was written: what the other one changed is shown, and stands in the form but for what was changed here."""
    recorded = recorded_of(head.student_id)
    now = _known(recorded)
    texts = Texts(version, now.texts, typed.texts)
    form = filled(StudentFacts(**texts.merged(now.values, typed.values)), version=texts.next_version)
    who = recorded.changed_by if _at_service() else ""
    return _form_page(head, now, form, meanwhile=texts.changed(LABELS), who=who, status=409)


def _form_page(
    head: CaseHead,
    known: StudentFacts,
    form: StudentForm,
    *,
    meanwhile: list[Changed] | None = None,
    who: str = "",
    status: int = 200,
) -> Response:
    values = {"form": form, "known": known, "meanwhile": meanwhile or [], "who": who}
    return show_student(head, "written/student_form.html", status=status, **values)
