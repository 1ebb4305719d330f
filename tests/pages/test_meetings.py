"""What happened on a case: recorded by whoever works it, and what of it a school learns (CASE-12, CASE-13, SHARE-1)."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import func, select
from time_machine import Traveller
from werkzeug.test import TestResponse

from app.cases.entries import Audience, Entry, EntryKind, Meeting
from app.cases.meetings.models import MeetingAnswer
from app.cases.models import Case
from app.cases.tasks.models import Task
from app.core import clock
from app.core.db import db
from app.core.events import Audit
from app.people.models import Organisation
from tests import make
from tests.support.client import Client

CEILINGS = {"list": 6, "one": 5, "post": 11}
"""Recording asks whether the same was recorded before, writes entry and event, holds the case, counts both clocks from all that was done, and looks for the task it does."""
BUTTONS = {
    "shared": "Record and share with Tawa Awa College",
    "service": "Record for our service only",
    "restricted": "Record restricted",
}
VISIT = {"kind": "visit", "whom": ["school"], "body": "Talked about Mondays."}


@pytest.fixture(autouse=True)
def _on_a_tuesday(clock: Traveller) -> None:
    """3 March 2026, in the morning."""


@pytest.fixture
def here(number: str) -> str:
    return f"/workspace/cases/{number}/meetings"


@pytest.fixture
def ana(client: Client, world: make.World) -> Client:
    return client.sign_in(world.ana.person_id)


def record(client: Client, here: str, to: str = "service", **said: Any) -> TestResponse:
    """As the form stands, with what is said of it."""
    return client.fill(client.get(here), BUTTONS[to], **{**VISIT, **said})


def kept(client: Client, what: Any) -> Any:
    return client.outside(lambda: db.session.scalars(select(what)).all())


def count(client: Client, table: Any, **values: Any) -> int:
    statement = select(func.count()).select_from(table).filter_by(**values)
    found: int = client.outside(lambda: db.session.scalar(statement))
    return found


def words(page: TestResponse) -> str:
    return unescape(page.text)


def test_a_visit_is_three_taps_and_a_sentence(ana: Client, here: str) -> None:
    answer = record(ana, here)
    assert answer.status_code == 303, answer.text
    assert ana.statements.count <= CEILINGS["post"]
    assert kept(ana, Meeting.happened_on) == [clock.today()]
    (entry,) = kept(ana, Entry.body) and ana.outside(
        lambda: db.session.execute(
            select(Entry.kind, Entry.audience, Entry.body).where(Entry.kind == EntryKind.EVENT)
        ).all()
    )
    assert (entry.audience, entry.body) == (Audience.SERVICE, "Talked about Mondays.")
    assert kept(ana, Case.met_school_on) == [clock.today()]
    assert count(ana, Audit, event="meeting.recorded") == 1
    shown = words(ana.get(here))
    assert ana.statements.count <= CEILINGS["list"]
    for text in (
        "Visit",
        "in person, with the school",
        "Talked about Mondays.",
        "Met on Tue 3 March",
        "Our service only",
    ):
        assert text in shown
    case = words(ana.get(here.removesuffix("meetings")))
    assert "in person, with the school" in case
    assert 'meetings#record"' in case


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"kind": None}, "Say what it was"),
        ({"whom": None}, "Say with whom"),
        ({"day": "other"}, "Write the day on which it was"),
        ({"other_day-day": "31", "other_day-month": "2", "other_day-year": "2026"}, "There is no such day"),
        ({"other_day-day": "4", "other_day-month": "3", "other_day-year": "2026"}, "This is still to come"),
        ({"began_at": "23:59"}, "This is still to come"),
        ({"mode": "letter"}, "“Visit” is not by letter"),
        ({"next_step": "Ring nan"}, "Say by when"),
        ({"next_on-day": "2", "next_on-month": "3", "next_on-year": "2026", "next_step": "x"}, "That day has passed"),
        ({"audience": None}, "Press one of the three buttons"),
    ],
)
def test_what_is_missing_or_cannot_be_is_said_and_nothing_typed_is_lost(
    ana: Client, here: str, wrong: dict[str, Any], why: str
) -> None:
    answer = record(
        ana, here, **{"with_others": "Aunty Rāwinia", **({"with_others": ""} if "whom" in wrong else {}), **wrong}
    )
    assert answer.status_code == 422
    assert why in words(answer)
    assert "Talked about Mondays." in words(answer)
    assert count(ana, Meeting) == 0


def test_an_attempt_stops_no_clock_and_is_counted(ana: Client, here: str) -> None:
    assert record(ana, here, was="attempted", whom=["school", "student", "caregiver"]).status_code == 303
    assert kept(ana, Case.met_school_on) == kept(ana, Case.engaged_on) == [None]
    shown = words(ana.get(here))
    assert "1 attempt since" in shown
    assert ">Attempted<" in shown


def test_a_next_step_is_a_task_and_what_was_agreed_is_done(ana: Client, here: str) -> None:
    then = clock.today() + timedelta(days=2)
    step = {"next_step": "Ring nan", "next_on-day": str(then.day), "next_on-month": "3", "next_on-year": "2026"}
    assert record(ana, here, **step).status_code == 303
    assert ana.outside(lambda: db.session.execute(select(Task.what, Task.due_on)).all()) == [("Ring nan", then)]


def test_what_is_entered_late_says_so(ana: Client, here: str) -> None:
    record(ana, here, **{"other_day-day": "23", "other_day-month": "2", "other_day-year": "2026"})
    assert "Entered 6 working days later" in words(ana.get(here))
    assert kept(ana, Case.met_school_on) == [None], "before the clock began"


def test_a_retracted_event_stops_no_clock(ana: Client, here: str) -> None:
    record(ana, here)
    assert kept(ana, Case.met_school_on) == [clock.today()]
    (entry,) = ana.outside(
        lambda: db.session.scalars(select(Entry.public_id).where(Entry.kind == EntryKind.EVENT)).all()
    )
    page = ana.get(here.replace("meetings", f"entries/{entry}/retraction"))
    assert ana.fill(page, "Retract it").status_code == 303
    assert kept(ana, Case.met_school_on) == [None]
    assert "Talked about Mondays." not in words(ana.get(here))


def test_the_list_of_a_first_meeting_is_offered_until_both_were_met(ana: Client, world: make.World, here: str) -> None:
    page = ana.get(here)
    opened = ana.fill(page, "Open the list of a first meeting", **VISIT)
    assert opened.status_code == 200
    for text in ("Talked about Mondays.", "The bus comes too early.", "Away most Mondays", "Rang home"):
        assert text in words(opened)
    assert count(ana, Meeting) == 0
    answer = ana.fill(opened, BUTTONS["shared"], whom=["school", "caregiver"], health="Asthma qzxwv", helped="")
    assert answer.status_code == 303
    kept_answers = dict(ana.outside(lambda: list(db.session.execute(select(MeetingAnswer.field, MeetingAnswer.text)))))
    assert kept_answers["health"] == "Asthma qzxwv"
    assert "helped" not in kept_answers
    page = ana.get(here)
    assert "Open the list of a first meeting" not in page.text
    assert "Asthma qzxwv" not in page.text
    (entry,) = ana.outside(
        lambda: db.session.scalars(select(Entry.public_id).where(Entry.kind == EntryKind.EVENT)).all()
    )
    one = words(ana.get(f"{here}/{entry}"))
    assert ana.statements.count <= CEILINGS["one"]
    assert "Asthma qzxwv" in one
    undo = ana.get(here)
    assert ana.fill(undo, "Share now what you wrote Tue 3 March, 9:00 am").status_code == 303
    assert (
        "Asthma qzxwv"
        not in ana.sign_in(world.mere.person_id).get(here.replace("workspace", "portal").removesuffix("meetings")).text
    )


def test_a_case_says_by_which_events_student_and_whanau_were_met(
    client: Client, world: make.World, here: str, clock: Traveller
) -> None:
    def met() -> str:
        case = db.session.scalars(select(Case)).one()
        make.event(world.ana, case, Audience.SERVICE, kind="visit", with_school=False, with_student=True)
        clock.shift(timedelta(days=1))
        entry = make.event(world.ana, case, Audience.RESTRICTED, kind="visit", with_school=False, with_caregiver=True)
        return entry.public_id

    restricted = client.outside(met)
    page = unescape(client.sign_in(world.ana.person_id).get(here).text)
    assert client.statements.count <= 7, "with what was typed before and not recorded"
    assert "Student and whānau have both been met by Wed 4 March: " in page
    said = page[page.index("have both been met") :].partition("</p>")[0]
    assert said.index("Tue 3 March") < said.index(f"{here}/{restricted}") < said.index("Wed 4 March</a>")
    assert "Both met by Wed 4 March, day 1 of 10" in client.get(here.removesuffix("meetings")).text
    client.outside(lambda: setattr(db.session.get_one(Organisation, world.te_awa.id), "case_managers_see_cases", True))
    page = unescape(client.sign_in(world.david.person_id).get(here).text)
    assert "have both been met" not in page, "nor when, by what they may not read"
    assert restricted not in page, "what they may not read they are not led to"
