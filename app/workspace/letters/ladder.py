"""The letters of a case: where each caregiver stands, and whether the next letter to one of them is ready (L1, L3, L4)."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, request
from werkzeug.wrappers import Response

from app.cases.queries import CaseHead, case_for
from app.core import clock
from app.core.db import AnyRow
from app.core.errors import Refused
from app.core.web.answers import done
from app.core.web.guards import needs
from app.letters.dossiers import Addressee, Dossier, addressee_for, dossiers_of
from app.letters.exceptions.policy import can_rule
from app.letters.listing import letters_about
from app.letters.making import preview_letter
from app.letters.many import with_spoken
from app.letters.policy import can_see_letters, can_write_letters
from app.letters.readiness import Readiness, readiness
from app.letters.rules import HOLD_WORDS, came_back_of, sending_of
from app.workspace.blueprint import bp
from app.workspace.letters.places import LETTERS, address_of, remedies, show_letters, spoken_at
from app.written.letters.said import holds_in_force, told
from app.written.wordings.languages import LanguagesForm


@dataclass(frozen=True)
class Standing:
    """One caregiver: what is on record, and where they stand on the ladder today."""

    dossier: Dossier
    ready: Readiness


@bp.get(f"{LETTERS}/")
@needs(can_see_letters, on=case_for, log="letters")
def letters(head: CaseHead) -> Response:
    """Caregiver by caregiver; letters to those who are named no more, which stay (LET-6); and what holds letters back."""
    written = letters_about(head)
    dossiers = dossiers_of(head, written.made)
    return show_letters(
        "workspace/letters/letters.html",
        head=head,
        standings=[Standing(each, readiness(each, clock.today())) for each in dossiers],
        former=[letter for letter in written.made if letter.ended_at],
        holds=holds_in_force(dossiers),
        hold_words=HOLD_WORDS,
        sending_of=sending_of,
        came_back_of=came_back_of,
        waiting=by_caregiver(written.to_sign),
        of_schools=written.of_schools,
        can_write=can_write_letters(g.actor, head),
        can_rule=can_rule(g.actor, head),
        goes_by=dossiers[0].goes_by if dossiers else None,
        is_behind=bool(dossiers) and dossiers[0].goes_by.is_behind(clock.today()),
    )


@bp.get(f"{LETTERS}/to/<caregiver>")
@needs(can_see_letters, on=addressee_for, log="letters")
def letter_to(found: Addressee) -> Response:
    return _ready_page(found, LanguagesForm())


@bp.post(f"{LETTERS}/to/<caregiver>")
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
    can_write = can_write_letters(g.actor, head)
    return show_letters(
        "written/letters/ready.html",
        status=status,
        head=head,
        form=form,
        what=f"Letter {ready.position.step.number}" if ready.position.step else "Letters",
        caregiver=dossier.caregiver,
        ready=ready,
        facts=told(ready.facts),
        weeks=ready.facts.weeks,
        remedies=remedies(head, dossier.caregiver) | spoken_at(dossier) if can_write else {},
        can_write=can_write,
    )


def by_caregiver(rows: Sequence[AnyRow]) -> dict[int, list[AnyRow]]:
    found: dict[int, list[AnyRow]] = {}
    for row in rows:
        found.setdefault(row.caregiver_id, []).append(row)
    return found
