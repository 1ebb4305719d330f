"""A school's letters held back until a day, and let go again (LET-4)."""

from flask import g, request
from werkzeug.wrappers import Response

from app.core.errors import Refused
from app.core.web.answers import done
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.letters.holds import HoldReason
from app.letters.school.actions import end_hold, hold_letters
from app.letters.school.finding import SchoolHold, hold_for
from app.letters.school.naming import KnownCaregiver, known, named_by_school
from app.letters.school.policy import can_write_letters
from app.letters.school.queries import OnRoll, student_for
from app.portal.blueprint import bp
from app.portal.letters.places import LETTERS, letters_address, show_student
from app.written.letter_forms import HoldForm
from app.written.letters.said import ALL


@bp.get(f"{LETTERS}/holds/new")
@needs(can_write_letters, on=student_for, log="school letters")
def new_school_hold(head: OnRoll) -> Response:
    return _page(head, HoldForm(data={"whom": ALL}))


@bp.post(f"{LETTERS}/holds/new")
@needs(can_write_letters, on=student_for)
def add_school_hold(head: OnRoll) -> Response:
    form = HoldForm(request.form)
    people = _people(head)
    is_valid = form.validate()
    if form.whom.data not in {ALL, *people}:
        form.whom.errors = ["Choose whose letters wait"]
        is_valid = False
    if not is_valid or form.until_on.data is None:
        return _page(head, form, status=422)
    whom = people.get(form.whom.data or "")
    why, reason = (form.why.data or "").strip(), HoldReason(form.hold_reason.data)
    try:
        hold_letters(
            head, reason, until_on=form.until_on.data, why=why, caregiver_id=whom.id if whom else None, by=g.actor
        )
    except Refused as refused:
        form.until_on.errors = [refused.why]
        return _page(head, form, status=422)
    return done("Letters wait now. End the hold here when it no longer holds.", letters_address(head))


@bp.post(f"{LETTERS}/holds/<hold>/ending")
@needs(can_write_letters, on=hold_for)
def set_school_hold_end(found: SchoolHold) -> Response:
    form = OnceForm(request.form)
    if form.validate():
        end_hold(found, by=g.actor)
    return done("The hold has ended: letters can be written again.", letters_address(found.head))


def _people(head: OnRoll) -> dict[str, KnownCaregiver]:
    return {row.Caregiver.public_id: known(row) for row in named_by_school(head.student_id, head.school_id)}


def _page(head: OnRoll, form: HoldForm, *, status: int = 200) -> Response:
    names = {public_id: f"{each.name} ({each.relationship})" for public_id, each in _people(head).items()}
    form.whom.choices = {ALL: "Everybody’s: no letters at all", **names}
    return show_student("written/letters/hold.html", head=head, status=status, form=form)
