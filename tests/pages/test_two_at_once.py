"""Two people on one case at the same second: what one did stands, and the other is told, with every word that they typed."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.cases.barriers.models import Barrier
from app.cases.entries import Audience, Entry, EntryKind, Meeting
from app.cases.models import Case, CasePerson, Part, Status, StatusChange
from app.cases.plans.models import Plan
from app.cases.tasks.models import Task
from app.core import clock
from app.core.db import db
from app.core.events import Audit
from app.people.models import Organisation, Person, Role
from app.referrals.models import Referral
from tests import make
from tests.pages.test_sent_at_once import at_once
from tests.support.client import Client

ONE, OTHER = "Zqxwvone", "Zqxwvother"
END = {f"expected_end_on-{box}": number for box, number in (("day", "1"), ("month", "12"), ("year", "2099"))}
STEPPING = {**END, "no_contact_why": "The office is closed."}
REGULAR = {"attendance": "Every day.", "no_transition_why": "x", "no_contact_why": "The office is closed."}
PLAN = {
    "goals-0-actions-0-text": "Bus card",
    "goals-0-actions-0-who": "Ana",
    "agreed_with": "Hēmi",
}
DECLINED = {"ground": "improving", "agreed": "yes"}
MANAGES = (CasePerson.part == Part.MANAGER, CasePerson.until.is_(None))
Values = Mapping[str, str]


@dataclass(frozen=True)
class Sent:
    """Who sends what from which page of the case; `typed` is the field that their own words stand in."""

    who: str
    page: str
    button: str
    typed: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Race:
    """Two who meet; what there is one row of more, however many sent it; where the one's words stand afterwards."""

    one: Sent
    other: Sent
    counted: Any
    stands_at: str


def same(page: str, button: str, typed: str, **values: str) -> tuple[Sent, Sent]:
    return Sent("ruth", page, button, typed, values), Sent("ana", page, button, typed, values)


CLOSING = "status/closing/attending_regularly"
RACES = {
    "two statuses": Race(
        Sent("ruth", "status/transition", "Step back: transition", "why", STEPPING),
        Sent("ana", CLOSING, "Close the case", "why", REGULAR),
        select(func.count()).select_from(StatusChange),
        "status",
    ),
    "one status": Race(
        *same(CLOSING, "Close the case", "why", **REGULAR), select(func.count(StatusChange.id)), "status"
    ),
    "a decline": Race(
        *same("status/decline/{request}", "Decline the request", "why", **DECLINED),
        select(func.count()).where(Referral.state == "declined"),
        "status",
    ),
    "a plan": Race(*same("plan/change", "Save", "goals-0-text", **PLAN), select(func.count(Plan.id)), "plan"),
    "a barrier": Race(
        *same("barriers/{barrier}", "Save", "about"),
        select(func.count()).where(Barrier.changed_at.is_not(None)),
        "plan",
    ),
}


@pytest.fixture
def here(client: Client, world: make.World, number: str) -> dict[str, str]:
    """What the addresses name."""

    def prepare() -> dict[str, str]:
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        make.event(world.ana, case, Audience.SERVICE)
        request = db.session.scalars(select(Referral.public_id)).one()
        return {
            "case": f"/workspace/cases/{number}/",
            "barrier": make.barrier(world.ana, case).public_id,
            "request": request,
        }

    found: dict[str, str] = client.outside(prepare)
    return found


@pytest.mark.parametrize("race", RACES.values(), ids=list(RACES))
def test_one_of_two_is_done_and_the_other_keeps_every_word(
    client: Client, another_client: Callable[[], Client], world: make.World, here: dict[str, str], race: Race
) -> None:
    before = count(client, race.counted)
    browsers = [client, another_client()]
    works = [ready(*each, world, here) for each in zip(browsers, (race.one, race.other), (ONE, OTHER), strict=True)]
    answers = at_once(*works)
    assert sorted(answer.status_code for answer in answers) == [303, 409], [answer.text[-900:] for answer in answers]
    assert count(client, race.counted) == before + 1
    for browser, answer, mark in zip(browsers, answers, (ONE, OTHER), strict=True):
        found = answer if answer.status_code == 409 else browser.get(here["case"] + race.stands_at)
        assert mark in unescape(found.text)


def ready(
    browser: Client, sent: Sent, mark: str, world: make.World, here: dict[str, str]
) -> Callable[[], TestResponse]:
    """The page is open, and filled in."""
    page = browser.sign_in(world.people[sent.who].person_id).get(here["case"] + sent.page.format(**here))
    assert page.status_code == 200, page.text
    return lambda: browser.fill(page, sent.button, **{**sent.values, sent.typed: mark})


def test_a_comment_at_the_second_of_closing_is_kept_or_shown_again(
    client: Client, another_client: Callable[[], Client], world: make.World, here: dict[str, str], number: str
) -> None:
    school = another_client().sign_in(world.tom.person_id)
    closing = ready(client, Sent("ruth", CLOSING, "Close the case", "why", REGULAR), ONE, world, here)
    closed, said = at_once(closing, lambda: school.send(f"/portal/cases/{number}/comments", body=OTHER))
    assert closed.status_code == 303
    kept = select(func.count()).where(Entry.kind == EntryKind.COMMENT, Entry.body == OTHER)
    assert (said.status_code, count(client, kept)) in {(303, 1), (403, 0)}
    assert said.status_code == 303 or OTHER in said.text
    assert client.outside(lambda: db.session.scalar(select(Case.status))) is Status.CLOSED


def test_of_two_leads_who_give_it_to_two_the_second_is_told_who_has_it(
    client: Client, another_client: Callable[[], Client], world: make.World, here: dict[str, str]
) -> None:
    others = another_lead(client, world)
    browsers = [client.sign_in(world.ruth.person_id), another_client().sign_in(others)]
    pages = [browser.get(here["case"] + "assignment") for browser in browsers]
    works = [giving(*each) for each in zip(browsers, pages, managers(client, "David Chen", "Kiri Lead"), strict=True)]
    answers = at_once(*works)
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert "was given this case meanwhile" in unescape(refused.text)
    assert count(client, select(func.count()).where(*MANAGES)) == 1


def another_lead(client: Client, world: make.World) -> int:
    """And another case manager."""

    def made() -> int:
        at = db.session.get_one(Organisation, world.te_awa.id)
        make.person("Kiri Lead", Role.CASE_MANAGER, at)
        return make.person("Rua Lead", Role.WORKFLOW_LEAD, at).person_id

    person_id: int = client.outside(made)
    return person_id


def giving(browser: Client, page: TestResponse, whom: str) -> Callable[[], TestResponse]:
    return lambda: browser.fill(page, "Give the case", case_manager=whom)


def managers(client: Client, *names: str) -> Iterator[str]:
    for name in names:
        yield client.outside(
            lambda name=name: db.session.scalars(select(Person.public_id).where(Person.name == name)).one()
        )


def count(client: Client, statement: Any) -> int:
    return int(client.outside(lambda: db.session.scalar(statement)) or 0)


def test_of_two_leads_who_hand_over_one_caseload_the_second_keeps_every_word(
    client: Client, another_client: Callable[[], Client], world: make.World, here: dict[str, str], number: str
) -> None:
    others = another_lead(client, world)
    browsers = [client.sign_in(world.ruth.person_id), another_client().sign_in(others)]
    pages = [browser.get(f"/workspace/caseloads/{world.ana.public_id}/handover") for browser in browsers]
    works = [
        handing_over(browser, page, whom, {f"note-{number}": mark})
        for browser, page, whom, mark in zip(
            browsers, pages, managers(client, "David Chen", "Kiri Lead"), (ONE, OTHER), strict=True
        )
    ]
    answers = at_once(*works)
    given, kept = sorted(answers, key=lambda answer: answer.status_code)
    assert (given.status_code, kept.status_code) in {(303, 409), (303, 422)}
    lost = (ONE, OTHER)[answers.index(kept)]
    assert lost in unescape(kept.text)
    assert count(client, select(func.count()).where(Entry.body.contains(lost))) == 0
    assert count(client, select(func.count()).where(*MANAGES)) == 1


def test_of_two_leads_who_let_the_same_person_stand_in_one_does_it(
    client: Client, another_client: Callable[[], Client], world: make.World, here: dict[str, str]
) -> None:
    others = another_lead(client, world)
    browsers = [client.sign_in(world.ruth.person_id), another_client().sign_in(others)]
    pages = [browser.get(here["case"] + "cover") for browser in browsers]
    today = clock.today()
    days = {f"{day}-{box}": str(getattr(today, box)) for day in ("first", "last") for box in ("day", "month", "year")}
    david = next(managers(client, "David Chen"))
    works = [
        pressing(*each, "Save the cover", {"case_manager": david, **days}) for each in zip(browsers, pages, strict=True)
    ]
    assert sorted(answer.status_code for answer in at_once(*works)) == [303, 422]
    assert count(client, select(func.count()).where(CasePerson.part == Part.COVER)) == 1


def test_a_task_that_two_have_done_is_done_once(
    client: Client, another_client: Callable[[], Client], world: make.World, here: dict[str, str], number: str
) -> None:
    works = on_a_task(client, another_client, world, number, ("Done", {}), ("Done", {}))
    assert [answer.status_code for answer in at_once(*works)] == [303, 303]
    assert count(client, select(func.count()).where(Audit.event == "task.done")) == 1


def test_a_task_that_is_done_while_another_arranges_it_stays_done(
    client: Client, another_client: Callable[[], Client], world: make.World, here: dict[str, str], number: str
) -> None:
    works = on_a_task(client, another_client, world, number, ("Done", {}), ("Save", {"due_on-year": "2027"}))
    finished, arranged = at_once(*works)
    assert finished.status_code == 303
    assert arranged.status_code in {303, 409}
    assert count(client, select(func.count()).where(Task.ended_at.is_not(None))) == 1


def test_what_two_record_at_once_stands_there_twice(
    client: Client, another_client: Callable[[], Client], world: make.World, here: dict[str, str]
) -> None:
    before = count(client, select(func.count(Meeting.id)))
    works = [
        ready(
            browser,
            Sent(who, "meetings", "Record for our service only", "body", {"kind": kind, "whom": "student"}),
            mark,
            world,
            here,
        )
        for browser, who, kind, mark in ((client, "ruth", "visit", ONE), (another_client(), "ana", "call", OTHER))
    ]
    assert [answer.status_code for answer in at_once(*works)] == [303, 303]
    assert count(client, select(func.count(Meeting.id))) == before + 2
    timeline = unescape(client.get(here["case"] + "meetings").text)
    assert ONE in timeline
    assert OTHER in timeline


def on_a_task(
    client: Client, another_client: Callable[[], Client], world: make.World, number: str, *presses: tuple[str, Values]
) -> list[Callable[[], TestResponse]]:
    """Ruth presses the first on its page, Ana the second."""

    def made() -> str:
        return make.task(world.ana, db.session.scalars(select(Case).where(Case.number == number)).one()).public_id

    address = f"/workspace/cases/{number}/tasks/{client.outside(made)}"
    browsers = [client.sign_in(world.ruth.person_id), another_client().sign_in(world.ana.person_id)]
    return [pressing(browser, browser.get(address), *press) for browser, press in zip(browsers, presses, strict=True)]


def pressing(browser: Client, page: TestResponse, button: str, values: Values) -> Callable[[], TestResponse]:
    return lambda: browser.fill(page, button, **values)


def handing_over(browser: Client, page: TestResponse, whom: str, values: Values) -> Callable[[], TestResponse]:
    return pressing(browser, page, "Hand over", {"to": whom, **values})
