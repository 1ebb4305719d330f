"""With which text a letter is written: the organisation's own that is in use, else ours; kept for ever (LET-6, LET-9)."""

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.cases.models import Case
from app.core import clock
from app.core.db import db
from app.core.errors import Conflict
from app.core.security import public_id
from app.letters.ladders import Step, step_of
from app.letters.making import make_letter
from app.letters.models import Letter
from app.letters.purposes import Purpose
from app.letters.wording import WordingRefused, wording_for
from app.letters.wordings.keeping import keep, written_with
from app.letters.wordings.models import KeptWording, LetterText
from app.letters.wordings.queries import own_texts, wording_of
from app.people.queries import Actor
from tests import make
from tests.letters.samples import facts

pytestmark = pytest.mark.usefixtures("clock")
FIRST = Step(Purpose.CA, 1, "First", 0, is_formal=False)


def content(said: str = "Kia ora {caregiver_name}.", **more: Any) -> str:
    blocks = [{"kind": "paragraph", "text": said}, {"kind": "law", "law": "privacy"}, {"kind": "signature"}]
    return json.dumps({"title": "A letter", "heading": "About {student_called}", "blocks": blocks, **more})


def text_in_use(
    by: Actor,
    said: str = "Kia ora {caregiver_name}.",
    language: str = "en",
    step: int = 1,
    *,
    is_formal: bool = False,
) -> LetterText:
    """Put to use as it is."""
    made = LetterText(
        public_id=public_id(),
        organisation_id=by.organisation_id,
        purpose=Purpose.CA,
        step=step,
        is_formal=is_formal,
        language=language,
        number=1,
        content=content(said),
        digest="0" * 64,
        made_at=clock.now(),
        made_by_id=by.person_id,
        used_at=clock.now(),
        used_by_id=by.person_id,
    )
    db.session.add(made)
    db.session.flush()
    return made


def said(by: Actor, languages: str = "en") -> list[str]:
    found = wording_of(by.organisation_id, FIRST, languages, clock.today())
    return [part.filled(facts()).blocks[0].text for part in found.parts]


def asked(of: make.World) -> Letter:
    case = make.open_case(of)
    return make.preview(of.ana, case, make.letter_ready(of, case))


def test_an_own_text_in_use_goes_before_ours_and_is_nobody_elses(world: make.World) -> None:
    assert said(world.ruth) == ["Tēnā koe Mere Parata"]
    text_in_use(world.ruth)
    assert said(world.ruth) == ["Kia ora Mere Parata."]
    assert said(world.tom) == ["Tēnā koe Mere Parata"]


def test_the_law_of_the_day_is_part_of_it(world: make.World) -> None:
    text_in_use(world.ruth)
    found = wording_of(world.ruth.organisation_id, FIRST, "en", clock.today())
    assert "Privacy Act 2020" in found.blocks[1].text


def test_a_draft_and_one_that_is_out_of_use_are_not_written_with(world: make.World) -> None:
    text_in_use(world.ruth).ended_at = clock.now()
    db.session.flush()
    assert said(world.ruth) == ["Tēnā koe Mere Parata"]


def test_one_letter_in_two_languages_and_none_where_there_is_no_text(world: make.World) -> None:
    text_in_use(world.ruth, "Talofa {caregiver_name}.", "sm")
    assert said(world.ruth, "sm") == ["Talofa Mere Parata."]
    assert said(world.ruth, "en+sm") == ["Tēnā koe Mere Parata", "Talofa Mere Parata."]
    assert said(world.ruth, "sm+en") == ["Talofa Mere Parata.", "Tēnā koe Mere Parata"]
    assert said(world.ruth, "to") == ["Tēnā koe Mere Parata"]
    assert own_texts(world.ruth.organisation_id, Purpose.CA).languages_of(FIRST) == ["en", "sm"]
    digests = {
        wording_of(world.ruth.organisation_id, FIRST, languages, clock.today()).digest
        for languages in ("en", "sm", "en+sm", "sm+en")
    }
    assert len(digests) == 4


def test_what_a_letter_was_written_with_is_kept_once_and_comes_back_the_same(world: make.World) -> None:
    text_in_use(world.ruth)
    text_in_use(world.ruth, "Talofa.", "sm")
    first = asked(world)
    keep(wording_of(first.organisation_id, FIRST, "en", clock.today()))
    found = written_with(first.wording, first.purpose, first.step, clock.today())
    assert found == wording_of(first.organisation_id, FIRST, "en", clock.today())
    assert len(db.session.scalars(select(KeptWording)).all()) == 1


def test_of_a_letter_from_before_ours_of_that_day_is_shown_if_it_is_still_the_same(world: make.World) -> None:
    today = clock.today()
    ours = wording_for(Purpose.CA, 1, today)
    assert written_with(ours.digest, Purpose.CA, 1, today) == ours
    assert written_with("0" * 64, Purpose.CA, 1, today) is None
    assert written_with("0" * 64, Purpose.HOLIDAY, 9, today) is None


def test_a_preview_whose_text_was_changed_meanwhile_is_not_made(world: make.World) -> None:
    letter = make.rendered(asked(world), by=world.ana)
    text_in_use(world.ruth)
    found = make.letter_now(world.ana, db.session.get_one(Case, letter.case_id), letter)
    with pytest.raises(Conflict, match="What the letter says has changed"):
        make_letter(found, by=world.ana)


@pytest.mark.parametrize("change", ["UPDATE letter_text SET content = 'x'", "DELETE FROM letter_text"])
def test_a_text_in_use_is_never_changed(world: make.World, change: str) -> None:
    text_in_use(world.ruth)
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.connection().exec_driver_sql(change)


def test_a_text_of_a_formal_warning_serves_no_other_letter_of_that_number(world: make.World) -> None:
    """LET-2: where another ladder has a reminder in the place of the warning, it is not written with the warning's words."""
    warning, reminder = Step(Purpose.CA, 3, "W", 10, is_formal=True), Step(Purpose.CA, 3, "R", 10, is_formal=False)
    today = clock.today()
    assert step_of(Purpose.CA, 3, today) == replace(warning, name="Formal warning")
    text_in_use(world.ruth, "A formal warning.", step=3, is_formal=True)
    text_in_use(world.ruth, "Lapataiga.", "sm", step=3, is_formal=True)
    texts = own_texts(world.ruth.organisation_id, Purpose.CA)
    assert texts.languages_of(warning) == ["en", "sm"]
    assert texts.languages_of(reminder) == ["en"]
    assert texts.best_for(reminder, "Samoan") == "en"
    for languages in ("en", "sm", "en+sm"):
        assert not texts.lacks(warning, languages, today)
        assert texts.lacks(reminder, languages, today)
        with pytest.raises(WordingRefused, match="not for such a letter"):
            texts.wording(reminder, languages, today)


def test_beside_an_own_text_in_another_language_ours_of_another_kind_is_not_printed(world: make.World) -> None:
    reminder = Step(Purpose.CA, 3, "Reminder", 10, is_formal=False)
    text_in_use(world.ruth, "Fa'amanatu.", "sm", step=3)
    texts, today = own_texts(world.ruth.organisation_id, Purpose.CA), clock.today()
    assert not texts.lacks(reminder, "sm", today)
    assert texts.lacks(reminder, "en+sm", today)
    text_in_use(world.ruth, "A reminder.", step=3)
    texts = own_texts(world.ruth.organisation_id, Purpose.CA)
    assert not texts.lacks(reminder, "en+sm", today)
    both = texts.wording(reminder, "en+sm", today)
    assert [part.blocks[0].text for part in both.parts] == ["A reminder.", "Fa'amanatu."]
    ours = texts.wording(replace(reminder, is_formal=True), "en+sm", today)
    assert ours == wording_for(Purpose.CA, 3, today)
