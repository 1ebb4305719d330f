"""Giving out of the queue, cover and handing over, as a lead does them: without a script, twice, and with what goes wrong."""

from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from app.cases.assignment.actions import assign
from app.cases.models import Case, CasePerson, Part
from app.core import clock as core_clock
from app.core.db import db
from app.people.models import Person
from app.referrals.models import Referral, State
from tests import make
from tests.support.client import Client

pytestmark = pytest.mark.usefixtures("clock")
QUEUE, LOADS = "/workspace/queue/", "/workspace/caseloads/"


@pytest.fixture
def ruth(client: Client, world: make.World) -> Client:
    return client.sign_in(world.ruth.person_id)


@pytest.fixture
def queued(client: Client, world: make.World) -> list[str]:
    """Numbers of three cases in the queue, the last an urgent one with a safety note."""

    def send() -> list[str]:
        more = [{}, {}, {**make.URGENT, **make.SAFETY}]
        pupils = [make.student(f"Tama N{number}", world.tawa) for number in range(3)]
        return [
            make.submitted(world.priya, pupil, contact=world.tom, **each).number
            for pupil, each in zip(pupils, more, strict=True)
        ]

    numbers: list[str] = client.outside(send)
    return numbers


def managers(client: Client) -> dict[str, str]:
    """Who has which case, by number."""

    def read() -> dict[str, str]:
        named = select(Case.number, Person.name).join(CasePerson, CasePerson.case_id == Case.id)
        named = named.join(Person, Person.id == CasePerson.person_id)
        rows = db.session.execute(named.where(CasePerson.part == Part.MANAGER, CasePerson.until.is_(None)))
        return {row[0]: row[1] for row in rows}

    found: dict[str, str] = client.outside(read)
    return found


def days(first: int, last: int) -> dict[str, str]:
    today = core_clock.today()
    ends = (("first", today + timedelta(days=first)), ("last", today + timedelta(days=last)))
    return {f"{name}-{box}": str(getattr(day, box)) for name, day in ends for box in ("day", "month", "year")}


def test_the_queue_shows_each_persons_load_and_takes_no_further_statement(
    ruth: Client, world: make.World, queued: list[str], number: str
) -> None:
    page = ruth.get(QUEUE)
    assert ruth.statements.count == 3
    shown = unescape(page.text)
    assert "Ana Tuhoro: 1 open<" in shown
    assert "David Chen: 0 open<" in shown
    assert shown.count("there is a dog behind the gate") == 1
    assert [shown.index(each) for each in (queued[2], queued[0], queued[1])] == sorted(
        shown.index(each) for each in queued
    )
    assert number not in shown, "somebody has it"


def test_ticked_cases_are_given_with_one_press_and_a_second_press_does_nothing(
    client: Client, ruth: Client, world: make.World, queued: list[str]
) -> None:
    page = ruth.get(QUEUE)
    once = page.text.split('name="once" value="')[1].split('"')[0]
    sent = {"case": queued[:2], "case_manager": world.david.public_id, "once": once}
    answers = [ruth.send(f"{QUEUE}assignment", **sent) for _ in range(2)]
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, QUEUE)] * 2
    assert {managers(client)[each] for each in queued[:2]} == {"David Chen"}
    assert queued[2] not in managers(client)
    assert "David Chen has 2 cases more now, and is told once." in ruth.get(QUEUE).text
    taken = select(Referral.id).where(Referral.state == State.TAKEN_UP)
    assert len(client.outside(lambda: db.session.scalars(taken).all())) == 2


def test_one_that_somebody_took_meanwhile_is_named_and_the_others_are_given(
    client: Client, ruth: Client, world: make.World, queued: list[str]
) -> None:
    def takes() -> None:
        case = db.session.scalars(select(Case).where(Case.number == queued[0])).one()
        assign(case.id, to=world.ana.person_id, by=world.ruth)

    client.outside(takes)
    ruth.send(f"{QUEUE}assignment", case=queued, case_manager=world.david.public_id)
    said = ruth.get(QUEUE).text
    assert f"Not given: {queued[0]}." in said
    assert "has 2 cases more" in said
    assert managers(client)[queued[0]] == "Ana Tuhoro"


@pytest.mark.parametrize("missing", [(0, "david", "Tick the cases first"), (1, "", "Choose a case manager")])
def test_what_is_missing_is_said_and_the_ticks_stay(
    ruth: Client, world: make.World, queued: list[str], missing: tuple[int, str, str]
) -> None:
    ticks, whom, said = missing
    chosen = world.people[whom].public_id if whom else ""
    page = ruth.send(f"{QUEUE}assignment", case=queued[:ticks], case_manager=chosen)
    assert page.status_code == 422
    assert said in page.text
    assert page.text.count(" checked") == ticks


def test_nothing_of_another_service_is_given_or_learned(client: Client, world: make.World, queued: list[str]) -> None:
    client.sign_in(world.lupe.person_id)
    answer = client.send(f"{QUEUE}assignment", case=queued, case_manager=world.wiremu.public_id)
    assert answer.status_code == 404
    page = client.get(LOADS).text
    assert "Wiremu Paki" in page
    assert "Ana Tuhoro" not in page
    assert "David Chen" not in page


def test_cover_for_all_that_somebody_has(client: Client, ruth: Client, world: make.World, number: str) -> None:
    here = f"{LOADS}{world.ana.public_id}/cover"
    refused = ruth.send(here, case_manager=world.david.public_id, **days(2, 0))
    assert refused.status_code == 422
    assert "before the first" in refused.text
    assert ruth.send(here, case_manager="", **days(0, 1)).status_code == 422
    assert ruth.send(here, case_manager=world.david.public_id, **days(0, 1)).location == LOADS
    listed = ruth.get(LOADS).text
    assert "on 1 case, and on what Ana Tuhoro is given meanwhile" in unescape(listed)
    assert "David Chen, Tue 3 March to Wed 4 March" in unescape(listed)
    assert "David Chen stands in until Wed 4 March" in ruth.get(f"/workspace/cases/{number}/").text
    assert "David Chen</bdi> stands in" in ruth.get("/workspace/cases/").text
    again = ruth.send(here, case_manager=world.david.public_id, **days(0, 1))
    assert again.status_code == 303
    assert "Nothing changed, and nobody was told" in ruth.get(LOADS).text
    client.sign_in(world.david.person_id)
    assert client.get(f"/workspace/cases/{number}/").status_code == 200
    ruth.sign_in(world.ruth.person_id)
    page = ruth.get(here)
    assert ruth.fill(page, "End it now: David Chen").status_code == 303
    client.sign_in(world.david.person_id)
    assert client.get(f"/workspace/cases/{number}/").status_code == 404


def test_cover_for_one_case(client: Client, ruth: Client, world: make.World, number: str) -> None:
    here = f"/workspace/cases/{number}/cover"
    assert "Ana Tuhoro:" not in ruth.get(here).text.split("Who stands in?")[1], "nobody for themselves"
    assert ruth.send(here, case_manager=world.david.public_id, **days(0, 0)).status_code == 303
    twice = ruth.send(here, case_manager=world.david.public_id, **days(0, 0))
    assert twice.status_code == 422
    assert "already" in twice.text
    assert ruth.fill(ruth.get(here), "End it now: David Chen").status_code == 303
    assert "stands in no more on this case" in ruth.get(f"/workspace/cases/{number}/").text
    assert "stands in until" not in ruth.get(f"/workspace/cases/{number}/").text


def test_a_handover_is_kept_as_it_is_written_and_then_carried_out(
    client: Client, ruth: Client, world: make.World, number: str
) -> None:
    here = f"{LOADS}{world.ana.public_id}/handover"
    page = ruth.get(here)
    assert "No contact is recorded yet." in page.text
    assert "Hēmi Whānau" in page.text
    written = {f"note-{number}": "Zqxwv: ring the nan first.", f"to-{number}": world.david.public_id}
    part = ruth.post(f"{here}/unsent", data={"csrf_token": token(page.text), **written}, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "data-put" in part.text
    again = ruth.get(here)
    assert "Zqxwv: ring the nan first." in again.text
    assert "Saved" not in managers(client)
    assert managers(client)[number] == "Ana Tuhoro"
    assert "Zqxwv" not in ruth.get(f"/workspace/cases/{number}/").text, "it is no note yet"
    assert ruth.fill(again, "Hand over").location == LOADS
    assert managers(client)[number] == "David Chen"
    assert "1 case handed over, each with its note and its tasks." in ruth.get(LOADS).text
    client.sign_in(world.david.person_id)
    told = unescape(client.get(f"/workspace/cases/{number}/").text)
    assert "Handover from Ana Tuhoro to David Chen" in told
    assert "Zqxwv: ring the nan first." in told
    client.sign_in(world.tom.person_id)
    assert "Zqxwv" not in client.get(f"/portal/cases/{number}/").text


def test_a_handover_says_what_is_missing_and_loses_no_word(
    client: Client, ruth: Client, world: make.World, number: str
) -> None:
    here = f"{LOADS}{world.ana.public_id}/handover"
    for whom, said in (("", "choose who takes it"), (world.wiremu.public_id, "choose somebody from the list")):
        page = ruth.send(here, **{"to": "", f"to-{number}": whom, f"note-{number}": "Zqxwv: kept."})
        assert page.status_code == 422
        assert said in page.text
        assert "Zqxwv: kept." in page.text
    long = ruth.send(here, **{"to": world.david.public_id, f"note-{number}": "x" * 10_001})
    assert long.status_code == 422
    assert "longer than 10,000 characters" in long.text
    assert ruth.send(here, **{"to": world.david.public_id, f"to-{number}": "stays"}).status_code == 303
    assert managers(client)[number] == "Ana Tuhoro"
    client.outside(
        lambda: make.closed(db.session.scalars(select(Case).where(Case.number == number)).one(), by=world.ruth)
    )
    assert "has no case now" in ruth.get(here).text


def test_a_case_that_came_after_the_page_was_opened_is_not_handed_over(
    client: Client, ruth: Client, world: make.World, number: str, queued: list[str]
) -> None:
    page = ruth.get(f"{LOADS}{world.ana.public_id}/handover")
    given_meanwhile(client, queued[0], world.ana.person_id, world)
    assert ruth.fill(page, "Hand over", to=world.david.public_id).status_code == 303
    assert managers(client)[number] == "David Chen"
    assert managers(client)[queued[0]] == "Ana Tuhoro"
    assert "1 case handed over" in ruth.get(LOADS).text


def test_what_was_written_for_a_case_that_went_elsewhere_is_shown_again(
    client: Client, ruth: Client, world: make.World, number: str, queued: list[str]
) -> None:
    given_meanwhile(client, queued[0], world.ana.person_id, world)
    here = f"{LOADS}{world.ana.public_id}/handover"
    written = {f"note-{number}": "Zqxwv: stays.", f"note-{queued[0]}": "Zqxwv: ring the nan first."}
    sent = {"to": world.david.public_id, **written}
    given_meanwhile(client, number, world.david.person_id, world)
    again = ruth.send(here, **sent)
    assert again.status_code == 422
    assert f"{number}: somebody else has it by now, or it is closed." in again.text
    assert "Zqxwv: stays.</dd>" in again.text
    assert managers(client)[queued[0]] == "Ana Tuhoro", "nothing is half done"
    assert ruth.fill(again, "Hand over").status_code == 303
    assert managers(client)[queued[0]] == "David Chen"


def given_meanwhile(client: Client, number: str, person_id: int, world: make.World) -> None:
    def gives() -> None:
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        assign(case.id, to=person_id, by=world.ruth)

    client.outside(gives)


def test_what_a_lead_did_stands_in_the_access_log_in_words(
    client: Client, ruth: Client, world: make.World, number: str
) -> None:
    ruth.send(f"/workspace/cases/{number}/cover", case_manager=world.david.public_id, **days(0, 0))
    ruth.fill(ruth.get(f"/workspace/cases/{number}/cover"), "End it now: David Chen")
    log = unescape(ruth.get(f"/workspace/cases/{number}/access").text)
    assert "let David Chen stand in for the case manager" in log
    assert "ended the cover by David Chen" in log


def token(html: str) -> str:
    return html.split('name="csrf_token" value="')[1].split('"', maxsplit=1)[0]
