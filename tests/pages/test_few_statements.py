"""How many statements a write asks for, sign-in included (`quality.md`: at most 9), at a case of the usual size, and however many
cases it is about."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.cases.entries import Audience
from app.cases.models import Case
from app.core import clock as core_clock
from app.core.db import db
from app.referrals.models import Referral
from app.students.models import Caregiver
from tests import make
from tests.support.client import Client

pytestmark = pytest.mark.usefixtures("clock")
QUEUE, LOADS = "/workspace/queue/", "/workspace/caseloads/"
SHARED, SERVICE = "Record and share with Tawa Awa College", "Record for our service only"
ALWAYS = 5
"""Who is signed in, the once-only key, the case; who did it, and where the key leads."""
TOLD = 2
"""Who follows the case, and the outbox."""
CEILINGS = {
    # The entry and the event; whether it was recorded before; the case held, all that was done, and both clocks by it.
    "a meeting, shared": ALWAYS + TOLD + 6,
    "a meeting for the service": ALWAYS + 5,
    "an attempt": ALWAYS + 3,
    # The same; the tasks that are open, the one that it does, and the one that comes next.
    "a meeting that was agreed": ALWAYS + TOLD + 8,
    # The tasks that are open; once both clocks have stopped nothing is asked of them.
    "a further meeting": ALWAYS + 5,
    # The plan, its goals, their actions, the entry.
    "a plan": ALWAYS + TOLD + 4,
    # What it said before, goals and all; then the plan, its goals, their actions.
    "a plan again": ALWAYS + 5,
    # The case held, the last talk, the case, the counts, the change and what it rests on, the entry.
    "transition": ALWAYS + TOLD + 7,
    "transition goes on": ALWAYS + 4,
    "open again": ALWAYS + TOLD + 5,
    # As transition; and what ends with it.
    "closing": ALWAYS + TOLD + 8,
    # As open again; the student held, and whether there is another case; new clocks, who read on until now, and who waits.
    "reopening": ALWAYS + TOLD + 9,
    # The requests, and once more when they are held; the talk, the case held, the request, two entries, who sent it.
    "declining one of two": ALWAYS + TOLD + 8,
    # The same with all that closing is, and what follows from that for whoever is told.
    "declining the last": ALWAYS + TOLD + 13,
    # What is recorded, and once more when it is held; what was, the student, by what they are found, since when reached;
    # and the letters that rest on it.
    "another address": ALWAYS + 8,
    "another name": ALWAYS + 7,
    "another address and name": ALWAYS + 11,
    "another address of a caregiver": ALWAYS + 8,
    # The case held, who has it, who takes it, both of them named, cover to carry on, the entry, the requests;
    # the case, which says so too; and the tasks that were to be done by somebody who works it no more.
    "giving a case on": ALWAYS + TOLD + 10,
    # The same, with the case, the counts, the change, and whom the status tells.
    "giving out of the queue": ALWAYS + TOLD + 12,
    # Who stands in, the case held, who has it, on which days they do already, cover, the entry;
    # where it ends, also the tasks of whoever stood in.
    "cover": ALWAYS + TOLD + 6,
    "cover ended": ALWAYS + TOLD + 8,
}
OF_MANY = {"giving out": 22, "handing over": 24, "cover": 16, "cover ended": 16}
"""However many cases: one statement for each table and each question."""


Keeps = Callable[[str, TestResponse], None]


@pytest.fixture
def keeps(client: Client) -> Keeps:
    """What was sent is done, and took no more statements than that."""

    def check(what: str, answer: TestResponse) -> None:
        assert answer.status_code == 303, answer.text
        _within(client, what, CEILINGS[what])

    return check


def _within(client: Client, what: str, ceiling: int) -> None:
    listed = "\n".join(" ".join(text.split())[:160] for text in client.statements.texts)
    assert client.statements.count <= ceiling, f"{what}: {client.statements.count}, at most {ceiling}\n{listed}"


@pytest.fixture
def ana(client: Client, world: make.World) -> Client:
    return client.sign_in(world.ana.person_id)


@pytest.fixture
def ruth(client: Client, world: make.World) -> Client:
    return client.sign_in(world.ruth.person_id)


def boxes(name: str, days: int) -> dict[str, str]:
    day = core_clock.today() + timedelta(days=days)
    return {f"{name}-{box}": str(getattr(day, box)) for box in ("day", "month", "year")}


def the_case(number: str) -> Case:
    return db.session.scalars(select(Case).where(Case.number == number)).one()


def test_recording_what_happened(ana: Client, world: make.World, number: str, keeps: Keeps) -> None:
    def record(to: str, **said: Any) -> TestResponse:
        page = ana.get(f"/workspace/cases/{number}/meetings")
        return ana.fill(page, to, **{"kind": "visit", "whom": ["school"], "body": "Mondays.", **said})

    keeps("a meeting, shared", record(SHARED))
    keeps("a meeting for the service", record(SERVICE, whom=["student"]))
    keeps("an attempt", record(SERVICE, was="attempted", whom=["caregiver"]))
    ana.outside(lambda: make.task(world.ana, the_case(number), meeting_kind="call"))
    next_step = {"next_step": "Ring nan", **boxes("next_on", 3)}
    keeps("a meeting that was agreed", record(SHARED, kind="call", **next_step))
    assert record(SERVICE, kind="visit", whom=["student", "caregiver"]).status_code == 303
    keeps("a further meeting", record(SERVICE, kind="call", whom=["caregiver"]))


def test_writing_a_plan(ana: Client, number: str, keeps: Keeps) -> None:
    here, goal = f"/workspace/cases/{number}/plan/change", "goals-0-actions-0"
    said = {"goals-0-text": "At school", f"{goal}-text": "Bus card", f"{goal}-who": "Ana", "agreed_with": "Hēmi"}
    keeps("a plan", ana.fill(ana.get(here), "Save", **said, **boxes(f"{goal}-by_on", 30)))
    keeps("a plan again", ana.fill(ana.get(here), "Save", agreed_with="Hēmi and his nan"))


def test_changing_a_status(ana: Client, number: str, keeps: Keeps) -> None:
    def becomes(change: str, stands: str, **said: str) -> TestResponse:
        told = {"why": "So it is.", "no_contact_why": "Closed."}
        return ana.send(f"/workspace/cases/{number}/status/{change}", stands=stands, **told, **said)

    keeps("transition", becomes("transition", "open", **boxes("expected_end_on", 30)))
    keeps("transition goes on", becomes("extension", "transition", **boxes("expected_end_on", 40)))
    keeps("open again", becomes("open", "transition"))
    closing = {"attendance": "Each day.", "no_transition_why": "All is well."}
    keeps("closing", becomes("closing/attending_regularly", "open", **closing))
    keeps("reopening", becomes("open", "closed"))


def test_declining_requests(ana: Client, world: make.World, number: str, keeps: Keeps) -> None:
    def two_schools() -> list[str]:
        make.enrolled(world.whanau.id, world.puna)
        make.submitted(world.jin, world.whanau, contact=world.jin)
        make.event(world.ana, the_case(number), Audience.SERVICE)
        return list(db.session.scalars(select(Referral.public_id).order_by(Referral.id)))

    first, second = ana.outside(two_schools)
    typed = {"ground": "other_service", "agreed": "yes", "why": "So it is.", "with_whom": "Mere", "stands": "open"}
    keeps("declining one of two", ana.send(f"/workspace/cases/{number}/status/decline/{second}", **typed))
    keeps("declining the last", ana.send(f"/workspace/cases/{number}/status/decline/{first}", **typed))


def test_changing_an_address(ana: Client, number: str, keeps: Keeps) -> None:
    def change(**said: str) -> TestResponse:
        return ana.fill(ana.get(f"/workspace/cases/{number}/student/change"), "Save", **said)

    keeps("another address", change(address="7 Rata Road"))
    keeps("another name", change(legal_name="Hēmi Pōtae"))
    keeps("another address and name", change(legal_name="Hēmi Zqxwv", address="9 Rata Road"))
    caregiver = ana.outside(lambda: db.session.scalars(select(Caregiver.public_id)).one())
    page = ana.get(f"/workspace/cases/{number}/caregivers/{caregiver}")
    known = {"address_source": "Nan", "address_state": "current", **boxes("address_checked_on", 0)}
    keeps("another address of a caregiver", ana.fill(page, "Save", address="7 Rata Road", **known))


def test_giving_a_case(ruth: Client, world: make.World, number: str, keeps: Keeps) -> None:
    def give(case: str, has_now: str) -> TestResponse:
        return ruth.send(f"/workspace/cases/{case}/assignment", case_manager=world.david.public_id, has_now=has_now)

    keeps("giving a case on", give(number, world.ana.public_id))
    keeps("giving out of the queue", give(asked_for(ruth, world, 1)[0], ""))


def test_standing_in_on_a_case(ruth: Client, world: make.World, number: str, keeps: Keeps) -> None:
    here, days = f"/workspace/cases/{number}/cover", {**boxes("first", 0), **boxes("last", 2)}
    keeps("cover", ruth.send(here, case_manager=world.david.public_id, **days))
    keeps("cover ended", ruth.send(f"{here}/ending", case_manager=world.david.public_id))


@pytest.mark.parametrize("count", [1, 20])
def test_many_cases_take_no_more_than_one(ruth: Client, world: make.World, count: int) -> None:
    numbers, days = asked_for(ruth, world, count), {**boxes("first", 0), **boxes("last", 2)}
    ana, david = (world.people[who].public_id for who in ("ana", "david"))
    notes = {f"note-{number}": "Ring the nan first." for number in numbers}
    for what, path, sent in (
        ("giving out", f"{QUEUE}assignment", {"case": numbers, "case_manager": ana}),
        ("handing over", f"{LOADS}{ana}/handover", {"to": david, **notes}),
        ("cover", f"{LOADS}{david}/cover", {"case_manager": ana, **days}),
        ("cover ended", f"{LOADS}{david}/cover/ending", {"case_manager": ana}),
    ):
        assert ruth.send(path, **sent).status_code == 303
        _within(ruth, what, OF_MANY[what])
        said = ruth.get(LOADS).text
        assert what == "giving out" or f"{count} case" in said, "it was done"


def asked_for(client: Client, world: make.World, count: int) -> Sequence[str]:
    """Numbers of so many cases in the queue."""

    def send() -> list[str]:
        pupils = [make.student(f"Tama N{number}", world.tawa) for number in range(count)]
        return [make.submitted(world.priya, pupil, contact=world.tom).number for pupil in pupils]

    numbers: Sequence[str] = client.outside(send)
    return numbers
