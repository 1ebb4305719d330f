"""Safety notes of a case, as whoever may write them adds, looks at again and ends them (SHARE-8). A school sees those it gave."""

from datetime import date
from typing import Any

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import HiddenField, RadioField, TextAreaField

from app.cases.queries import CaseHead, case_for, safety_notes_for
from app.cases.reading import can_read_safety
from app.cases.safety.actions import NOT_THERE, end_note, note_safety, review_note
from app.cases.safety.policy import can_note_safety
from app.cases.safety.queries import notes_of
from app.cases.safety.rules import KIND_WORDS, fault_of_fact, fault_of_review, mark_of
from app.core import clock
from app.core.errors import Conflict
from app.core.figures import the_figures
from app.core.web.answers import done, show
from app.core.web.forms import DayField, OnceForm
from app.core.web.guards import needs
from app.people.models import Kind
from app.written.places import case_address

LOGGED = "safety notes"
CHOICES = {kind.value: words for kind, words in KIND_WORDS.items()}


class SafetyForm(OnceForm):
    """What must be known of what, and when it is looked at again."""

    safety_kind = RadioField("What is it about?", choices=CHOICES, validate_choice=False)
    fact = TextAreaField("What must somebody know who knocks at the door?")
    review_by = DayField("When is it to be looked at again?")

    def is_in_order(self) -> bool:
        is_valid = self.validate()
        faults = fault_of_fact(self.safety_kind.data or "", self.fact.data or "")
        found = {"safety_kind": faults.get("kind"), "fact": faults.get("fact"), "review_by": _fault(self.review_by)}
        for field, fault in found.items():
            self[field].errors = self[field].errors or ([fault] if fault else [])
        return bool(is_valid and not any(found.values()))


class ReviewForm(OnceForm):
    """Which note is still true, and until when."""

    mark = HiddenField(default="")
    review_by = DayField("Look at it again on")

    def is_in_order(self) -> bool:
        is_valid, fault = self.validate(), _fault(self.review_by)
        self.review_by.errors = self.review_by.errors or ([fault] if fault else [])
        return bool(is_valid and not fault)


@needs(can_read_safety, on=case_for, log=LOGGED)
def safety(head: CaseHead) -> Response:
    """What is true, what is to be looked at again, and what was true once."""
    return _page(head)


@needs(can_note_safety, on=case_for)
def add(head: CaseHead) -> Response:
    form = SafetyForm(request.form)
    if not form.is_in_order():
        return _page(head, form, status=422)
    note_safety(head, form.safety_kind.data, form.fact.data, _day(form.review_by), by=g.actor)
    return done(f"The safety note was added. {_who_sees(head)}", _here(head))


@needs(can_note_safety, on=case_for, log=LOGGED)
def note(head: CaseHead) -> Response:
    """Is it still true? Asked of one note."""
    later = clock.add_months(clock.today(), the_figures().safety_months)
    return _note_page(head, ReviewForm(data={"mark": request.args.get("note", ""), "review_by": later}))


@needs(can_note_safety, on=case_for)
def review(head: CaseHead) -> Response:
    form = ReviewForm(request.form)
    if not form.is_in_order():
        return _note_page(head, form, status=422)
    review_note(head, form.mark.data or "", _day(form.review_by), by=g.actor)
    return done("Noted: it is still true.", _here(head))


@needs(can_note_safety, on=case_for)
def end(head: CaseHead) -> Response:
    """It warns nobody any more."""
    end_note(head, request.form.get("mark", ""), by=g.actor)
    return done("It is marked as true no more, and warns nobody any more. What was said is kept.", _here(head))


def _fault(field: DayField) -> str:
    return fault_of_review(field.data, clock.today())


def _day(field: DayField) -> date:
    """Of a form that is in order."""
    return field.data or clock.today()


def _who_sees(head: CaseHead) -> str:
    if g.actor.organisation_kind is Kind.SCHOOL:
        return f"{head.service_name or 'The service'} sees it on every page of the case."
    return f"It stands on every page of the case here; {head.school_name} does not see it."


def _here(head: CaseHead) -> str:
    return f"{case_address(head)}safety"


def _page(head: CaseHead, form: SafetyForm | None = None, *, status: int = 200) -> Response:
    later = clock.add_months(clock.today(), the_figures().safety_months)
    rows = [(row, mark_of(row)) for row in notes_of(g.actor, head.case_id)]
    return _show(
        head,
        "written/safety.html",
        status,
        notes=[each for each in rows if each[0].ended_at is None],
        ended=[row for row, _ in rows if row.ended_at],
        form=form or SafetyForm(data={"review_by": later}),
        can_note=can_note_safety(g.actor, head),
    )


def _note_page(head: CaseHead, form: ReviewForm, *, status: int = 200) -> Response:
    still = (row for row in notes_of(g.actor, head.case_id) if row.ended_at is None)
    if (row := next((row for row in still if mark_of(row) == form.mark.data), None)) is None:
        raise Conflict(NOT_THERE)
    return _show(head, "written/safety_note.html", status, row=row, form=form)


def _show(head: CaseHead, page: str, status: int, **values: Any) -> Response:
    """At a service the notes stand in the header too; at a school never (SHARE-8)."""
    at_service = g.actor.organisation_kind is Kind.SERVICE
    return show(
        page,
        status=status,
        case=head,
        header=f"{request.blueprint}/_case_header.html",
        here=_here(head),
        kinds=KIND_WORDS,
        safety_notes=safety_notes_for(g.actor, [head.case_id]).get(head.case_id, []) if at_service else [],
        **values,
    )
