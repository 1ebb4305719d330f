"""Whose sibling the student of a case is, as the service knows (P6); nothing of a sibling’s caregivers goes with it."""

from typing import Any

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import RadioField, StringField

from app.cases import policy
from app.cases.queries import CaseHead, case_for
from app.cases.search.queries import MOST, cases_found
from app.cases.search.rules import Sought, sought
from app.cases.student.actions import end_sibling, link_sibling
from app.cases.student.queries import SiblingOfCase, sibling_for
from app.cases.student.rules import fault_of_source
from app.core.db import AnyRow
from app.core.errors import Refused
from app.core.text import one_line
from app.core.web.answers import done
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case

LOGGED, LONGEST = "student", 160


class SiblingForm(OnceForm):
    """Which student, by a case that this person may know of, and who said so."""

    case = RadioField("Whose sibling?", validate_choice=False)
    source = StringField("Who said so?")


@bp.get("/cases/<number>/student/siblings")
@needs(policy.can_change, on=case_for, log=LOGGED)
def siblings(head: CaseHead) -> Response:
    """A sibling is looked for by name or case number first."""
    return _page(head, SiblingForm())


@bp.post("/cases/<number>/student/siblings")
@needs(policy.can_change, on=case_for)
def add_sibling(head: CaseHead) -> Response:
    form = SiblingForm(request.form)
    is_valid, source = form.validate(), one_line(form.source.data)
    other = next(iter(cases_found(g.actor, Sought(number=form.case.data or "")).cases), None)
    faults = {"case": "" if other else "Choose the student from the list", "source": fault_of_source(source)}
    for field, fault in faults.items():
        form[field].errors = form[field].errors or ([fault] if fault else [])
    if not is_valid or any(faults.values()) or other is None:
        return _page(head, form, status=422)
    try:
        is_new = link_sibling(head, other.student_id, source, by=g.actor)
    except Refused as refused:
        form.form_errors.append(refused.why)
        return _page(head, form, status=422)
    said = "are linked as siblings" if is_new else "were linked as siblings already"
    return done(f"{head.student_name} and {_name(other)} {said}.", _student(head))


@bp.post("/cases/<number>/student/siblings/<public_id>/ending")
@needs(policy.can_change, on=sibling_for)
def end_siblings(found: SiblingOfCase) -> Response:
    """It was a mistake; that it was recorded is kept."""
    is_new = end_sibling(found.head, found.sibling, by=g.actor)
    said = "are not linked any more" if is_new else "were not linked any more already"
    return done(f"The two {said}.", _student(found.head))


def _page(head: CaseHead, form: SiblingForm, *, status: int = 200) -> Response:
    typed = request.values.get("q", "").strip()[:LONGEST]
    found = cases_found(g.actor, sought(typed))
    others: dict[int, AnyRow] = {}
    for row in found.cases:
        if row.student_id != head.student_id:
            others.setdefault(row.student_id, row)
    form.case.choices = {row.number: f"{_name(row)}, {row.number}" for row in others.values()}
    values: dict[str, Any] = {"form": form, "sought": typed, "others": others, "has_more": found.has_more, "most": MOST}
    return show_case("workspace/siblings.html", head=head, status=status, longest=LONGEST, **values)


def _name(row: AnyRow) -> str:
    return str(row.preferred_name or row.legal_name)


def _student(head: CaseHead) -> str:
    return f"/workspace/cases/{head.number}/student"
