"""A student's letters: which is due to each caregiver, and whether it is ready (L1, L3, L4, L10)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import g, request
from werkzeug.wrappers import Response

from app.core import clock
from app.core.db import AnyRow
from app.core.errors import Refused
from app.core.web.answers import done
from app.core.web.guards import needs
from app.letters.rules import HOLD_WORDS, came_back_of, sending_of
from app.letters.school.dossiers import SchoolAddressee, SchoolDossier, addressee_for, dossiers_of
from app.letters.school.finding import letters_to_former
from app.letters.school.making import preview_letter
from app.letters.school.naming import in_brief
from app.letters.school.policy import can_except, can_record, can_see_letters, can_write_letters
from app.letters.school.queries import OnRoll, student_for
from app.letters.school.readiness import SchoolReadiness, readiness
from app.portal.blueprint import bp
from app.portal.letters.places import LETTERS, letters_address, remedies, show_student
from app.written.letters.said import holds_in_force, told
from app.written.wordings.languages import LanguagesForm

TO, HOLIDAY_TO = f"{LETTERS}/to/<caregiver>", f"{LETTERS}/holidays/<holiday>/to/<caregiver>"


@dataclass(frozen=True)
class Standing:
    """One caregiver: what is on record, and which letter is due to them; and about each holiday."""

    dossier: SchoolDossier
    ready: SchoolReadiness
    holidays: Sequence[tuple[AnyRow, SchoolReadiness]]


@bp.get(f"{LETTERS}/")
@needs(can_see_letters, on=student_for, log="school letters")
def student_letters(head: OnRoll) -> Response:
    """Caregiver by caregiver; what holds letters back; holidays."""
    dossiers = [replace(each, writer=in_brief(g.actor)) for each in dossiers_of(head)]
    return show_student(
        "portal/letters/letters.html",
        head=head,
        standings=[_standing(each) for each in dossiers],
        holds=holds_in_force(dossiers),
        former=letters_to_former(head),
        holidays=dossiers[0].holidays if dossiers else (),
        hold_words=HOLD_WORDS,
        today=clock.today(),
        sending_of=sending_of,
        came_back_of=came_back_of,
        can_write=can_write_letters(g.actor, head),
        can_record=can_record(g.actor, head),
        can_rule=can_except(g.actor, head),
    )


@bp.get(TO)
@needs(can_see_letters, on=addressee_for, log="school letters")
def school_letter_to(found: SchoolAddressee) -> Response:
    return _ready_page(found, LanguagesForm())


@bp.post(TO)
@needs(can_write_letters, on=addressee_for)
def preview_school_letter(found: SchoolAddressee) -> Response:
    return _preview(found)


@bp.get(HOLIDAY_TO)
@needs(can_see_letters, on=addressee_for, log="school letters")
def holiday_letter_to(found: SchoolAddressee) -> Response:
    return _ready_page(found, LanguagesForm())


@bp.post(HOLIDAY_TO)
@needs(can_write_letters, on=addressee_for)
def preview_holiday_letter(found: SchoolAddressee) -> Response:
    return _preview(found)


def _preview(found: SchoolAddressee) -> Response:
    """The facts are frozen as they are now; the worker makes the picture."""
    form = LanguagesForm(request.form)
    if not form.validate():
        return _ready_page(found, form, status=422)
    try:
        letter = preview_letter(found.dossier, by=g.actor, languages=form.wanted)
    except Refused as refused:
        form.form_errors.append(refused.why)
        return _ready_page(found, form, status=422)
    return done("", f"{letters_address(found.head)}{letter.public_id}")


def _ready_page(found: SchoolAddressee, form: LanguagesForm, *, status: int = 200) -> Response:
    dossier = found.dossier
    ready = readiness(dossier, clock.today(), form.wanted)
    form.offer(dossier, ready)
    step = ready.position.step
    return show_student(
        "written/letters/ready.html",
        head=found.head,
        status=status,
        form=form,
        what="Letter on a holiday" if dossier.holiday else f"Letter {step.number}" if step else "Letters",
        caregiver=dossier.caregiver,
        ready=ready,
        facts=told(ready.facts),
        weeks=ready.facts.weeks,
        remedies=remedies(found.head, dossier.caregiver),
        can_write=can_write_letters(g.actor, found),
    )


def _standing(dossier: SchoolDossier) -> Standing:
    today = clock.today()
    about = [(away, readiness(dossier.about(away), today)) for away in dossier.holidays]
    return Standing(dossier, readiness(dossier, today), about)
