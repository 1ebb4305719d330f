"""Letters held back until a day, and let go again (LET-4)."""

from flask import g, request
from werkzeug.wrappers import Response

from app.cases.queries import CaseHead, case_for
from app.core.errors import Refused
from app.core.web.answers import done
from app.core.web.guards import needs
from app.letters.actions import end_hold, hold_letters
from app.letters.holds import HoldReason
from app.letters.policy import can_write_letters
from app.letters.queries import HoldOfCase, hold_for
from app.students.models import Caregiver
from app.students.queries import caregivers_of
from app.workspace.blueprint import bp
from app.workspace.letters.places import LETTERS, address_of, show_letters
from app.written.letter_forms import HoldForm
from app.written.letters.said import ALL


@bp.get(f"{LETTERS}/holds/new")
@needs(can_write_letters, on=case_for, log="letters")
def new_hold(head: CaseHead) -> Response:
    return _page(head, HoldForm(data={"whom": ALL}))


@bp.post(f"{LETTERS}/holds/new")
@needs(can_write_letters, on=case_for)
def add_hold(head: CaseHead) -> Response:
    form = HoldForm(request.form)
    people = _people(head)
    is_valid = form.validate()
    if form.whom.data not in {ALL, *people}:
        form.whom.errors = ["Choose whose letters wait"]
        is_valid = False
    if not is_valid or form.until_on.data is None:
        return _page(head, form, status=422)
    whom = people.get(form.whom.data or "")
    try:
        hold_letters(
            head,
            HoldReason(form.hold_reason.data),
            until_on=form.until_on.data,
            why=(form.why.data or "").strip(),
            caregiver_id=whom.id if whom else None,
            by=g.actor,
        )
    except Refused as refused:
        form.until_on.errors = [refused.why]
        return _page(head, form, status=422)
    return done("Letters wait now. End the hold here when it no longer holds.", address_of(head))


@bp.post(f"{LETTERS}/holds/<public_id>/ending")
@needs(can_write_letters, on=hold_for)
def set_hold_end(found: HoldOfCase) -> Response:
    end_hold(found, by=g.actor)
    return done("The hold has ended: letters can be written again.", address_of(found.head))


def _people(head: CaseHead) -> dict[str, Caregiver]:
    return {caregiver.public_id: caregiver for caregiver in caregivers_of(head.student_id)}


def _page(head: CaseHead, form: HoldForm, *, status: int = 200) -> Response:
    names = {public_id: f"{each.name} ({each.relationship})" for public_id, each in _people(head).items()}
    form.whom.choices = {ALL: "Everybody’s: no letters at all", **names}
    return show_letters("written/letters/hold.html", status=status, head=head, form=form)
