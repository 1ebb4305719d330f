"""A school's own letters from what they rest on to what came back, and who sees them (LET-1 to LET-6), without scripts."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select
from time_machine import Traveller

from app.attendance.actions import state_absences
from app.attendance.rules import HalfDays
from app.core import clock
from app.core.db import db
from app.core.errors import Refused
from app.core.events import Audit
from app.core.versions import version_of
from app.letters.holds import HoldReason
from app.letters.models import Back, Letter
from app.letters.school.actions import except_step
from app.students.caregivers.actions import change_caregiver
from app.students.models import Caregiver, FormerCaregiver, Student, Tried
from app.students.rules import facts_of
from tests import make
from tests.letters import school
from tests.support.client import Client
from tests.support.databases import Database, Scene

CEILINGS = {"letters": 11, "letter": 10, "ready": 12}


class Told(NamedTuple):
    """Grace Ng, of whom letter 1 is due, and to whom it goes."""

    world: make.World
    to: str

    @property
    def start(self) -> str:
        return f"/portal/students/{self.world.ng.public_id}/"

    @property
    def letters(self) -> str:
        return f"{self.start}letters/"

    @property
    def ready(self) -> str:
        return f"{self.letters}to/{self.to}"


def ready_to_be_told() -> Told:
    world = make.world()
    return Told(world, school.ready(world).public_id)


@pytest.fixture
def scene() -> Scene:
    return ready_to_be_told


@pytest.fixture
def told(clock: Traveller, client: Client, database: Database) -> Told:
    made: Told = database.made
    client.sign_in(made.world.mere.person_id)
    return made


def to(told: Told) -> Caregiver:
    return db.session.scalars(select(Caregiver).where(Caregiver.public_id == told.to)).one()


def rendered(client: Client, told: Told) -> None:
    def work() -> None:
        for letter in db.session.scalars(select(Letter).where(Letter.next_try_at.is_not(None))):
            make.rendered(letter, by=told.world.mere)

    client.outside(work)


def made(client: Client, told: Told, **about: str) -> str:
    """The address of a letter that was made."""
    world = told.world
    letter = client.outside(lambda: school.made(world.mere, world.ng, to(told), **about).public_id)
    return f"{told.letters}{letter}"


def previewed(client: Client, told: Told, at: str = "") -> str:
    answer = client.fill(client.get(at or told.ready), "Look at the letter")
    assert answer.status_code == 303, answer.text
    rendered(client, told)
    return str(answer.location)


def follow(client: Client, answer: Any) -> str:
    assert answer.status_code == 303, answer.text
    return str(client.get(answer.location).text)


def boxes(name: str, day: date) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def test_the_whole_way_of_a_letter(client: Client, told: Told) -> None:
    found = client.get("/portal/referrals/new?q=grace")
    assert f'href="{told.letters}">Letters' in found.text
    page = client.get(told.letters).text
    assert "5 days absent this term" in page
    assert "Write letter 1 to Wai Ling Ng" in page
    here = previewed(client, told)
    preview = client.get(here)
    assert client.get(f"{here}/pages/2").data == make.A_PICTURE
    kept = follow(client, client.fill(preview, "Make this letter"))
    assert "The letter is made, and kept as it is." in kept
    assert client.get(f"{here}/letter.pdf").data == b"%PDF-1.7"
    sent = client.fill(client.get(f"{here}/sending"), "Record it", method="hand", served_by="Mere, 3:40 pm")
    assert "Given by hand on Tuesday 3 March 2026, Mere, 3:40 pm" in follow(client, sent)
    back = client.fill(client.get(f"{here}/back"), "Record it", back="answered", back_note="Rang")
    assert "Answered on Tuesday 3 March 2026: Rang" in follow(client, back)
    page = client.get(told.letters).text
    assert "Letter 1 of this term is written. The next is after 10 days absent in the term." in page
    assert "Letter 1, term 1 of 2026" in page


def test_what_it_says_is_read_before_it_is_made(client: Client, told: Told) -> None:
    page = client.get(previewed(client, told)).text
    for words in (
        "Grace was away from school for 5 days",
        "Tēnā koe Wai Ling Ng",
        "Our register",
        "Attendance lead",
        "Ngā mihi nui",
        "Mere Fa‘asavalu, Tawa Awa College",
    ):
        assert words in page, words
    for words in ("Case manager", "Case number", "Our reference"):
        assert words not in page, words


def test_nothing_is_written_where_there_is_no_case(client: Client, told: Told) -> None:
    made(client, told)
    events = client.outside(
        lambda: [tuple(row) for row in db.session.execute(select(Audit.event, Audit.case_id).order_by(Audit.id))]
    )
    assert ("letter.made", None) in events


def test_the_file_of_a_letter_names_nobody(client: Client, told: Told) -> None:
    here = made(client, told)
    name = client.get(f"{here}/letter.pdf").headers["Content-Disposition"]
    assert "Ng" not in name.replace("attachment", "").replace("filename", "")


def test_the_letter_of_the_highest_step_is_due_and_the_others_are_passed_over(client: Client, told: Told) -> None:
    world = told.world
    client.outside(lambda: school.absent(world.mere, world.ng, 20))
    page = client.get(told.letters).text
    assert "Write letter 2 to Wai Ling Ng" in page
    assert "Passed over</strong> Letter 1: After 5 days away. More days were missed before it was written." in page
    assert "Write letter 2 to Wai Ling Ng</a>: After 10 days away." in page
    here = previewed(client, told)
    assert "Let us talk about how Grace gets to school" in client.get(here).text


def test_half_a_day_before_the_step_no_letter_is_due(client: Client, told: Told) -> None:
    world = told.world
    client.outside(lambda: school.absent(world.mere, world.ng, 9))
    assert "No letter is due: the first is after 5 days absent in a term." in client.get(told.letters).text
    assert client.send(told.ready).status_code == 422


def test_letters_begin_anew_with_the_term(client: Client, clock: Traveller, told: Told) -> None:
    made(client, told)
    clock.shift(timedelta(days=60))  # 2 May, in term 2
    client.sign_in(told.world.mere.person_id)
    page = client.get(told.letters).text
    assert "Nobody has written down the days absent of this term." in page
    world = told.world
    client.outside(lambda: school.absent(world.mere, world.ng, 10, from_on=date(2026, 4, 20)))
    assert "Write letter 1 to Wai Ling Ng" in client.get(told.letters).text
    assert client.outside(lambda: school.made(world.mere, world.ng, to(told)).round) == 20262


def test_an_attendance_lead_lets_a_letter_be_written_that_is_not_due(client: Client, told: Told) -> None:
    page = client.get(f"{told.ready}/exception")
    assert "Letter 1" not in page.text.split("<form")[1]
    answer = client.fill(page, "Let it be written", step="3", why="The board asked for it.")
    text = follow(client, answer)
    assert "Letter 3 may be written although it is not due" in text
    assert "Write letter 3 to Wai Ling Ng" in text
    taken_back = client.fill(client.get(told.letters), "Take it back: letter 3 to Wai Ling Ng")
    assert "Write letter 1 to Wai Ling Ng" in follow(client, taken_back)


def test_of_two_leads_who_let_the_same_letter_be_written_the_second_is_told(client: Client, told: Told) -> None:
    world = told.world

    def both() -> None:
        seen = [school.dossier(world.mere, world.ng, to(told)) for _ in range(2)]
        except_step(seen[0], 3, "The board asked for it.", by=world.mere)
        with pytest.raises(Refused, match="There is such a letter"):
            except_step(seen[1], 3, "The board asked for it.", by=world.mere)
        except_step(school.dossier(world.mere, world.ng, to(told)), 2, "And this.", by=world.mere)
        again = school.dossier(world.mere, world.ng, to(told))
        with pytest.raises(Refused, match="There is such a letter"):
            except_step(again, 3, "The board asked for it.", by=world.mere)

    client.outside(both)


def test_an_exception_is_used_up_by_its_letter(client: Client, told: Told) -> None:
    world = told.world
    client.outside(lambda: school.excepted(world.mere, world.ng, to(told), 3))
    made(client, told)
    page = client.get(told.letters).text
    assert "may be written although it is not due" not in page
    assert "Passed over</strong> Letter 1" in page


def test_a_hold_holds_letters_back_until_it_ends(client: Client, told: Told) -> None:
    page = client.get(f"{told.letters}holds/new")
    values = {"whom": "everybody", "hold_reason": "bereavement", **boxes("until_on", date(2026, 3, 10))}
    assert "Bereavement in the whānau, until" in follow(client, client.fill(page, "Hold letters back", **values))
    assert "Letters wait until" in client.get(told.ready).text
    assert client.send(told.ready).status_code == 422
    ended = client.fill(client.get(told.letters), "End this hold, Bereavement in the whānau, for everybody")
    assert "The hold has ended" in follow(client, ended)
    assert "Everything is there." in client.get(told.ready).text


def test_a_hold_that_would_have_ended_is_refused(client: Client, told: Told) -> None:
    values = {"whom": told.to, "hold_reason": "medical", **boxes("until_on", date(2026, 3, 2))}
    refused = client.send(f"{told.letters}holds/new", **values)
    assert refused.status_code == 422
    assert "The hold would have ended already" in refused.text
    nobody = client.send(f"{told.letters}holds/new", **{**values, "whom": "x", "hold_reason": "y"})
    assert "Choose whose letters wait" in nobody.text


def test_a_holiday_holds_step_letters_and_asks_for_its_own(client: Client, told: Told) -> None:
    page = client.get(f"{told.start}holidays/new")
    days = {**boxes("from_on", date(2026, 3, 9)), **boxes("to_on", date(2026, 3, 20))}
    text = follow(client, client.fill(page, "Record the holiday", source="His mother, by phone", **days))
    assert "Letters about days absent wait until the holiday is over." in text
    assert "A holiday until Fri 20 March is recorded" in client.get(told.ready).text
    assert client.send(told.ready).status_code == 422
    at = text.split("Write the letter on the holiday")[0].rsplit('href="', 1)[1].split('"')[0]
    assert "Everything is there." in client.get(at).text
    here = previewed(client, told, at)
    preview = client.get(here)
    for words in (
        "Grace is to be away from Monday 9 March 2026 to Friday 20 March 2026",
        "The school has not approved this time away.",
        "Education and Training Act 2020, section 36",
        "His mother, by phone",
    ):
        assert words in preview.text, words
    assert "Days absent" not in preview.text.split("What the letter says")[1]
    follow(client, client.fill(preview, "Make this letter"))
    page = client.get(told.letters)
    assert "The letter on this holiday has been written." in page.text
    assert "Letter on a holiday" in page.text
    assert client.send(at).status_code == 422, "once for each"
    taken_back = client.fill(page, "Take this holiday back, from Mon 9 March")
    assert "Write letter 1 to Wai Ling Ng" in follow(client, taken_back)


def test_recent_contact_holds_step_letters_and_not_the_holiday_letter(client: Client, told: Told) -> None:
    world = told.world
    away = client.outside(lambda: school.holiday(world.mere, world.ng).public_id)
    at = f"{told.letters}holidays/{away}/to/{told.to}"
    client.outside(lambda: school.hold(world.mere, world.ng, HoldReason.RECENT_CONTACT))
    assert "Everything is there." in client.get(at).text
    client.outside(lambda: school.hold(world.mere, world.ng))
    assert "Letters wait until" in client.get(at).text


def test_a_holiday_that_is_not_in_order_is_refused(client: Client, told: Told) -> None:
    answer = client.send(f"{told.start}holidays/new", source="")
    assert answer.status_code == 422
    for words in ("Write the first day away", "Write the last day away", "Say who told you"):
        assert words in answer.text, words
    days = {
        **boxes("from_on", date(2026, 4, 4)),
        **boxes("to_on", date(2026, 4, 10)),
        **boxes("told_on", date(2026, 3, 3)),
    }
    assert "lies in a school term" in client.send(f"{told.start}holidays/new", source="Office", **days).text


def test_days_absent_are_told_without_a_case(client: Client, told: Told) -> None:
    page = client.get(f"{told.start}attendance")
    assert "Our register" in page.text
    values = {
        "half_days_open": "40",
        "half_days_explained": "5",
        "half_days_unexplained": "16",
        "source": "Our register of today",
    }
    assert "Saved: 10½ days absent." in follow(client, client.fill(page, "Save", **values))
    assert "Write letter 2" in client.get(told.letters).text
    weeks = client.fill(client.get(f"{told.start}attendance"), "Show weeks of this period")
    assert "Week" in weeks.text
    refused = client.fill(page, "Save", **{**values, "half_days_open": "3"})
    assert refused.status_code == 422


def test_a_caregiver_is_named_and_changed(client: Client, told: Told) -> None:
    page = client.get(f"{told.start}caregivers/new")
    refused = client.fill(page, "Add this caregiver", relationship="nan", address="7 Rātā Road")
    assert refused.status_code == 422
    assert "Write the caregiver’s name" in refused.text
    assert "Say who told you this address, and how" in refused.text
    text = follow(client, client.fill(page, "Add this caregiver", name="Mei Ng", relationship="nan"))
    assert "Mei Ng was added." in text
    change, later = client.get(f"{told.start}caregivers/{told.to}"), client.get(f"{told.start}caregivers/{told.to}")
    assert "5 Rātā Street" in change.text
    values = {"address": "9 Mānuka Street\nTawa\nWellington 5028", "address_source": "By phone"}
    assert "Saved; what was recorded before is kept." in follow(client, client.fill(change, "Save", **values))
    assert "9 Mānuka Street" in client.get(told.ready).text
    again = client.fill(later, "Save", phone="04 555 0199")
    assert again.status_code == 409


def changed_by_service(told: Told, **values: Any) -> None:
    """Somebody at the service changes what is recorded; the school's own words are kept."""
    world, caregiver = told.world, to(told)
    was = facts_of(caregiver)
    becomes = replace(was, **{"address_source": "Found", **values})
    change_caregiver(
        school.on_roll(world.mere, world.ng), caregiver.id, becomes, version=version_of(was.texts), by=world.ana
    )


def test_what_a_service_found_out_stays_there(client: Client, told: Told) -> None:
    client.outside(lambda: changed_by_service(told, address="77 Found Street\nPorirua", phone="04 555 7777"))
    for at in (told.letters, told.ready):
        page = client.get(at).text
        assert "Found Street" not in page
        assert "7777" not in page
    assert "5 Rātā Street" in client.get(told.ready).text
    assert f"caregivers/{told.to}" not in client.get(told.letters).text
    assert client.get(f"{told.start}caregivers/{told.to}").status_code == 409
    assert client.send(f"{told.start}caregivers/{told.to}", name="X", relationship="Y").status_code == 409


@pytest.mark.parametrize(
    "known",
    [
        {"may_be_contacted": False, "contact_note": "court order"},
        {"has_responsibility": False},
        {"address": "77 Found Street\nPorirua"},
        {"lives_with_student": False},
        {"address_state": Tried.NOT_CURRENT, "address_checked_on": date(2026, 3, 3)},
    ],
)
def test_a_letter_waits_for_what_a_service_knows_without_saying_what(
    client: Client, told: Told, known: dict[str, Any]
) -> None:
    client.outside(lambda: changed_by_service(told, **known))
    page = client.get(told.ready).text
    assert "A service that works with this student knows more about writing to Wai Ling Ng." in page
    assert "court order" not in page
    assert "Found Street" not in page
    assert client.send(told.ready).status_code == 422


@pytest.mark.parametrize(("who", "is_led"), [("mere", True), ("tom", True), ("nobody has the case", False)])
def test_who_may_open_the_case_is_led_there_and_others_read_whom_to_speak_with(
    client: Client, told: Told, who: str, is_led: bool
) -> None:
    """A primary contact who is part of the case, too; words alone where there is none of this school."""
    world = told.world
    has_case = who != "nobody has the case"
    number = client.outside(lambda: make.submitted(world.priya, world.ng, contact=world.tom).number) if has_case else ""
    client.outside(lambda: changed_by_service(told, may_be_contacted=False, contact_note="court order"))
    client.sign_in(getattr(world, who if has_case else "mere").person_id)
    page = client.get(told.ready).text
    words = "Speak with the student’s case manager, or with the service, before you write"
    assert words in page
    assert (f'<a class="govuk-link" href="/portal/cases/{number}/">{words}' in page) is is_led


def test_a_holiday_is_taken_back_where_the_letter_that_waits_leads_to(client: Client, told: Told) -> None:
    world = told.world
    client.outside(lambda: school.holiday(world.mere, world.ng))
    assert f'href="{told.letters}#holidays">Take the holiday back' in client.get(told.ready).text
    page = client.get(told.letters)
    assert 'id="holidays"' in page.text
    assert "The holiday is taken back." in follow(
        client, client.fill(page, "Take this holiday back, from Tue 10 March")
    )


def test_returned_mail_stops_letters_until_there_is_another_address(client: Client, told: Told) -> None:
    world = told.world
    here = client.outside(lambda: school.sent(world.mere, world.ng, to(told)).public_id)
    page = client.get(f"{told.letters}{here}/back")
    assert "Recorded. No letter goes to this address" in follow(client, client.fill(page, "Record it", back="returned"))
    assert client.outside(lambda: to(told).address_state) is Tried.NOT_CURRENT
    client.outside(lambda: school.absent(world.mere, world.ng, 20))
    assert "The address is not current." in client.get(told.ready).text


def test_returned_mail_stops_letters_also_where_a_service_changed_the_caregiver(client: Client, told: Told) -> None:
    world = told.world
    here = client.outside(lambda: school.sent(world.mere, world.ng, to(told)).public_id)
    client.outside(lambda: changed_by_service(told, address="77 Found Street\nPorirua"))
    client.fill(client.get(f"{told.letters}{here}/back"), "Record it", back="returned")
    assert client.outside(lambda: db.session.scalars(select(Letter.back)).one()) is Back.RETURNED
    client.outside(lambda: school.absent(world.mere, world.ng, 20))
    page = client.get(told.ready).text
    assert "The last letter to this address came back." in page
    assert f'href="{told.start}caregivers/new"' in page


def test_a_letter_is_ready_where_a_service_changed_what_no_address_turns_on(client: Client, told: Told) -> None:
    client.outside(lambda: changed_by_service(told, phone="04 555 7777"))
    page = client.get(told.ready).text
    assert "knows more about writing to" not in page
    assert "Everything is there." in page


@pytest.mark.parametrize("found", [{"address": "77 Found Street\nPorirua"}, {"phone": "04 555 7777"}])
def test_returned_mail_of_a_school_says_nothing_of_what_a_service_wrote_down(
    client: Client, told: Told, found: dict[str, str]
) -> None:
    world = told.world
    here = client.outside(lambda: school.sent(world.mere, world.ng, to(told)).public_id)
    client.outside(lambda: changed_by_service(told, **found))
    client.fill(client.get(f"{told.letters}{here}/back"), "Record it", back="returned")
    assert client.outside(lambda: to(told).address_state) is Tried.NOT_TRIED


def test_a_note_on_returned_mail_marks_no_address_again_that_was_checked(client: Client, told: Told) -> None:
    world = told.world
    here = client.outside(lambda: school.sent(world.mere, world.ng, to(told)).public_id)
    client.fill(client.get(f"{told.letters}{here}/back"), "Record it", back="returned")

    def check() -> None:
        was = facts_of(to(told))
        becomes = replace(was, address_state=Tried.CURRENT, address_checked_on=date(2026, 3, 3))
        head = school.on_roll(world.mere, world.ng)
        change_caregiver(head, to(told).id, becomes, version=version_of(was.texts), by=world.mere)

    client.outside(check)
    client.fill(client.get(f"{told.letters}{here}/back"), "Record it", back="returned", back_note="Gone")
    assert client.outside(lambda: to(told).address_state) is Tried.CURRENT


def test_of_two_who_say_how_it_was_sent_the_second_sees_what_stands_there(client: Client, told: Told) -> None:
    here = made(client, told)
    fresh, stale = (client.get(f"{here}/sending") for _ in range(2))
    assert client.fill(fresh, "Record it", method="post").status_code == 303
    both = client.fill(stale, "Record it", method="courier")
    assert both.status_code == 409
    assert "<b>Now:</b> Posted on Tuesday 3 March 2026" in both.text
    assert client.fill(both, "Record it").status_code == 303
    assert "Sent by courier on Tuesday 3 March 2026" in client.get(here).text


def test_a_second_preview_of_a_letter_that_was_made_says_so_and_leads_there(client: Client, told: Told) -> None:
    first, second = (previewed(client, told) for _ in range(2))
    page = client.get(second)
    client.fill(client.get(first), "Make this letter")
    refused = client.fill(page, "Make this letter")
    assert refused.status_code == 409
    for said in (refused.text, client.get(second).text):
        assert f'href="{first}">Go to the letter that was made' in said
        assert ">Make this letter<" not in said
    assert "not ready" not in refused.text


def test_the_record_on_paper_has_the_weeks_that_the_letter_states(client: Client, told: Told) -> None:
    def by_weeks() -> None:
        found = make.absences(clock.today())
        weeks = tuple(replace(week, half_days=HalfDays(10, 0, 6)) for week in found.weeks)
        told_so = replace(found, half_days=HalfDays(20, 0, 12), weeks=weeks)
        state_absences(school.on_roll(told.world.mere, told.world.ng), told_so, by=told.world.mere)

    client.outside(by_weeks)
    here = previewed(client, told)
    client.fill(client.get(here), "Make this letter")
    said = client.get(f"{here}/record").text
    assert said.count("<caption>Half-days, week by week</caption>") == 1
    assert said.count('<td data-label="Absent without a reason">6</td>') == 2


def test_a_void_letter_can_be_written_again(client: Client, told: Told) -> None:
    here = made(client, told)
    page = client.get(f"{here}/voiding")
    assert client.fill(page, "Void this letter").status_code == 422
    text = follow(client, client.fill(page, "Void this letter", why="Wrong figures"))
    assert "Void since" in text
    assert "Write letter 1 to Wai Ling Ng" in client.get(told.letters).text
    assert client.send(f"{here}/sending", method="post", **boxes("sent_on", date(2026, 3, 3))).status_code == 409


def test_a_letter_of_a_school_does_not_go_by_mail_of_the_computer(client: Client, told: Told) -> None:
    here = made(client, told)
    page = client.get(f"{here}/sending")
    assert 'value="email"' not in page.text
    refused = client.send(f"{here}/sending", method="email", **boxes("sent_on", date(2026, 3, 3)))
    assert refused.status_code == 422


def test_a_preview_that_says_something_else_by_now_is_not_made(client: Client, told: Told) -> None:
    world, here = told.world, previewed(client, told)
    client.outside(lambda: school.absent(world.mere, world.ng, 12))
    refused = client.send(f"{here}/making")
    assert refused.status_code == 409
    assert "Changed since this preview:</strong> Days absent" in refused.text
    assert client.get(f"{here}/letter.pdf").status_code == 404


def test_what_has_changed_since_a_letter_was_made_is_said(client: Client, told: Told) -> None:
    world, here = told.world, made(client, told)
    assert "Changed since" not in client.get(here).text
    client.outside(lambda: school.absent(world.mere, world.ng, 14))
    assert "Changed since this letter was written:</strong> Days absent" in client.get(here).text


def test_office_support_writes_letters_and_makes_no_exceptions(client: Client, told: Told) -> None:
    client.sign_in(told.world.priya.person_id)
    assert "/exception" not in client.get(told.letters).text
    here = previewed(client, told)
    assert client.send(f"{here}/making").status_code == 303
    assert "Office support" in client.get(here).text


def test_where_there_is_no_attendance_lead_the_office_does_what_falls_to_one(client: Client, told: Told) -> None:
    world = told.world
    client.outside(lambda: make.end_roles(world.mere))
    client.sign_in(world.priya.person_id)
    head = client.get("/portal/settings/letterhead")
    assert "Letterhead saved." in follow(client, client.fill(head, "Save the letterhead", phone="", address=""))
    ready = client.get(told.ready).text
    assert 'href="/portal/settings/letterhead">An attendance lead writes them' in ready
    assert client.get("/portal/settings/letters/").status_code == 200
    page = client.get(told.letters).text
    assert "Texts of our letters" in page
    answer = client.fill(client.get(f"{told.ready}/exception"), "Let it be written", step="3", why="Asked for.")
    assert "Write letter 3 to Wai Ling Ng" in follow(client, answer)
    client.sign_in(world.tom.person_id)
    assert client.get("/portal/settings/letterhead").status_code == 403


def test_a_primary_contact_sees_letters_of_their_own_students_alone(client: Client, told: Told) -> None:
    world, here = told.world, made(client, told)
    client.sign_in(world.tom.person_id)
    for at in (told.letters, here, f"{here}/letter.pdf", f"{told.start}attendance"):
        assert client.get(at).status_code == 404, at
    client.outside(lambda: make.submitted(world.priya, world.ng, contact=world.tom))
    page = client.get(told.letters)
    assert page.status_code == 200
    assert "Letter 1" in page.text
    assert "<form" not in page.text.split("<main")[1]
    assert client.get(f"{here}/letter.pdf").status_code == 200
    assert client.send(told.ready).status_code == 403
    assert client.get(f"{here}/sending").status_code == 403
    client.sign_in(world.aroha.person_id)
    assert client.get(told.letters).status_code == 404


def test_another_school_finds_nothing(client: Client, told: Told) -> None:
    here = made(client, told)
    client.sign_in(told.world.jin.person_id)
    for at in (
        told.letters,
        told.ready,
        here,
        f"{here}/letter.pdf",
        f"{told.start}attendance",
        f"{told.start}caregivers/new",
    ):
        assert client.get(at).status_code == 404, at


def test_letters_of_a_student_who_has_left_stay_the_schools(client: Client, told: Told) -> None:
    world, here = told.world, made(client, told)

    def leave() -> None:
        make.left(world.ng, world.tawa)
        make.enrolled(world.ng.id, world.puna)

    client.outside(leave)
    page = client.get(told.letters)
    assert page.status_code == 200
    assert "not at Tawa Awa College any more" in page.text
    assert client.get(f"{here}/letter.pdf").status_code == 200
    assert client.get(f"{here}/sending").status_code == 200
    assert client.send(told.ready).status_code == 404
    client.sign_in(world.jin.person_id)
    page = client.get(told.letters)
    assert page.status_code == 200, "the new school writes letters of its own"
    assert "Letter 1" not in page.text
    assert "Wai Ling" not in page.text
    assert client.get(here).status_code == 404


def test_a_school_that_a_student_has_left_learns_nothing_new(client: Client, told: Told) -> None:
    world, here = told.world, made(client, told)

    def leave() -> None:
        make.left(world.ng, world.tawa)
        student = db.session.get_one(Student, world.ng.id)
        student.legal_name, student.preferred_name = "Somebody Protected", "Sam"

    client.outside(leave)
    for at in (told.letters, here):
        page = client.get(at).text
        assert "Grace" in page
        assert "Protected" not in page
        assert "Sam" not in page.replace("Same", "").replace("SameSite", "")
        assert "Changed since" not in page
    for at in (told.ready, f"{told.ready}/exception", f"{told.start}caregivers/{told.to}"):
        assert client.get(at).status_code == 404, at


def test_a_preview_alone_opens_nothing_after_a_student_has_left(client: Client, told: Told) -> None:
    world, here = told.world, previewed(client, told)
    client.outside(lambda: make.left(world.ng, world.tawa))
    assert client.get(told.letters).status_code == 404
    assert client.get(here).status_code == 404


def test_the_service_reads_what_the_school_wrote(client: Client, told: Told) -> None:
    world, here = told.world, made(client, told)
    case = client.outside(
        lambda: (
            make.assigned(make.submitted(world.priya, world.ng, contact=world.tom), to=world.ana, by=world.ruth).number
        )
    )
    letter = here.rsplit("/", 1)[1]
    pdf = f"/workspace/cases/{case}/letters/school/{letter}/letter.pdf"
    for who in (world.ana, world.ruth):
        client.sign_in(who.person_id)
        page = client.get(f"/workspace/cases/{case}/letters/").text
        assert "Letters of the school" in page
        assert f'href="{pdf}"' in page
        assert client.get(pdf).data == b"%PDF-1.7"
    client.sign_in(world.david.person_id)
    assert client.get(pdf).status_code == 404
    client.sign_in(world.lupe.person_id)
    assert client.get(pdf).status_code == 404


def test_a_preview_is_nothing_for_a_service(client: Client, told: Told) -> None:
    world, here = told.world, previewed(client, told)
    case = client.outside(lambda: make.submitted(world.priya, world.ng, contact=world.tom).number)
    client.sign_in(world.ruth.person_id)
    assert "Letters of the school" not in client.get(f"/workspace/cases/{case}/letters/").text
    letter = here.rsplit("/", 1)[1]
    assert client.get(f"/workspace/cases/{case}/letters/school/{letter}/letter.pdf").status_code == 404


def test_the_pages_ask_for_few_statements(client: Client, told: Told) -> None:
    here = made(client, told)
    for at, ceiling in (
        (told.letters, CEILINGS["letters"]),
        (here, CEILINGS["letter"]),
        (told.ready, CEILINGS["ready"]),
    ):
        client.get(at)
        assert client.statements.count <= ceiling, (at, client.statements.count)


def test_the_letterhead_of_a_school_is_its_attendance_leads(client: Client, told: Told) -> None:
    page = client.get("/portal/settings/letterhead")
    assert "Letterhead of Tawa Awa College" in page.text
    assert "Letterhead saved." in follow(client, client.fill(page, "Save the letterhead", phone="04 555 0123"))
    assert "04 555 0123" in client.get(told.ready).text
    client.sign_in(told.world.priya.person_id)
    assert client.get("/portal/settings/letterhead").status_code == 403


def test_a_former_caregiver_row_of_the_school_itself_is_no_others_word(client: Client, told: Told) -> None:
    change = client.get(f"{told.start}caregivers/{told.to}")
    follow(client, client.fill(change, "Save", phone="04 555 0111"))
    assert client.outside(lambda: len(db.session.scalars(select(FormerCaregiver)).all())) == 1
    assert client.get(f"{told.start}caregivers/{told.to}").status_code == 200


@pytest.mark.parametrize(("step", "half_days"), [(1, 10), (2, 20), (3, 4), (3, 44)])
def test_a_letter_counts_nothing_but_what_was_told_and_says_whose_word_it_is_of_nobody(
    client: Client, told: Told, step: int, half_days: int
) -> None:
    world = told.world
    client.outside(lambda: school.absent(world.mere, world.ng, half_days))
    if step == 3 and half_days < 30:
        client.outside(lambda: school.excepted(world.mere, world.ng, to(told), step))
    said = client.get(previewed(client, told)).text.split("<main")[1]
    assert f"away for {half_days // 2} days from" in said
    assert "as known on" in said
    for words in ("weeks of one term", "fifteen", "register stood", "this term"):
        assert words not in said, words
