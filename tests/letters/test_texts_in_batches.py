"""A text that would leave a letter blank is written with nowhere, also one that was put to use before that was asked; and no
batch is made with another text than it was looked through with (LET-5, LET-8, L6)."""

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from time_machine import Traveller

from app.core import clock
from app.core.db import db
from app.core.errors import Refused
from app.core.pdf.press import Press
from app.core.security import public_id
from app.letters.batches import actions
from app.letters.batches.models import LineState
from app.letters.batches.queries import Found
from app.letters.batches.rules import OTHER_TEXT
from app.letters.carrying import carry_on, make_due
from app.letters.dossiers import dossier_of
from app.letters.making import NOT_READY, preview_letter
from app.letters.purposes import Purpose
from app.letters.readiness import readiness
from app.letters.rendering import render_due
from app.letters.wordings.models import LetterText
from app.people.queries import Actor
from app.students.models import Caregiver
from tests import make
from tests.letters.test_batches import begun, chosen, letters, lines, ready_case, several

STATED = "Away for {days_absent} from {period_from} to {period_to}, as known on {as_of}."
WHOLE = [{"kind": "paragraph", "text": STATED}, {"kind": "signature"}]
BLANK = [{**block, "when": "is_after_letter"} for block in WHOLE]
SAID = (
    "The text of this letter has a fault. Block 2 (signature) is not in every letter: some would have no signature. "
    "Print it “Always”."
)


@pytest.fixture(autouse=True)
def with_press(app: Flask, press: Press) -> None:
    app.extensions["press"] = press


@pytest.fixture
def world(clock: Traveller, own_world: make.World) -> make.World:
    db.session.commit()
    return own_world


def put_to_use(blocks: list[dict[str, Any]], *, by: Actor, language: str = "en") -> LetterText:
    """As texts were put to use before anybody asked what their conditions leave out."""
    made = LetterText(
        public_id=public_id(),
        organisation_id=by.organisation_id,
        purpose=Purpose.CA,
        step=1,
        language=language,
        number=1,
        content=json.dumps({"title": "A letter", "heading": "Kia ora", "blocks": blocks}),
        digest="0" * 64,
        made_at=clock.now(),
        made_by_id=by.person_id,
        used_at=clock.now(),
        used_by_id=by.person_id,
    )
    db.session.add(made)
    db.session.commit()
    return made


def end(text: LetterText, *, by: Actor) -> None:
    ended = update(LetterText).where(LetterText.id == text.id)
    db.session.execute(ended.values(ended_at=clock.now(), ended_by_id=by.person_id))
    db.session.commit()


def why(found: Found) -> list[tuple[LineState, str]]:
    return [(line.state, line.skipped_why) for line in lines(found)]


def test_a_letter_whose_text_would_be_blank_is_not_ready_and_says_which_block(world: make.World) -> None:
    case, caregiver = ready_case(world, 0)
    put_to_use(BLANK, by=world.ruth)
    dossier = dossier_of(make.head(world.ana, case), caregiver.id)
    ready = readiness(dossier, clock.today())
    assert not ready.is_ready
    assert SAID in [point.words for point in ready.points if not point.is_met]
    with pytest.raises(Refused, match=NOT_READY):
        preview_letter(dossier, by=world.ana)


def test_nor_is_its_line_in_a_batch(world: make.World) -> None:
    several(world, 2)
    put_to_use(BLANK, by=world.ruth)
    assert why(chosen(world.ana)) == [(LineState.NOT_READY, SAID)] * 2


@pytest.mark.parametrize("blocks", [WHOLE, BLANK], ids=["whole", "blank"])
def test_what_was_looked_through_with_another_text_is_left_out(
    world: make.World, clock: Traveller, blocks: list[dict[str, Any]]
) -> None:
    several(world, 2)
    found = chosen(world.ana)
    clock.shift(60)
    put_to_use(blocks, by=world.ruth)
    actions.begin(found, by=world.ana)
    db.session.commit()
    make_due()
    assert why(found) == [(LineState.LEFT_OUT, OTHER_TEXT if blocks is WHOLE else SAID)] * 2
    assert not letters(found)


def test_looked_at_again_they_are_made_with_the_new_text(world: make.World, clock: Traveller) -> None:
    several(world, 2)
    found = chosen(world.ana)
    clock.shift(60)
    text = put_to_use(WHOLE, by=world.ruth)
    clock.shift(60)
    actions.look_again(found, by=world.ana)
    actions.begin(found, by=world.ana)
    db.session.commit()
    make_due()
    assert [letter.made_at is not None for letter in letters(found)] == [True, True]
    end(text, by=world.ruth)


def test_going_back_to_ours_is_another_text_too(world: make.World, clock: Traveller) -> None:
    several(world, 1)
    text = put_to_use(WHOLE, by=world.ruth)
    clock.shift(60)
    found = chosen(world.ana)
    clock.shift(60)
    end(text, by=world.ruth)
    actions.begin(found, by=world.ana)
    db.session.commit()
    make_due()
    assert why(found) == [(LineState.LEFT_OUT, OTHER_TEXT)]


def test_a_text_in_a_language_that_nobody_of_them_has_changes_nothing(world: make.World, clock: Traveller) -> None:
    (_, first), _ = several(world, 2)
    samoan = update(Caregiver).where(Caregiver.id == first.id)
    db.session.execute(samoan.values(language="Samoan"))
    db.session.commit()
    found = chosen(world.ana)
    clock.shift(60)
    put_to_use(WHOLE, by=world.ruth, language="sm")
    actions.begin(found, by=world.ana)
    db.session.commit()
    make_due()
    left = {line.caregiver_id for line in lines(found) if line.state is LineState.LEFT_OUT}
    assert left == {first.id}
    assert len(letters(found)) == 1


def test_changed_after_it_was_begun_it_is_left_out_too(world: make.World) -> None:
    several(world, 1)
    found = begun(world.ana)
    assert carry_on()
    render_due()
    put_to_use(WHOLE, by=world.ruth)
    make_due()
    assert why(found) == [(LineState.LEFT_OUT, OTHER_TEXT)]
