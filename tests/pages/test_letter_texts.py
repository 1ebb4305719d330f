"""A lead writes what letters say, looks at it with invented facts, and puts it to use (LET-9), without scripts."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.core import clock
from app.core.db import db
from app.core.events import Audit
from app.letters.models import Letter
from app.letters.purposes import Purpose
from app.letters.wordings.models import LetterText
from app.letters.wordings.queries import wording_of
from app.people.queries import Actor
from tests import make
from tests.letters.test_own_texts import FIRST, text_in_use
from tests.support.client import Client
from tests.support.markup import Markup

pytestmark = pytest.mark.usefixtures("clock")
ALL = "/workspace/settings/letters/"
HERE = f"{ALL}CA/1/en/"
EDIT = f"{HERE}edit"
SAVE, LOOK, PAGES = "Save", "Look at it, without saving", "Save, and show as pages"
STATEMENTS = 6
BIG = "9" * 20
HOSTILE = ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "]]>&amp;", "' OR 1=1 --", "a" * 2999)


@pytest.fixture
def ruth(client: Client, world: make.World) -> Client:
    return client.sign_in(world.ruth.person_id)


@pytest.fixture
def another_lead(another_client: Callable[[], Client], world: make.World) -> Client:
    return another_client().sign_in(world.ruth.person_id)


def rows(client: Client) -> list[Any]:
    return list(client.outside(lambda: db.session.execute(select(LetterText.__table__).order_by(LetterText.id)).all()))


def saved(client: Client, **changed: str) -> str:
    """The address of the version."""
    answer = client.fill(client.get(EDIT), SAVE, **changed)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def used(client: Client, **changed: str) -> str:
    here = saved(client, **changed)
    assert client.fill(client.get(here), "Put it to use", why="Plainer").status_code == 303
    return here


def summary(answer: TestResponse) -> list[tuple[str, str]]:
    """The links of the error summary: where each leads, and what it says."""
    found = re.search(r'class="govuk-list govuk-error-summary__list".*?</ul>', answer.text, re.DOTALL)
    assert found, answer.text
    links = re.findall(r'<a href="([^"]*)">(.*?)</a>', found[0], re.DOTALL)
    return [(href, unescape(text)) for href, text in links]


def texts(answer: TestResponse) -> dict[str, str]:
    """What stands in the text areas, by name."""
    return {each.get("name") or "": each.text.removeprefix("\n") for each in Markup(answer.text).all("textarea")}


def letter_now(by: Actor, languages: str = "en") -> str:
    return wording_of(by.organisation_id, FIRST, languages, clock.today()).heading


def test_the_settings_lead_here_and_every_letter_is_listed_with_ours(ruth: Client) -> None:
    assert f'href="{ALL}"' in ruth.get("/workspace/settings/").text
    page = ruth.get(ALL)
    for step in (1, 2, 3):
        assert f'href="{ALL}CA/{step}/en/"' in page.text
        assert f'href="{ALL}NEN/{step}/en/"' in page.text
    assert "school/1" not in page.text
    assert "Ours" in page.text


def test_a_lead_writes_a_version_looks_at_it_and_puts_it_to_use(ruth: Client, world: make.World) -> None:
    editor = ruth.get(EDIT)
    assert "We would like to help {student_called} get to school" in unescape(editor.text)
    assert "{last_attended_on}" not in editor.text
    here = saved(ruth, heading="Kia ora {student_called}")
    assert ruth.outside(letter_now, world.ruth).startswith("We would like")
    page = ruth.get(here)
    assert "Kia ora Bo" in page.text
    assert "Kia ora Hinemoana" in page.text
    assert "[added: </span>Kia ora" in page.text
    refused = ruth.fill(page, "Put it to use", why=" ")
    assert refused.status_code == 422
    assert "Write why it changes" in refused.text
    answer = ruth.fill(page, "Put it to use", why="Plainer")
    assert answer.location == HERE
    assert ruth.outside(letter_now, world.ruth) == "Kia ora {student_called}"
    history = ruth.get(HERE).text
    assert "put to use by Ruth Whaanga" in history
    assert "Plainer" in history
    assert "Your own, version 1" in ruth.get(ALL).text
    events = select(Audit.event).where(Audit.thing == "letter_text").order_by(Audit.id)
    assert ruth.outside(lambda: list(db.session.scalars(events))) == ["wording.written", "wording.used"]


def test_a_next_version_ends_the_one_before_and_ours_comes_back(ruth: Client, world: make.World) -> None:
    used(ruth, heading="First")
    used(ruth, heading="Second")
    first, second = rows(ruth)
    assert first.ended_at
    assert not second.ended_at
    assert (first.number, second.number) == (1, 2)
    assert ruth.fill(ruth.get(HERE), "Back to our text").status_code == 303
    assert ruth.outside(letter_now, world.ruth).startswith("We would like")
    assert "Second" in ruth.get(f"{HERE}edit?from={second.public_id}").text
    assert "Never" not in ruth.get(HERE).text
    compared = ruth.get(f"{HERE}versions/{second.public_id}?with={first.public_id}").text
    assert "[removed: </span>First" in compared
    assert "[added: </span>Second" in compared


def test_what_says_the_same_is_no_version_more(ruth: Client) -> None:
    here = saved(ruth, heading="Same")
    assert saved(ruth, heading="Same") == here
    assert len(rows(ruth)) == 1


def test_looking_keeps_nothing_and_loses_nothing(ruth: Client) -> None:
    answer = ruth.fill(ruth.get(EDIT), LOOK, heading="Only looked at, {student_called}")
    assert answer.status_code == 200
    assert "Only looked at, Bo" in answer.text
    assert 'value="Only looked at, {student_called}"' in answer.text
    assert not rows(ruth)
    assert ruth.fill(answer, SAVE).status_code == 303


def test_blocks_are_added_moved_and_removed_without_losing_what_was_typed(ruth: Client) -> None:
    page = ruth.get(EDIT)
    before = list(texts(page).values())
    added = ruth.fill(page, "Add it", **{"block-2-text": "Typed", "add_kind": "paragraph", "add_after": "2"})
    assert added.status_code == 200
    assert list(texts(added).values()) == [before[0], "Typed", "", *before[2:]]
    up = ruth.fill(added, "Move up block 3", **{"block-3-text": "New"})
    assert list(texts(up).values())[:3] == [before[0], "New", "Typed"]
    down = ruth.fill(up, "Move down block 1")
    assert list(texts(down).values())[:3] == ["New", before[0], "Typed"]
    gone = ruth.fill(down, "Remove block 2")
    assert list(texts(gone).values())[:2] == ["New", "Typed"]
    assert not rows(ruth)
    assert ruth.fill(gone, SAVE).status_code == 303
    assert "New" in rows(ruth)[0].content


def test_a_fault_names_block_and_place_is_linked_and_keeps_every_word(ruth: Client) -> None:
    wrong = {"block-2-text": "to {caregiver", "title": "To {student_name}", "block-1-text": "🙂"}
    answer = ruth.fill(ruth.get(EDIT), SAVE, **wrong)
    assert answer.status_code == 422
    said = dict(summary(answer))
    assert said["#block-2"] == "Block 2 (paragraph), character 4: a brace that is opened and not closed"
    assert said["#block-1"].startswith("Block 1 (paragraph): the letters’ font has no “🙂”")
    assert "names nobody" in said["#title"]
    assert texts(answer)["block-2-text"] == "to {caregiver"
    assert 'id="block-2"' in answer.text
    assert not rows(ruth)


def test_too_long_a_text_is_refused_in_words(ruth: Client) -> None:
    answer = ruth.fill(ruth.get(EDIT), SAVE, **{"block-2-text": "x" * 10_000})
    assert answer.status_code == 422
    assert "10,000 characters are too many" in dict(summary(answer))["#block-2"]
    assert texts(answer)["block-2-text"] == "x" * 10_000


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_texts_are_shown_as_they_are(ruth: Client, hostile: str) -> None:
    here = saved(ruth, **{"block-2-text": hostile})
    page = ruth.get(here)
    assert hostile in unescape(page.text)
    assert "<script>alert" not in page.text
    assert "<img" not in page.text
    assert texts(ruth.get(EDIT))["block-2-text"] == hostile


def test_boxes_that_no_page_of_ours_has_do_no_harm(ruth: Client) -> None:
    page = ruth.get(EDIT)
    strange = {"block-999-text": "a", "block-998-kind": "evil", "block-x-text": "b", "do": "up-999"}
    assert ruth.send(EDIT, **strange).status_code == 200
    assert ruth.send(EDIT, do="save").status_code == 422
    assert page.status_code == 200


def test_of_two_leads_at_once_the_second_sees_both_texts(ruth: Client, another_lead: Client) -> None:
    mine, theirs = ruth.get(EDIT), another_lead.get(EDIT)
    another_lead.fill(theirs, SAVE, heading="Theirs")
    clash = ruth.fill(mine, SAVE, heading="Mine")
    assert clash.status_code == 409
    assert "[removed: </span>Theirs" in clash.text
    assert "[added: </span>Mine" in clash.text
    assert 'value="Mine"' in clash.text
    assert [row.number for row in rows(ruth)] == [1]
    assert ruth.fill(clash, SAVE).status_code == 303
    assert [row.number for row in rows(ruth)] == [1, 2]


def test_a_version_that_a_newer_one_has_overtaken_is_not_put_to_use(ruth: Client) -> None:
    page = ruth.get(saved(ruth, heading="First"))
    saved(ruth, heading="Second")
    answer = ruth.fill(page, "Put it to use", why="Plainer")
    assert answer.status_code == 409
    assert "Somebody else has written a version" in answer.text


def test_a_letter_in_another_language_begins_as_the_english_one(ruth: Client, world: make.World) -> None:
    answer = ruth.get(f"{ALL}new?letter=CA-1&language=sm")
    assert answer.location == f"{ALL}CA/1/sm/edit"
    page = ruth.get(answer.location)
    assert "We would like to help" in page.text
    assert "in Samoan" in page.text
    here = ruth.fill(page, SAVE, heading="Talofa {student_called}").location
    ruth.fill(ruth.get(here), "Put it to use", why="Ours are read")
    assert ruth.outside(letter_now, world.ruth, "sm") == "Talofa {student_called}"
    assert ruth.outside(letter_now, world.ruth).startswith("We would like")
    assert ruth.get(f"{ALL}new?letter=CA-1&language=tlh").status_code == 404
    assert ruth.get(f"{ALL}new?letter=school-1&language=sm").status_code == 404
    ruth.fill(ruth.get(f"{ALL}CA/1/sm/"), "Write to nobody in this language")
    assert ruth.outside(letter_now, world.ruth, "sm").startswith("We would like")


def test_what_another_service_wrote_never_appears(client: Client, world: make.World) -> None:
    marker = "Maunga says Q7X"
    client.outside(text_in_use, world.lupe, marker)
    client.sign_in(world.ruth.person_id)
    public_id = rows(client)[0].public_id
    for address in (ALL, HERE, EDIT):
        assert marker not in client.get(address).text
    assert client.get(f"{HERE}versions/{public_id}").status_code == 404
    assert client.outside(letter_now, world.ruth).startswith("We would like")


def test_what_letters_say_of_other_purposes_is_not_here(ruth: Client) -> None:
    for address in ("school/1/en", "holiday/1/en", "CA/9/en", "CA/1/tlh", "XX/1/en"):
        assert ruth.get(f"{ALL}{address}/").status_code == 404


def test_a_made_letter_keeps_its_words(ruth: Client, world: make.World) -> None:
    def letter() -> tuple[str, str]:
        case = make.open_case(world)
        made = make.letter_made(world.ana, case, make.letter_ready(world, case))
        return case.number, made.public_id

    number, public_id = ruth.outside(letter)
    used(ruth, heading="Other words entirely")
    page = ruth.get(f"/workspace/cases/{number}/letters/{public_id}").text
    assert "We would like to help" in page
    assert "Other words entirely" not in page
    assert ruth.outside(lambda: db.session.scalars(select(Letter.languages)).one()) == "en"


def test_pages_keep_to_their_statements(ruth: Client) -> None:
    here = used(ruth, heading="Kia ora")
    for address in (ALL, HERE, EDIT, here):
        assert ruth.get(address).status_code == 200
        assert ruth.statements.count <= STATEMENTS, f"{address}: {ruth.statements.count}"


def test_an_attendance_lead_writes_what_the_letters_of_their_school_say(client: Client, world: make.World) -> None:
    client.sign_in(world.mere.person_id)
    at_school = "/portal/settings/letters/"
    page = client.get(at_school)
    assert f'href="{at_school}school/1/en/"' in page.text
    assert f'href="{at_school}holiday/1/en/"' in page.text
    assert "CA/1" not in page.text
    answer = client.fill(client.get(f"{at_school}holiday/1/en/edit"), SAVE, heading="Kia ora")
    assert client.fill(client.get(answer.location), "Put it to use", why="Plainer").status_code == 303
    assert [(row.purpose, row.organisation_id) for row in rows(client)] == [(Purpose.HOLIDAY, world.tawa.id)]
    assert client.get(f"{at_school}CA/1/en/").status_code == 404


def case_with(ruth: Client, world: make.World, language: str) -> str:
    """Whom the next letter goes to, and their language."""

    def made() -> str:
        case = make.open_case(world)
        caregiver = make.letter_ready(world, case)
        caregiver.language = language
        return f"/workspace/cases/{case.number}/letters/to/{caregiver.public_id}"

    return str(ruth.outside(made))


def in_samoan(client: Client, world: make.World) -> None:
    client.outside(text_in_use, world.ruth, "Talofa {caregiver_name}.", "sm")


def languages(client: Client) -> list[str]:
    return list(client.outside(lambda: db.session.scalars(select(Letter.languages).order_by(Letter.id)).all()))


def test_a_letter_is_in_the_language_of_who_reads_it_where_there_is_a_text(ruth: Client, world: make.World) -> None:
    ready = case_with(ruth, world, "Samoan, some English")
    page = ruth.get(ready)
    assert "language is Samoan, some English; the letter is in English, as no text in Samoan is in use" in page.text
    assert "In which language?" not in page.text
    in_samoan(ruth, world)
    page = ruth.get(ready)
    assert "the letter is in Samoan." in page.text
    answer = ruth.fill(page, "Look at the letter")
    assert answer.status_code == 303
    assert languages(ruth) == ["sm"]


def test_a_writer_chooses_two_languages_for_one_letter(ruth: Client, world: make.World) -> None:
    ready = case_with(ruth, world, "Samoan")
    in_samoan(ruth, world)
    answer = ruth.fill(ruth.get(ready), "Look at the letter", languages="sm+en")
    assert languages(ruth) == ["sm+en"]

    def rendered() -> None:
        made = make.rendered(db.session.scalars(select(Letter)).one(), by=world.ruth)
        made.versions = '{"Layout": "side by side"}'

    ruth.outside(rendered)
    page = ruth.get(answer.location)
    assert "We would like to help" in page.text
    assert "Its two languages stand side by side." in page.text
    assert '<div lang="sm">' in page.text
    assert "Talofa Ngaire Te Whānau." in page.text
    assert ruth.fill(page, "Make this letter").status_code == 303
    ruth.send(ready, languages="tlh")
    assert "tlh" not in languages(ruth)


def test_a_language_put_out_of_use_keeps_a_preview_from_being_made(ruth: Client, world: make.World) -> None:
    ready = case_with(ruth, world, "Samoan")
    in_samoan(ruth, world)
    answer = ruth.fill(ruth.get(ready), "Look at the letter")
    ruth.outside(lambda: make.rendered(db.session.scalars(select(Letter)).one(), by=world.ruth))
    page = ruth.get(answer.location)
    ruth.fill(ruth.get(f"{ALL}CA/1/sm/"), "Write to nobody in this language")
    refused = ruth.fill(page, "Make this letter")
    assert refused.status_code == 409
    assert "What the letter says has changed" in refused.text


@pytest.mark.parametrize(
    "address",
    [
        *(
            f"{ALL}CA/{BIG}/en/",
            f"{ALL}CA/100/en/edit",
            f"{ALL}CA/1-formal/en/",
            f"{ALL}CA/1-/en/",
            f"{ALL}CA/1-none/en/",
            f"{ALL}CA/0/en/",
            f"{ALL}new?letter=CA-{BIG}&language=mi",
        ),
        *(f"{ALL}new?letter=CA-{'9' * 5000}&language=mi", f"{ALL}new?letter=CA-3-{BIG}&language=mi"),
    ],
)
def test_a_number_of_a_letter_that_is_too_large_is_no_page(ruth: Client, address: str) -> None:
    assert ruth.get(address).status_code == 404


def test_a_block_is_added_at_the_end_where_the_number_is_too_large(ruth: Client) -> None:
    answer = ruth.fill(ruth.get(EDIT), "Add it", add_kind="paragraph", add_after="9" * 5000)
    assert answer.status_code == 200


def pages_in(answer: TestResponse) -> list[str]:
    """Where the pictures on a page are."""
    return [each.get("src") for each in Markup(answer.text).all("img") if "wh-sheet" in each.get("class")]


def test_what_was_typed_is_shown_as_the_pages_it_becomes(ruth: Client) -> None:
    answer = ruth.fill(ruth.get(EDIT), PAGES, heading="Kia ora {student_called}")
    (row,) = rows(ruth)
    assert answer.location == f"{HERE}versions/{row.public_id}/pages"
    page = ruth.get(answer.location)
    assert ruth.statements.count <= STATEMENTS
    assert "The shortest letter" in page.text
    assert "The longest letter" in page.text
    assert "Kia ora Hinemoana" in page.text
    shown = pages_in(page)
    assert len(shown) >= 3
    assert f"{HERE}versions/{row.public_id}/pages/long/alone/2" in shown
    for each in Markup(page.text).all("img"):
        assert "the letter’s text stands below" in each.get("alt") or not each.get("class")
    for address in shown:
        picture = ruth.get(address)
        assert (picture.status_code, picture.content_type, picture.data[:4]) == (200, "image/png", b"\x89PNG")
    assert "Show as pages" in ruth.get(f"{HERE}versions/{row.public_id}").text


def test_a_page_that_a_text_has_not_is_none(ruth: Client) -> None:
    assert ruth.get(f"{HERE}pages").status_code == 200
    assert ruth.get(f"{HERE}pages/short/alone/1").status_code == 200
    for none in ("short/alone/99", "short/alone/0", "tall/alone/1", "short/beside/1", "short/above/1"):
        assert ruth.get(f"{HERE}pages/{none}").status_code == 404
    assert ruth.get(f"{ALL}CA/9/en/pages").status_code == 404
    assert ruth.get(f"{HERE}versions/none/pages").status_code == 404


def test_a_text_in_another_language_is_shown_alone_and_beside_the_english_one(ruth: Client, world: make.World) -> None:
    in_samoan(ruth, world)
    ruth.outside(text_in_use, world.lupe, "Zqxwvmaunga.", "en")
    page = ruth.get(f"{ALL}CA/1/sm/pages")
    assert "The shortest letter, Samoan and English" in page.text
    assert "The two languages stand side by side." in page.text
    assert page.text.count("Talofa Li Ng.") == 2
    assert '<div class="wh-letter" lang="sm">' in page.text
    assert "Zqxwvmaunga" not in page.text
    assert f"{ALL}CA/1/sm/pages/short/beside/1" in pages_in(page)
    assert ruth.get(f"{ALL}CA/1/sm/pages/short/beside/1").content_type == "image/png"


def test_a_text_with_a_fault_says_it_instead_of_pages(ruth: Client, world: make.World) -> None:
    ruth.outside(text_in_use, world.ruth, "Kia ora {nobody}.")
    page = ruth.get(f"{HERE}pages")
    assert page.status_code == 200
    assert "There are no pages to show. CA-1, block 1 (paragraph)" in unescape(page.text).replace("ca-1", "CA-1")
    assert not pages_in(page)
    assert ruth.get(f"{HERE}pages/short/alone/1").status_code == 503


def test_pages_are_on_the_letterhead_and_of_no_person(ruth: Client, world: make.World) -> None:
    def made() -> str:
        make.letterhead(world.te_awa, by=world.ruth)
        case = make.open_case(world)
        caregiver = make.letter_ready(world, case)
        caregiver.name = "Zqxwvperson"
        return str(case.number)

    number = ruth.outside(made)
    page = ruth.get(f"{HERE}pages")
    assert "Zqxwvperson" not in page.text
    assert number not in page.text
    assert "Te Awa" in page.text


def test_versions_in_another_language_are_compared_with_each_other_and_with_the_english_text(ruth: Client) -> None:
    edit = f"{ALL}CA/1/sm/edit"
    first = ruth.fill(ruth.get(edit), SAVE, heading="Talofa {student_called}").location
    page = ruth.get(first)
    assert "What is other than in the English text" in page.text
    assert "[added: </span>Talofa" in page.text
    second = ruth.fill(ruth.get(edit), SAVE, heading="Malo {student_called}").location
    compared = ruth.get(f"{second}?with={first.rpartition('/')[2]}").text
    assert "What is other than in version 1" in compared
    assert "[removed: </span>Talofa" in compared
    assert "[added: </span>Malo" in compared


def test_a_language_that_is_no_longer_in_use_is_said_and_chosen_anew(ruth: Client, world: make.World) -> None:
    """Whoever asks for a letter in it from a page of before is told, and gets none in another language unawares."""
    ready = case_with(ruth, world, "Samoan")
    in_samoan(ruth, world)
    page = ruth.get(ready)
    ruth.fill(ruth.get(f"{ALL}CA/1/sm/"), "Write to nobody in this language")
    answer = ruth.fill(page, "Look at the letter", languages="sm+en")
    assert answer.status_code == 422
    assert "no text in Samoan is in use" in answer.text
    assert languages(ruth) == []
