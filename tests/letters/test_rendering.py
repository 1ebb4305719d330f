"""The worker makes a letter once: whatever dies, hangs, fails or changes on the way."""

import io
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import IO

import pikepdf
import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select
from time_machine import Traveller

from app import rounds
from app.cases.models import Case
from app.core.db import db
from app.core.files.store import Store, the_store
from app.core.files.stored import Scan, StoredFile
from app.core.files.sweeping import sweep
from app.core.pdf.press import SECONDS, Press, PressFailed, Rendered
from app.figures import Figures
from app.letters import claiming
from app.letters.claiming import LEASE, LOST, MOST_ATTEMPTS
from app.letters.making import make_letter, try_again
from app.letters.models import Letter, LetterPage
from app.letters.rendering import NO_LOGO, NOT_KEPT, OTHER_LOGO, OTHER_TEXT, STORE_AWAY, forget_previews, render_due
from app.letters.wordings.keeping import keep
from app.letters.wordings.queries import wording_of
from tests import make
from tests.letters.samples import Paper
from tests.letters.test_own_texts import FIRST, text_in_use

Meanwhile = Callable[[], object]


class Interrupted(Press):
    """The real press; `meanwhile` happens each time a letter has come to it."""

    def __init__(self, press: Press, meanwhile: Meanwhile) -> None:
        super().__init__()
        self._press, self._meanwhile = press, meanwhile

    def render(self, html: str, css: str, assets: Mapping[str, bytes], *, pictures: bool) -> Rendered:
        self._meanwhile()
        return self._press.render(html, css, assets, pictures=pictures)


@pytest.fixture(autouse=True)
def with_press(app: Flask, press: Press) -> None:
    app.extensions["press"] = press


@pytest.fixture
def meanwhile(app: Flask, press: Press) -> Callable[[Meanwhile], None]:
    def happens(what: Meanwhile) -> None:
        app.extensions["press"] = Interrupted(press, what)

    return happens


@pytest.fixture
def letter(clock: Traveller, own_world: make.World) -> Letter:
    """A preview that was asked for."""
    return asked(own_world)


def asked(world: make.World, pupil: str = "whanau") -> Letter:
    case = make.submitted(world.priya, getattr(world, pupil), contact=world.tom)
    case = make.assigned(case, to=world.ana, by=world.ruth)
    made = make.preview(world.ana, case, make.letter_ready(world, case))
    db.session.commit()
    return made


def case_of(letter: Letter) -> Case:
    return db.session.get_one(Case, letter.case_id)


def files() -> int:
    return db.session.scalar(select(func.count()).select_from(StoredFile)) or 0


def objects() -> int:
    return sum(len(some) for some in the_store().listing())


def let_objects_age(folder: Path) -> None:
    """Their times are the disk's, not the clock's."""
    for file in (each for each in folder.rglob("*") if each.is_file()):
        os.utime(file, (0, 0))


def pdf_of(letter: Letter) -> bytes:
    return b"".join(the_store().read(db.session.get_one(StoredFile, letter.file_id).key))


def died() -> None:
    raise SystemExit


def lost() -> None:
    raise PressFailed("The program broke off.", "", may_pass=True)


def test_a_letter_is_made_and_kept_with_its_pages(letter: Letter) -> None:
    assert render_due() == 1
    assert render_due() == 0
    file = db.session.get_one(StoredFile, letter.file_id)
    number = json.loads(letter.facts)["facts"]["case_number"]["text"]
    assert (letter.fault, letter.next_try_at, letter.attempts) == ("", None, 1)
    assert (file.name, file.media, file.scan) == (f"{number} letter 1.pdf", "application/pdf", Scan.NOT_SCANNED)
    assert (file.by_id, file.organisation_id) == (letter.asked_by_id, letter.organisation_id)
    assert file.kept_sha256 == file.arrived_sha256 == sha256(pdf_of(letter)).hexdigest()
    with pikepdf.open(io.BytesIO(pdf_of(letter))) as document:
        assert len(document.pages) == letter.page_count
    assert {"Waharoa", "Window", "WeasyPrint", "Pango", "fonts"} <= json.loads(letter.versions).keys()
    pages = db.session.scalars(select(LetterPage).order_by(LetterPage.number)).all()
    assert [page.number for page in pages] == [number + 1 for number in range(letter.page_count or 0)]
    for page in pages:
        with Image.open(io.BytesIO(page.png)) as picture:
            assert picture.size == (page.width, page.height)


def test_the_same_facts_have_the_same_bytes(letter: Letter) -> None:
    again = Letter(
        **{column.name: getattr(letter, column.name) for column in Letter.__table__.columns if column.name != "id"}
    )
    again.public_id = "another"
    db.session.add(again)
    db.session.commit()
    assert render_due() == 2
    assert letter.file_id != again.file_id
    assert pdf_of(letter) == pdf_of(again)


def test_what_was_looked_at_is_what_is_made(own_world: make.World, letter: Letter) -> None:
    render_due()
    before = (letter.file_id, pdf_of(letter))
    case = case_of(letter)
    make_letter(make.letter_now(own_world.ana, case, letter), by=own_world.ana)
    db.session.commit()
    assert render_due() == 0
    assert (letter.file_id, pdf_of(letter)) == before


def test_a_letter_follows_the_window_and_one_that_was_looked_at_stays(
    app: Flask, own_world: make.World, letter: Letter
) -> None:
    render_due()
    before = pdf_of(letter)
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, figures=Figures(window_top_mm=50, window_width_mm=90))
    other = asked(own_world, "ng")
    make_letter(make.letter_now(own_world.ana, case_of(letter), letter), by=own_world.ana)
    db.session.commit()
    render_due()
    assert window_of_letter(letter) == "85 × 30 mm at 20 mm from the left and 45 mm from the top"
    assert window_of_letter(other) == "90 × 30 mm at 20 mm from the left and 50 mm from the top"
    assert pdf_of(letter) == before
    app.extensions["settings"] = settings


def window_of_letter(letter: Letter) -> str:
    return str(json.loads(letter.versions)["Window"])


def test_nothing_is_set_or_kept_within_a_transaction(
    letter: Letter, meanwhile: Callable[[Meanwhile], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    really = Store.put

    def put(store: Store, file: IO[bytes]) -> str:
        seen.append(db.session.in_transaction())
        return really(store, file)

    meanwhile(lambda: seen.append(db.session.in_transaction()))
    monkeypatch.setattr(Store, "put", put)
    render_due()
    assert seen == [False, False]
    assert letter.rendered_at


def test_the_oldest_comes_first(
    clock: Traveller, own_world: make.World, meanwhile: Callable[[Meanwhile], None]
) -> None:
    first = asked(own_world)
    clock.shift(timedelta(seconds=1))
    second = asked(own_world, "ng")
    order: list[list[int]] = []

    def note_who_waits() -> None:
        order.append(list(db.session.scalars(select(Letter.id).where(Letter.attempts == 0))))
        db.session.rollback()

    meanwhile(note_who_waits)
    assert render_due() == 2
    assert order == [[second.id], []]
    assert first.rendered_at
    assert second.rendered_at


def test_a_letter_with_a_logo_has_it(own_world: make.World, app: Flask) -> None:
    case = make.open_case(own_world)
    to = make.letter_ready(own_world, case)
    without = make.preview(own_world.ana, case, to)
    make.logo(by=own_world.ruth)
    letter = make.preview(own_world.ana, case, to)
    db.session.commit()
    assert render_due() == 2
    assert b"/Subtype /Image" not in pdf_of(without)
    assert b"/Subtype /Image" in pdf_of(letter)


def test_a_logo_that_is_lost_is_told(own_world: make.World) -> None:
    case = make.open_case(own_world)
    make.logo(by=own_world.ruth)
    letter = make.preview(own_world.ana, case, make.letter_ready(own_world, case))
    db.session.commit()
    the_store().delete(db.session.scalars(select(StoredFile.key)).one())
    render_due()
    assert letter.fault == NO_LOGO


def test_a_logo_that_was_changed_meanwhile_is_told(own_world: make.World) -> None:
    case = make.open_case(own_world)
    make.logo(by=own_world.ruth)
    letter = make.preview(own_world.ana, case, make.letter_ready(own_world, case))
    letter.facts = letter.facts.replace(json.loads(letter.facts)["logo"], "0" * 64)
    db.session.commit()
    render_due()
    assert (letter.fault, letter.next_try_at, letter.file_id) == (OTHER_LOGO, None, None)


def test_a_text_that_was_changed_meanwhile_is_told(letter: Letter) -> None:
    letter.wording = "0" * 64
    db.session.commit()
    assert render_due() == 1
    assert (letter.fault, letter.next_try_at, letter.attempts) == (OTHER_TEXT, None, 1)


def test_a_text_put_to_use_meanwhile_changes_nothing_of_what_was_asked_for(
    own_world: make.World, letter: Letter, tmp_path: Path
) -> None:
    text_in_use(own_world.ruth, "Other words.")
    db.session.commit()
    assert render_due() == 1
    said = Paper(pdf_of(letter), tmp_path).text
    assert "My name is Ana Tuhoro" in said
    assert "Other words" not in said


@pytest.mark.parametrize(
    ("word", "how"),
    [("Talofa", "side by side"), ("T" * 60, "one after the other, as a word in it is wider than a column")],
)
def test_how_two_languages_stand_is_kept_with_the_letter(own_world: make.World, word: str, how: str) -> None:
    text_in_use(own_world.ruth, word, "sm")
    made = asked(own_world)
    assert made.layout == ""
    made.languages = "sm+en"
    made.wording = keep(wording_of(made.organisation_id, FIRST, "sm+en", made.asked_at.date()))
    db.session.commit()
    assert render_due() == 1
    assert made.layout == how
    assert json.loads(made.versions)["Layout"] == how


def test_a_fact_that_cannot_be_printed_is_told(own_world: make.World, letter: Letter) -> None:
    letter.facts = letter.facts.replace("Ngaire", "李")
    db.session.commit()
    render_due()
    assert "李" in letter.fault
    assert letter.next_try_at is None
    letter.facts = letter.facts.replace("李", "Ngaire")
    try_again(make.letter_now(own_world.ana, case_of(letter), letter), by=own_world.ana)
    db.session.commit()
    render_due()
    assert letter.fault == ""
    assert letter.rendered_at


def test_a_letter_whose_worker_died_is_made_when_the_lease_ends(
    letter: Letter, meanwhile: Callable[[Meanwhile], None], clock: Traveller
) -> None:
    meanwhile(died)
    with pytest.raises(SystemExit):
        render_due()
    db.session.rollback()
    meanwhile(lambda: None)
    assert render_due() == 0, "the lease holds"
    clock.shift(LEASE)
    assert render_due() == 1
    assert letter.rendered_at
    assert files() == 1


def test_a_lease_outlasts_a_slow_start_and_a_slow_letter() -> None:
    assert timedelta(seconds=2 * SECONDS) < LEASE


def test_what_three_workers_lost_is_given_up(
    letter: Letter, meanwhile: Callable[[Meanwhile], None], clock: Traveller
) -> None:
    meanwhile(died)
    for _ in range(MOST_ATTEMPTS):
        assert letter.fault == ""
        with pytest.raises(SystemExit):
            render_due()
        db.session.rollback()
        clock.shift(LEASE)
    assert render_due() == 0
    assert (letter.fault, letter.next_try_at) == (LOST, None)


def test_a_press_that_breaks_off_has_three_tries(letter: Letter, meanwhile: Callable[[Meanwhile], None]) -> None:
    meanwhile(lost)
    assert render_due() == MOST_ATTEMPTS
    assert (letter.fault, letter.next_try_at) == ("The program broke off.", None)


def test_who_was_overtaken_writes_nothing(
    letter: Letter, tmp_path: Path, meanwhile: Callable[[Meanwhile], None], clock: Traveller
) -> None:
    """Slower than the lease: somebody else has it by then."""
    taken: list[claiming.Claimed | None] = []

    def overtaken() -> None:
        clock.shift(LEASE)
        taken.append(claiming.claim())

    meanwhile(overtaken)
    assert render_due() == 1
    assert taken[0] is not None
    assert (letter.rendered_at, letter.attempts, files()) == (None, 2, 0)
    assert letter.next_try_at == taken[0].until
    assert objects() == 1
    let_objects_age(tmp_path / "files")
    sweep()
    assert objects() == 0


def test_a_preview_that_went_meanwhile_leaves_nothing(
    letter: Letter, meanwhile: Callable[[Meanwhile], None], clock: Traveller
) -> None:
    def goes() -> None:
        clock.shift(timedelta(days=2))
        forget_previews()

    meanwhile(goes)
    assert render_due() == 1
    assert (files(), db.session.scalar(select(func.count()).select_from(LetterPage))) == (0, 0)


def test_without_the_storage_a_letter_waits_and_is_made_when_it_is_back(
    letter: Letter, tmp_path: Path, clock: Traveller
) -> None:
    (tmp_path / "files").rename(tmp_path / "moved")
    assert render_due() == 1
    assert (letter.fault, letter.rendered_at) == ("", None)
    assert render_due() == 0
    (tmp_path / "moved").rename(tmp_path / "files")
    clock.shift(STORE_AWAY)
    assert render_due() == 1
    assert letter.rendered_at


def test_a_storage_that_stays_away_is_told(letter: Letter, tmp_path: Path, clock: Traveller) -> None:
    (tmp_path / "files").rename(tmp_path / "moved")
    for _ in range(MOST_ATTEMPTS):
        assert render_due() == 1
        clock.shift(STORE_AWAY)
    assert (letter.fault, letter.next_try_at) == (NOT_KEPT, None)


def test_one_that_cannot_be_set_holds_up_no_other(
    own_world: make.World, letter: Letter, caplog: pytest.LogCaptureFixture
) -> None:
    letter.facts = "{}"
    db.session.commit()
    other = asked(own_world, "ng")
    assert render_due() == MOST_ATTEMPTS + 1
    assert (letter.fault, letter.next_try_at) == (LOST, None)
    assert other.rendered_at


def test_previews_and_pictures_go_after_a_day_and_letters_stay(
    own_world: make.World, letter: Letter, tmp_path: Path, clock: Traveller
) -> None:
    asked(own_world, "ng")
    assert render_due() == 2
    make_letter(make.letter_now(own_world.ana, case_of(letter), letter), by=own_world.ana)
    db.session.commit()
    made, kept = letter.id, pdf_of(letter)
    clock.shift(timedelta(hours=23))
    rounds.tidy()
    assert len({page.letter_id for page in db.session.scalars(select(LetterPage))}) == 2
    clock.shift(timedelta(hours=2))
    rounds.tidy()
    db.session.expire_all()
    assert list(db.session.scalars(select(Letter.id))) == [made]
    assert not list(db.session.scalars(select(LetterPage)))
    clock.shift(timedelta(hours=2))
    let_objects_age(tmp_path / "files")
    rounds.tidy()
    assert files() == 1
    assert pdf_of(db.session.get_one(Letter, made)) == kept
    assert objects() == 1
