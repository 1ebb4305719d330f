"""Letters from the readiness of the first to how it was sent, and what stands in the way (LET-1 to LET-8), without scripts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from time import sleep
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select, update
from time_machine import Traveller
from werkzeug.test import TestResponse

from app.cases.entries import Entry, EntryKind
from app.cases.models import Case
from app.core.db import db
from app.core.errors import Conflict, Unseen
from app.core.events import Outbox
from app.core.pdf.press import Press
from app.core.security import random_token
from app.letters.dossiers import addressee_for
from app.letters.gathering import gathered
from app.letters.holds import LetterHold
from app.letters.making import make_letter
from app.letters.models import Letter, Letterhead
from app.letters.rendering import render_due
from app.people.models import Organisation, Person
from app.people.queries import Actor
from app.students.models import Caregiver, Enrolment, FormerCaregiver, Student, Tried
from tests import make
from tests.support.apps import A_TUESDAY_IN_TERM
from tests.support.client import Client
from tests.support.databases import Database, Scene

CEILINGS = {"letters": 11, "letter": 9, "ready": 13}


class Told(NamedTuple):
    """A case of Ana's that is ready for letter 1, and to whom."""

    world: make.World
    number: str
    to: str

    @property
    def letters(self) -> str:
        return f"/workspace/cases/{self.number}/letters/"

    @property
    def ready(self) -> str:
        return f"{self.letters}to/{self.to}"


def ready_to_be_told() -> Told:
    world = make.world()
    case = make.open_case(world)
    return Told(world, case.number, make.letter_ready(world, case).public_id)


@pytest.fixture
def scene() -> Scene:
    return ready_to_be_told


@pytest.fixture
def told(clock: Traveller, client: Client, database: Database) -> Told:
    made: Told = database.made
    client.sign_in(made.world.ana.person_id)
    return made


def in_case(client: Client, told: Told, work: Callable[..., Any], by: Actor | None = None) -> Any:
    """Done by Ana (or somebody else) with the case and the caregiver, outside of the browser."""

    def carried_out() -> Any:
        case = db.session.scalars(select(Case).where(Case.number == told.number)).one()
        to = db.session.scalars(select(Caregiver).where(Caregiver.public_id == told.to)).one()
        return work(by or told.world.ana, case, to)

    return client.outside(carried_out)


def made(client: Client, told: Told, by: Actor | None = None) -> str:
    """The address of a letter that was made."""
    return told.letters + str(in_case(client, told, lambda *of: make.letter_made(*of).public_id, by))


def previewed(client: Client, told: Told) -> str:
    """Ana looks at the letter; the worker has set it."""
    answer = client.fill(client.get(told.ready), "Look at the letter")
    assert answer.status_code == 303
    rendered(client, told)
    return str(answer.location)


def rendered(client: Client, told: Told) -> None:
    def work(by: Actor, *_: Any) -> None:
        for letter in db.session.scalars(select(Letter).where(Letter.next_try_at.is_not(None))):
            make.rendered(letter, by=by)

    in_case(client, told, work)


def change(client: Client, told: Told, **values: Any) -> None:
    """What is known of the caregiver becomes this."""

    def work(_by: Actor, _case: Case, to: Caregiver) -> None:
        for name, value in values.items():
            setattr(to, name, value)

    in_case(client, told, work)


def timeline(client: Client) -> list[str]:
    statement = select(Entry.body).where(Entry.kind == EntryKind.LETTER).order_by(Entry.id)
    return list(client.outside(lambda: db.session.scalars(statement).all()))


def connections_after(client: Client, seconds: float) -> int:
    """How many connections to the database are in use by then."""
    sleep(seconds)
    in_use: int = client.outside(lambda: db.engine.pool).checkedout()
    return in_use


def boxes(name: str, day: date) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def follow(client: Client, answer: TestResponse) -> str:
    assert answer.status_code == 303, answer.text
    return client.get(answer.location).text


def test_the_whole_way_of_a_first_letter(client: Client, told: Told) -> None:
    assert f'href="{told.letters}">Letters' in client.get(told.letters.removesuffix("letters/")).text
    assert "Write letter 1 to Ngaire Te Whānau" in client.get(told.letters).text
    here = previewed(client, told)
    preview = client.get(here)
    assert f'<img class="wh-sheet" src="{here}/pages/1" width="909" height="1286" alt="Page 1 of 2' in preview.text
    assert client.get(f"{here}/pages/2").data == make.A_PICTURE
    kept = client.fill(preview, "Make this letter")
    assert "The letter is made, and kept as it is." in follow(client, kept)
    assert client.get(f"{here}/letter.pdf").data == b"%PDF-1.7"
    page = client.get(f"{here}/sending")
    sent = client.fill(page, "Record it", method="hand", served_by="Ana Tuhoro, 3:40 pm")
    assert "Given by hand on Tuesday 3 March 2026, Ana Tuhoro, 3:40 pm" in follow(client, sent)
    assert timeline(client) == [
        "Letter 1 to the mother was made.",
        "Letter 1 to the mother: Given by hand on Tuesday 3 March 2026, Ana Tuhoro, 3:40 pm.",
    ]
    case = client.get(told.letters.removesuffix("letters/")).text
    assert "Letters of this case" in case
    assert "Ngaire" not in case


def test_what_was_made_says_what_it_was_made_of(client: Client, told: Told) -> None:
    page = client.get(made(client, told)).text
    digest = sha256(b"%PDF-1.7").hexdigest()
    for words in (digest, "Waharoa 0.4, WeasyPrint 70.0", "Not sent yet", "by Ana Tuhoro", "Aroha Ngata, by phone"):
        assert words in page, words


def test_every_fact_stands_with_its_source_and_its_day(client: Client, told: Told) -> None:
    page = client.get(told.ready).text
    assert "Everything is there." in page
    for words in (
        "4½ days",
        "Aroha Ngata, by phone",
        "Named by Tawa Awa College",
        "The service’s letterhead",
        "Tue 3 March",
    ):
        assert words in page, words


REMEDIES = (
    ({"has_responsibility": None}, "Nobody has said whether Ngaire Te Whānau has responsibility", "caregivers/{to}"),
    (
        {"may_be_contacted": False, "contact_note": "court order"},
        "may not be contacted: court order",
        "caregivers/{to}",
    ),
    ({"address": ""}, "There is no address to write to.", "caregivers/{to}"),
)


@pytest.mark.parametrize(("known", "words", "remedy"), REMEDIES)
def test_what_is_missing_is_said_with_where_to_mend_it(
    client: Client, told: Told, known: dict[str, Any], words: str, remedy: str
) -> None:
    change(client, told, **known)
    page = client.get(told.ready)
    assert words in page.text
    assert f'href="/workspace/cases/{told.number}/{remedy.format(to=told.to)}"' in page.text
    assert "Look at the letter</button>" not in page.text
    assert "Not ready yet" in client.get(told.letters).text
    refused = client.send(told.ready)
    assert refused.status_code == 422
    assert "This letter is not ready" in refused.text
    assert client.outside(lambda: db.session.scalars(select(Letter)).all()) == []


def test_what_only_a_lead_can_mend_is_a_link_for_a_lead_only(client: Client, told: Told) -> None:
    client.outside(lambda: setattr(_letterhead(), "address", ""))
    link = 'href="/workspace/settings/letterhead"'
    page = client.get(told.ready).text
    assert "The service’s letterhead lacks its address or phone." in page
    assert "A workflow lead writes them." in page
    assert link not in page
    assert link in client.sign_in(told.world.ruth.person_id).get(told.ready).text


def test_who_is_to_be_named_first_is_said(client: Client, told: Told) -> None:
    change(client, told, ended_at=datetime.now(A_TUESDAY_IN_TERM.tzinfo))
    page = client.get(told.letters).text
    assert "there is nobody to write to" in page
    assert f'href="/workspace/cases/{told.number}/caregivers/new">Name a caregiver' in page
    assert client.get(told.ready).status_code == 404


def test_a_letter_to_somebody_who_is_named_no_more_is_still_found(client: Client, told: Told) -> None:
    here = made(client, told)
    change(client, told, ended_at=datetime.now(A_TUESDAY_IN_TERM.tzinfo))
    page = client.get(told.letters).text
    assert f'href="{here}">Letter 1 to Ngaire Te Whānau' in page
    assert "The caregiver, who is not named with the student any more" in client.get(here).text


def test_pressed_twice_it_is_asked_for_once_and_made_once(client: Client, told: Told) -> None:
    key = random_token()
    first, second = client.send(told.ready, once=key), client.send(told.ready, once=key)
    assert first.location == second.location
    rendered(client, told)
    key = random_token()
    for _ in range(2):
        assert client.send(f"{first.location}/making", once=key).status_code == 303
    assert len(timeline(client)) == 1
    again = client.send(f"{first.location}/making")
    assert again.status_code == 409
    assert "This letter was made already." in again.text


def test_of_two_people_who_make_it_at_once_one_does(
    client: Client, another_client: Callable[[], Client], told: Told
) -> None:
    ruth = another_client().sign_in(told.world.ruth.person_id)
    presses = [(client, previewed(client, told)), (ruth, previewed(ruth, told))]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda press: press[0].send(f"{press[1]}/making"), presses))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert [answer.text for answer in answers if "made already" in answer.text]
    assert timeline(client) == ["Letter 1 to the mother was made."]


def test_a_preview_that_says_something_else_by_now_is_not_made(client: Client, told: Told) -> None:
    here = previewed(client, told)
    change(client, told, address="7 Rātā Road\nPorirua")
    refused = client.send(f"{here}/making")
    assert refused.status_code == 409
    assert "has changed since this preview was made" in refused.text
    assert "Changed since this preview:</strong> Address" in refused.text
    assert client.get(f"{here}/letter.pdf").status_code == 404
    assert timeline(client) == []
    assert client.send(f"{previewed(client, told)}/making").status_code == 303


def test_what_keeps_a_preview_from_being_made_is_named(client: Client, clock: Traveller, told: Told) -> None:
    """Also where only its source is another, or the day of the letter."""
    here = previewed(client, told)
    change(client, told, address_source="Ngaire, by phone")
    refused = client.send(f"{here}/making")
    assert refused.status_code == 409
    assert "Changed since this preview:</strong> Address." in refused.text
    here = previewed(client, told)
    clock.shift(timedelta(days=1))
    client.sign_in(told.world.ana.person_id)
    refused = client.send(f"{here}/making")
    assert refused.status_code == 409
    assert "Changed since this preview:</strong> Date of the letter." in refused.text


def test_whoever_gave_the_case_away_first_is_first(client: Client, told: Told) -> None:
    """The page was loaded before, as it is where the lead's press and the case manager's cross."""
    world = told.world

    def work(_: Actor, case: Case, to: Caregiver) -> list[type[Exception]]:
        letter = make.rendered(make.preview(world.ana, case, to), by=world.ana)
        pages = [(who, make.letter_now(who, case, letter)) for who in (world.ana, world.ruth)]
        make.assigned(case, to=world.david, by=world.ruth)
        refused = []
        for who, found in pages:
            with pytest.raises((Unseen, Conflict)) as raised:
                make_letter(found, by=who)
            refused.append(raised.type)
        return refused

    assert in_case(client, told, work) == [Unseen, Conflict]
    assert timeline(client) == []


def test_absences_at_another_school_are_not_what_this_school_has_told(client: Client, told: Told) -> None:
    in_case(client, told, lambda _by, case, _to: setattr(case, "school_id", told.world.puna.id))
    assert "Nobody has told the days absent." in client.get(told.ready).text
    page = client.get(f"/workspace/cases/{told.number}/attendance").text
    assert "Nobody has told the days absent yet." in page
    assert "4½ days absent from Tawa Awa College" in page


def test_how_somebody_may_be_contacted_is_said_before_they_are_written_to(client: Client, told: Told) -> None:
    change(client, told, contact_note="by letter, never by phone")
    assert "Ngaire Te Whānau may be contacted: by letter, never by phone." in client.get(told.ready).text


def test_what_the_roll_says_has_the_day_of_the_roll(client: Client, told: Told) -> None:
    def work(by: Actor, case: Case, to: Caregiver) -> set[date | None]:
        old = datetime(2026, 2, 9, 22, tzinfo=UTC)  # the tenth in New Zealand
        statement = update(Enrolment).where(Enrolment.student_id == case.student_id)
        db.session.execute(statement.values(as_of=old))
        to.address, to.lives_with_student = "", True
        db.session.get_one(Student, case.student_id).address = "12 Kōwhai Street, Tawa"
        addressee = addressee_for(by, case.number, to.public_id)
        assert addressee
        known = gathered(addressee.dossier, date(2026, 3, 3)).by_name
        return {known[name].on for name in ("student_name", "student_called", "caregiver_address")}

    assert in_case(client, told, work) == {date(2026, 2, 10)}


def test_a_phone_number_is_from_the_case_manager_or_from_the_letterhead(client: Client, told: Told) -> None:
    def work(by: Actor, case: Case, to: Caregiver) -> list[str]:
        found = []
        for phone in ("", "027 555 0101"):
            db.session.get_one(Person, by.person_id).phone = phone
            addressee = addressee_for(by, case.number, to.public_id)
            assert addressee
            found.append(gathered(addressee.dossier, date(2026, 3, 3)).by_name["writer_phone"].source)
        return found

    assert in_case(client, told, work) == ["The service’s letterhead", "The case manager’s own"]


def test_a_preview_that_is_not_set_yet_is_waited_for_and_not_made(client: Client, told: Told) -> None:
    here = client.send(told.ready).location
    page = client.get(here)
    assert "The letter is being set." in page.text
    assert f'<a class="govuk-link" href="{here}">Look again</a>' in page.text
    refused = client.send(f"{here}/making")
    assert refused.status_code == 409
    assert "This preview is not finished yet." in refused.text


def test_a_letter_that_is_set_while_its_page_waits_is_shown(client: Client, told: Told) -> None:
    """Nobody waits for that page meanwhile: it holds no connection. (What is written beside it would be taken for its own.)"""
    client.may_write = True
    here = client.send(told.ready).location
    with ThreadPoolExecutor(1) as pool:
        page = pool.submit(client.get, here)
        held = [connections_after(client, 0.02) for _ in range(25)]
        rendered(client, told)
        assert "Make this letter" in page.result().text
    assert 0 in held


def test_the_worker_sets_what_the_page_asked_for(client: Client, told: Told, press: Press) -> None:
    client.application.extensions["press"] = press
    here = client.send(told.ready).location
    assert client.outside(render_due) == 1
    page = client.get(here)
    assert client.get(f"{here}/pages/1").data.startswith(b"\x89PNG")
    assert "Read the letter as text" in page.text
    assert 'lang="mi"' in page.text
    kept = follow(client, client.fill(page, "Make this letter"))
    pdf = client.get(f"{here}/letter.pdf?in-place")
    assert pdf.data.startswith(b"%PDF-")
    assert sha256(pdf.data).hexdigest() in kept
    assert pdf.headers["Content-Disposition"].startswith("inline")
    assert "Te Wh" not in pdf.headers["Content-Disposition"]


def test_a_page_that_asks_again_is_told_only_when_it_is_there(client: Client, told: Told) -> None:
    """And neither is it noted as opened each time, nor does it count as being here."""
    here, by_script = client.send(told.ready).location, {"HX-Request": "true"}
    waiting = client.get(here, headers=by_script)
    assert (waiting.status_code, waiting.text, client.statements.seen) == (204, "", [])
    rendered(client, told)
    part = client.get(here, headers=by_script)
    assert part.text.startswith('<section id="letter"')
    assert "hx-trigger" not in part.text
    assert "Make this letter" in part.text
    assert client.statements.seen == []


def test_what_failed_says_why_and_is_tried_again(client: Client, told: Told) -> None:
    here = client.send(told.ready).location

    def fail(*_: Any) -> None:
        letter = db.session.scalars(select(Letter)).one()
        letter.fault, letter.next_try_at = "The letter could not be set: no room on the disk.", None

    in_case(client, told, fail)
    page = client.get(here)
    assert "The letter could not be set: no room on the disk." in page.text
    assert client.fill(page, "Try again").location == here
    rendered(client, told)
    assert "Make this letter" in client.get(here).text


def test_letter_2_is_offered_when_its_gap_is_gone_and_not_before(client: Client, clock: Traveller, told: Told) -> None:
    here = made(client, told)
    page = client.get(told.letters).text
    assert "Letter 1 is made and not sent yet." in page
    assert "Write letter" not in page
    sent = client.fill(client.get(f"{here}/sending"), "Record it", method="post")
    assert sent.status_code == 303
    page = client.get(told.letters).text
    assert "Letter 2 can be written from Wed 18 March: 10 working days after letter 1." in page
    assert "Tue 17 March: day 10" in page
    clock.move_to(A_TUESDAY_IN_TERM + timedelta(days=14))
    client.sign_in(told.world.ana.person_id)
    assert "Write letter 2" not in client.get(told.letters).text
    assert client.send(told.ready).status_code == 422
    clock.move_to(A_TUESDAY_IN_TERM + timedelta(days=15))
    client.sign_in(told.world.ana.person_id)
    letters = client.get(told.letters).text
    assert "Write letter 2 to Ngaire Te Whānau" in letters
    assert "Write the new address" not in letters
    assert client.fill(client.get(told.ready), "Look at the letter").status_code == 303


def test_a_hold_stops_letters_until_it_is_ended(client: Client, told: Told) -> None:
    page = client.get(f"{told.letters}holds/new")
    until = boxes("until_on", date(2026, 3, 10))
    answer = client.fill(page, "Hold letters back", hold_reason="bereavement", why="Their nan died.", **until)
    assert "Bereavement in the whānau, until Tue 10 March, for everybody" in (held := follow(client, answer))
    assert "Their nan died." in held
    ready = client.get(told.ready).text
    assert "Letters wait until Tue 10 March: Bereavement in the whānau (Their nan died.)." in ready
    assert f'href="{told.letters}#holds"' in ready
    assert client.send(told.ready).status_code == 422
    assert "Nothing holds letters back." in follow(client, client.fill(client.get(told.letters), "End this hold, Bereavement in the whānau, for everybody"))  # fmt: skip
    assert client.send(told.ready).status_code == 303


def test_a_hold_for_one_caregiver_leaves_the_others(client: Client, told: Told) -> None:
    other = in_case(client, told, lambda by, case, _: make.caregiver(case, by, "Wiremu Te Whānau").public_id)
    page = client.get(f"{told.letters}holds/new")
    until = boxes("until_on", date(2026, 3, 10))
    assert client.fill(page, "Hold letters back", hold_reason="medical", whom=other, **until).status_code == 303
    assert "for Wiremu Te Whānau" in client.get(told.letters).text
    assert client.send(told.ready).status_code == 303
    assert client.send(f"{told.letters}to/{other}").status_code == 422


def test_a_form_that_is_refused_loses_nothing(client: Client, told: Told) -> None:
    here = made(client, told)
    nowhere = {"sent_on-day": "31", "sent_on-month": "2", "sent_on-year": "2026"}
    for values, words in (
        (nowhere, "There is no such day"),
        (boxes("sent_on", date(2026, 3, 4)), "This day is still to come"),
        (boxes("sent_on", date(2026, 3, 2)), "The letter was made on Tue 3 March"),
        ({"method": "hand", "served_by": " "}, "Write who gave it, and at what time"),
        ({"method": "pigeon"}, "Choose how it was sent"),
    ):
        typed = {"method": "courier", "served_by": "By Ana", **boxes("sent_on", date(2026, 3, 3)), **values}
        refused = client.send(f"{here}/sending", **typed)
        assert refused.status_code == 422
        assert words in refused.text
        assert f'value="{typed["sent_on-day"]}"' in refused.text
    assert client.send(f"{here}/voiding", why="").status_code == 422
    refused = client.send(f"{told.letters}holds/new", why="Their nan", **boxes("until_on", date(2026, 3, 2)))
    assert refused.status_code == 422
    assert "Choose why" in refused.text
    assert 'value="Their nan"' in refused.text
    past = boxes("until_on", date(2026, 3, 2))
    refused = client.send(f"{told.letters}holds/new", whom="everybody", hold_reason="medical", **past)
    assert "The hold would have ended already." in refused.text
    assert client.outside(lambda: db.session.scalars(select(LetterHold)).all()) == []
    assert timeline(client) == ["Letter 1 to the mother was made."]


def test_a_sending_is_corrected_and_both_stand_on_the_timeline(client: Client, told: Told) -> None:
    here = made(client, told)
    for method in ("post", "courier"):
        assert client.fill(client.get(f"{here}/sending"), "Record it", method=method).status_code == 303
    day = "on Tuesday 3 March 2026."
    assert timeline(client)[1:] == [
        f"Letter 1 to the mother: Posted {day}",
        f"Letter 1 to the mother: Sent by courier {day} Until now it said: Posted {day}",
    ]


def test_of_two_who_say_how_it_was_sent_the_second_sees_what_stands_there(client: Client, told: Told) -> None:
    here = made(client, told)
    fresh, stale = (client.get(f"{here}/sending") for _ in range(2))
    assert client.fill(fresh, "Record it", method="post").status_code == 303
    both = client.fill(stale, "Record it", method="courier")
    assert both.status_code == 409
    assert "Nothing was changed this time" in both.text
    assert "<b>Now:</b> Posted on Tuesday 3 March 2026" in both.text
    assert "<b>Yours, if you save:</b> Sent by courier on Tuesday 3 March 2026" in both.text
    assert len(timeline(client)) == 2
    assert client.fill(both, "Record it").status_code == 303
    assert timeline(client)[-1].endswith("Until now it said: Posted on Tuesday 3 March 2026.")


def test_two_who_say_the_same_of_it_are_no_conflict(client: Client, told: Told) -> None:
    here = made(client, told)
    pages = [client.get(f"{here}/sending") for _ in range(2)]
    assert [client.fill(page, "Record it", method="post").status_code for page in pages] == [303, 303]


def test_a_second_preview_of_a_letter_that_was_made_says_so_and_leads_there(client: Client, told: Told) -> None:
    first, second = (previewed(client, told) for _ in range(2))
    page = client.get(second)
    assert "This letter is made." not in page.text
    client.fill(client.get(first), "Make this letter")
    refused = client.fill(page, "Make this letter")
    assert refused.status_code == 409
    for said in (refused.text, client.get(second).text):
        assert (
            f'<strong>This letter is made.</strong> It was made from another preview than this one. <a class="govuk-link" href="{first}">'
            in said
        )
        assert ">Make this letter<" not in said
    assert "This letter was made already." in refused.text
    assert "not ready" not in refused.text
    client.send(f"{first}/voiding", why="Wrong day")
    assert "This letter is made." not in client.get(second).text


def posted(client: Client, told: Told) -> str:
    """The address of letter 1, posted on the third of March."""
    here = made(client, told)
    assert client.fill(client.get(f"{here}/sending"), "Record it", method="post").status_code == 303
    return here


def came_back(client: Client, here: str, back: str, **values: str) -> str:
    """What the letter's page says once that was recorded."""
    return follow(client, client.fill(client.get(f"{here}/back"), "Record it", back=back, **values))


def later(client: Client, clock: Traveller, told: Told, days: int) -> None:
    clock.move_to(A_TUESDAY_IN_TERM + timedelta(days=days))
    client.sign_in(told.world.ana.person_id)


def test_a_letter_that_came_back_stops_the_ladder_until_its_address_is_checked(
    client: Client, clock: Traveller, told: Told
) -> None:
    here, whom = posted(client, told), f"/workspace/cases/{told.number}/caregivers/{told.to}"
    later(client, clock, told, 2)
    source = in_case(client, told, lambda _by, _case, to: to.address_source)
    assert "Record what came back" in client.get(here).text
    page = came_back(client, here, "returned", back_note="Gone, no address")
    said = "Returned by the post on Thursday 5 March 2026: Gone, no address"
    assert f"{said} (recorded " in page
    assert "No letter goes to this address until" in page
    letters = client.get(told.letters).text
    assert f"Posted on Tuesday 3 March 2026. {said}." in letters
    assert f'href="{whom}">Write the new address' in letters
    assert timeline(client)[-1] == f"Letter 1 to the mother: {said}."
    page = client.get(f"/workspace/cases/{told.number}/caregivers/").text
    assert "Not current" in page
    assert " checked 5 March 2026" in page
    later(client, clock, told, 15)
    assert "Not ready yet" in client.get(told.letters).text
    ready = client.get(told.ready).text
    assert "The address is not current." in ready
    assert f'href="{whom}">Write the new one' in ready
    assert client.send(told.ready).status_code == 422
    checked = boxes("address_checked_on", date(2026, 3, 17))
    assert client.fill(client.get(whom), "Save", address_state="current", **checked).status_code == 303
    assert "Write letter 2 to Ngaire Te Whānau" in client.get(told.letters).text
    assert client.fill(client.get(told.ready), "Look at the letter").status_code == 303
    assert in_case(client, told, lambda _by, _case, to: to.address_source) == source


@pytest.mark.parametrize("back", ["answered", "no_response"])
def test_what_else_comes_back_leaves_the_address_and_the_ladder(
    client: Client, clock: Traveller, told: Told, back: str
) -> None:
    here = posted(client, told)
    later(client, clock, told, 15)
    said = {"answered": "Answered on", "no_response": "No answer by"}[back]
    assert f"{said} Wednesday 18 March 2026" in came_back(client, here, back)
    assert client.fill(client.get(told.ready), "Look at the letter").status_code == 303


def test_an_address_that_is_another_by_now_is_not_called_wrong(client: Client, clock: Traveller, told: Told) -> None:
    """Neither one that was written down since, nor one that was checked after the letter came back."""
    here = posted(client, told)
    later(client, clock, told, 15)
    change(client, told, address="7 Rātā Road\nPorirua")
    came_back(client, here, "returned")
    assert in_case(client, told, state_of_address) is Tried.NOT_TRIED
    came_back(client, here, "answered")
    change(client, told, address="12 Kōwhai Street\nTawa\nWellington 5028")
    change(client, told, address_state=Tried.CURRENT, address_checked_on=date(2026, 3, 18))
    came_back(client, here, "returned", **boxes("back_on", date(2026, 3, 10)))
    assert in_case(client, told, state_of_address) is Tried.CURRENT


def state_of_address(_by: Actor, _case: Case, to: Caregiver) -> Tried:
    return to.address_state


def test_what_came_back_is_corrected_and_both_stand_on_the_timeline(
    client: Client, clock: Traveller, told: Told
) -> None:
    """Once a returned letter's address was checked, a correction does not call it wrong again."""
    here = posted(client, told)
    later(client, clock, told, 2)
    came_back(client, here, "returned", back_note="Torn.")
    change(client, told, address_state=Tried.CURRENT, address_checked_on=date(2026, 3, 5))
    came_back(client, here, "returned", back_note="Gone")
    page = came_back(client, here, "answered", back_note="")
    assert "Answered on Thursday 5 March 2026 (recorded" in page
    assert "Correct what came back" in page
    day = "on Thursday 5 March 2026"
    assert timeline(client)[-3:] == [
        f"Letter 1 to the mother: Returned by the post {day}: Torn.",
        f"Letter 1 to the mother: Returned by the post {day}: Gone. Until now it said: Returned by the post {day}: Torn.",
        f"Letter 1 to the mother: Answered {day}. Until now it said: Returned by the post {day}: Gone.",
    ]
    assert in_case(client, told, state_of_address) is Tried.CURRENT


def test_what_was_recorded_before_it_came_back_is_kept(client: Client, told: Told) -> None:
    here = posted(client, told)
    was = in_case(client, told, state_of_address)
    came_back(client, here, "returned")
    former = select(FormerCaregiver.address_state, FormerCaregiver.address_checked_on)
    assert client.outside(lambda: db.session.execute(former).all()) == [(was, None)]


def test_nothing_comes_back_of_a_letter_that_was_not_sent_or_is_void(client: Client, told: Told) -> None:
    here = made(client, told)
    typed = {"back": "returned", **boxes("back_on", date(2026, 3, 3))}
    was = in_case(client, told, state_of_address)
    assert f'href="{here}/back"' not in client.get(here).text
    assert client.get(f"{here}/back").location == here
    assert client.send(f"{here}/back", **typed).status_code == 409
    client.fill(client.get(f"{here}/sending"), "Record it", method="post")
    assert f'href="{here}/back"' in client.get(here).text
    client.send(f"{here}/voiding", why="A former address.")
    assert f'href="{here}/back"' not in client.get(here).text
    assert client.get(f"{here}/back").location == here
    assert client.send(f"{here}/back", **typed).status_code == 409
    assert in_case(client, told, state_of_address) is was


def test_what_came_back_is_refused_and_nothing_typed_is_lost(client: Client, clock: Traveller, told: Told) -> None:
    here = posted(client, told)
    later(client, clock, told, 2)
    for values, words in (
        (boxes("back_on", date(2026, 3, 6)), "This day is still to come"),
        (boxes("back_on", date(2026, 3, 2)), "The letter was sent on Tue 3 March"),
        ({"back_on-day": "31", "back_on-month": "2"}, "There is no such day"),
        ({"back": "pigeon"}, "Choose what came back"),
        ({"back_note": "x" * 301}, "Write it in 300 characters"),
    ):
        typed = {"back": "returned", "back_note": "Gone", **boxes("back_on", date(2026, 3, 5)), **values}
        refused = client.send(f"{here}/back", **typed)
        assert refused.status_code == 422
        assert words in refused.text
        assert f'value="{typed["back_note"]}"' in refused.text
        assert f'value="{typed["back_on-day"]}"' in refused.text
    assert len(timeline(client)) == 2
    came_back(client, here, "answered", **boxes("back_on", date(2026, 3, 4)))
    typed = {"method": "post", **boxes("sent_on", date(2026, 3, 5))}
    refused = client.fill(client.get(f"{here}/sending"), "Record it", **typed)
    assert refused.status_code == 422
    assert "What came back is recorded for Wed 4 March" in refused.text


def test_a_void_letter_stays_with_its_reason_and_can_be_written_again(client: Client, told: Told) -> None:
    here = made(client, told)
    voided = client.fill(client.get(f"{here}/voiding"), "Void this letter", why="A former address.")
    assert "A former address." in follow(client, voided)
    assert client.get(f"{here}/letter.pdf").status_code == 200
    assert client.get(f"{here}/sending").location == here
    assert client.send(f"{here}/sending", method="post", **boxes("sent_on", date(2026, 3, 3))).status_code == 409
    twice = client.send(f"{here}/voiding", why="Again, in other words")
    assert twice.status_code == 409
    assert "Again, in other words" in twice.text
    page = client.get(told.letters).text
    assert "A former address." in page
    assert "Write letter 1 to Ngaire Te Whānau" in page
    assert client.send(f"{previewed(client, told)}/making").status_code == 303


def test_what_changed_since_is_said_on_a_letter_that_was_made(client: Client, told: Told) -> None:
    here = made(client, told)
    assert "Changed since" not in client.get(here).text
    client.fill(client.get(f"{here}/sending"), "Record it", method="post")
    assert "Changed since" not in client.get(here).text
    change(client, told, address="7 Rātā Road\nPorirua")
    page = client.get(here).text
    assert "Changed since this letter was written:</strong> Address." in page
    assert page.index("12 Kōwhai Street") < page.index("7 Rātā Road"), "what it says, and what is so now"
    client.send(f"{here}/voiding", why="A former address.")
    assert "Changed since" not in client.get(here).text


def test_a_closed_case_is_read_and_not_written_on(client: Client, told: Told) -> None:
    here = made(client, told)
    in_case(client, told, lambda by, case, _: make.closed(case, by=told.world.ruth))
    assert "Download the PDF" in client.get(here).text
    page = client.get(told.letters).text
    assert "Hold letters back" not in page
    assert "Write letter" not in page
    for address in ("sending", "back", "voiding"):
        assert client.get(f"{here}/{address}").status_code == 403
    assert client.send(told.ready).status_code == 403
    assert "The case is closed." in client.get(told.ready).text


def test_a_school_learns_nothing_of_letters_and_a_colleague_only_that_there_was_one(client: Client, told: Told) -> None:
    made(client, told)
    case = told.letters.removesuffix("letters/")
    assert "Letter 1" not in client.get(f"{case}school-view").text
    for who in ("tom", "mere"):
        client.sign_in(told.world.people[who].person_id)
        for page in ("", "files", "access"):
            text = client.get(f"/portal/cases/{told.number}/{page}").text
            assert "etter" not in text.replace("Letters of our school", "").replace('/letters/"', "")
    service = told.world.te_awa.id
    client.outside(lambda: setattr(db.session.get_one(Organisation, service), "case_managers_see_cases", True))
    page = client.sign_in(told.world.david.person_id).get(case).text
    assert "Letter 1 to the mother was made." in page
    assert "/letters/" not in page


def test_pages_keep_to_their_statements(client: Client, told: Told) -> None:
    preview = previewed(client, told)
    assert client.get(preview).status_code == 200
    assert client.statements.count <= CEILINGS["letter"]
    here = made(client, told)
    for kind, address in (("letters", told.letters), ("ready", told.ready), ("letter", here)):
        assert client.get(address).status_code == 200
        assert client.statements.count <= CEILINGS[kind], f"{kind}: {client.statements.count}"


def test_who_has_the_case_is_told_of_what_a_lead_did(client: Client, told: Told) -> None:
    made(client, told, by=told.world.ruth)
    statement = select(Outbox.person_id).where(Outbox.event == "letter.made")
    assert client.outside(lambda: db.session.scalars(statement).all()) == [told.world.ana.person_id]
    assert "A letter was made" in client.get("/notifications/").text


def _letterhead() -> Letterhead:
    return db.session.scalars(select(Letterhead)).one()
