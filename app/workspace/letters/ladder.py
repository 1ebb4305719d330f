"""The letters of a case: where each caregiver stands, and whether the next letter to one of them is ready (L1, L3, L4)."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, request
from werkzeug.wrappers import Response

from app.cases.policy import can_assign
from app.cases.queries import CaseHead, case_for
from app.core import clock
from app.core.db import AnyRow
from app.core.errors import Refused
from app.core.web.answers import done
from app.core.web.guards import needs
from app.letters.dossiers import Addressee, Dossier, addressee_for, dossiers_of
from app.letters.exceptions.policy import can_rule
from app.letters.facts import LABELS, Fact, Facts
from app.letters.making import preview_letter
from app.letters.many import with_spoken
from app.letters.points import Place
from app.letters.policy import can_see_letters, can_write_letters
from app.letters.queries import letters_of
from app.letters.readiness import Readiness, readiness
from app.letters.rules import HOLD_WORDS, came_back_of, sending_of
from app.letters.school.finding import letters_of_schools
from app.letters.signing.queries import to_sign_of
from app.people.models import Role
from app.students.models import Caregiver
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case
from app.written.wordings.languages import LanguagesForm

ALL = "everybody"


@dataclass(frozen=True)
class Standing:
    """One caregiver: what is on record, and where they stand on the ladder today."""

    dossier: Dossier
    ready: Readiness


@bp.get("/cases/<number>/letters/")
@needs(can_see_letters, on=case_for, log="letters")
def letters(head: CaseHead) -> Response:
    """Caregiver by caregiver; letters to those who are named no more, which stay (LET-6); and what holds letters back."""
    written = letters_of(head)
    dossiers = dossiers_of(head, written)
    return show_case(
        "workspace/letters/letters.html",
        head=head,
        standings=[Standing(each, readiness(each, clock.today())) for each in dossiers],
        former=[letter for letter in written if letter.ended_at],
        holds=_holds(dossiers),
        hold_words=HOLD_WORDS,
        sending_of=sending_of,
        came_back_of=came_back_of,
        waiting=by_caregiver(to_sign_of(head)),
        of_schools=letters_of_schools(head),
        can_write=can_write_letters(g.actor, head),
        can_rule=can_rule(g.actor, head),
        goes_by=dossiers[0].goes_by if dossiers else None,
        is_behind=bool(dossiers) and dossiers[0].goes_by.is_behind(clock.today()),
    )


@bp.get("/cases/<number>/letters/to/<caregiver>")
@needs(can_see_letters, on=addressee_for, log="letters")
def letter_to(found: Addressee) -> Response:
    return _ready_page(found, LanguagesForm())


@bp.post("/cases/<number>/letters/to/<caregiver>")
@needs(can_write_letters, on=addressee_for)
def preview(found: Addressee) -> Response:
    """The facts are frozen as they are now; the worker makes the picture."""
    form = LanguagesForm(request.form)
    if not form.validate():
        return _ready_page(found, form, status=422)
    try:
        letter = preview_letter(found.dossier, by=g.actor, languages=form.wanted)
    except Refused as refused:
        form.form_errors.append(refused.why)
        return _ready_page(found, form, status=422)
    return done("", f"{address_of(found.head)}{letter.public_id}")


def _ready_page(found: Addressee, form: LanguagesForm, *, status: int = 200) -> Response:
    head, dossier = found.head, with_spoken(found.dossier, g.actor)
    ready = readiness(dossier, clock.today(), form.wanted)
    form.offer(dossier, ready)
    return show_case(
        "workspace/letters/ready.html",
        status=status,
        head=head,
        form=form,
        caregiver=dossier.caregiver,
        ready=ready,
        facts=told(ready.facts),
        weeks=ready.facts.weeks,
        remedies=remedies(head, dossier.caregiver) | spoken_at(dossier),
        can_write=can_write_letters(g.actor, head),
    )


def spoken_at(dossier: Dossier) -> dict[Place, str]:
    """Where it is read what was spoken with the whānau just now."""
    at = f"/workspace/cases/{dossier.case.number}/meetings/"
    return {Place.SPOKEN: f"{at}{dossier.spoken[0].public_id}"} if dossier.spoken else {}


def remedies(head: CaseHead, caregiver: Caregiver) -> dict[Place, str]:
    """Where this person can mend what is in the way."""
    case = f"/workspace/cases/{head.number}"
    places = {
        Place.CAREGIVER: f"{case}/caregivers/{caregiver.public_id}",
        Place.ATTENDANCE: f"{case}/attendance",
        Place.LAST_DAY: f"{case}/last-day",
        Place.STUDENT: f"{case}/student",
        Place.HOLDS: f"{case}/letters/#holds",
    }
    if can_assign(g.actor, head):
        places[Place.ASSIGNMENT] = f"{case}/assignment"
    if g.actor.role is Role.WORKFLOW_LEAD:
        places[Place.LETTERHEAD] = "/workspace/settings/letterhead"
        places[Place.WORDING] = "/workspace/settings/letters/"
    return places


def by_caregiver(rows: Sequence[AnyRow]) -> dict[int, list[AnyRow]]:
    found: dict[int, list[AnyRow]] = {}
    for row in rows:
        found.setdefault(row.caregiver_id, []).append(row)
    return found


def _holds(dossiers: Sequence[Dossier]) -> list[tuple[AnyRow, str]]:
    """What is in force, once each, and whom it is about."""
    names = {each.caregiver.id: each.caregiver.name for each in dossiers}
    holds = {hold.id: hold for each in dossiers for hold in each.holds}
    return [(hold, names.get(hold.caregiver_id, ALL)) for _, hold in sorted(holds.items())]


def told(facts: Facts) -> list[tuple[str, Fact]]:
    """Every fact by its label, in the order of the letter."""
    return [(LABELS[name], facts.by_name[name]) for name in LABELS if name in facts.by_name]


def address_of(head: CaseHead) -> str:
    return f"/workspace/cases/{head.number}/letters/"
