"""Letters that would go to somebody whom people have just spoken with: left out of a batch, and said on the page of one (LET-4)."""

from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select
from time_machine import Traveller

from app.calendars.school_calendar import SchoolCalendar
from app.calendars.school_days import recent_since, school_days_since
from app.cases.comments.actions import retract
from app.cases.entries import Audience, Entry, EntryKind
from app.cases.many import heads_of
from app.cases.meetings.queries import spoken_since
from app.cases.models import Case
from app.core import clock as core_clock
from app.core.db import db
from app.letters.batches.rules import why_not
from app.letters.many import dossiers_of_each
from app.letters.purposes import Purpose
from app.letters.readiness import readiness
from app.people.queries import Actor
from tests import make
from tests.letters import school
from tests.support.client import Client
from tests.support.databases import Database, Scene

TALK: dict[str, Any] = {"kind": "call", "mode": "phone", "with_school": False, "with_caregiver": True}
MARK = "Is a letter still right today?"


class Told(NamedTuple):
    """A case of Ana's on which letter 1 is ready; what was recorded before is long ago."""

    world: make.World
    number: str
    to: str

    @property
    def ready(self) -> str:
        return f"/workspace/cases/{self.number}/letters/to/{self.to}"


def letter_ready() -> Told:
    world = make.world()
    case = make.open_case(world)
    return Told(world, case.number, make.letter_ready(world, case).public_id)


@pytest.fixture
def scene() -> Scene:
    return letter_ready


@pytest.fixture
def told(clock: Traveller, client: Client, database: Database) -> Told:
    made: Told = database.made
    client.sign_in(made.world.ana.person_id)
    return made


def the_case(told: Told) -> Case:
    return db.session.scalars(select(Case).where(Case.number == told.number)).one()


def spoke(
    client: Client,
    told: Told,
    *,
    by: Actor | None = None,
    days: int = 0,
    audience: Audience = Audience.SERVICE,
    **said: Any,
) -> str:
    """The public id of what was recorded."""
    on = core_clock.today() - timedelta(days=days)
    what = TALK | {"happened_on": on} | said

    def work() -> str:
        return make.event(
            by or told.world.ana, the_case(told), audience, "Zqxwv said in confidence", waits=True, **what
        ).public_id

    return str(client.outside(work))


def page(client: Client, told: Told) -> str:
    return unescape(client.get(told.ready).text).split("<main")[1]


def in_batch(client: Client, told: Told, by: Actor | None = None) -> str:
    """Why the letter is not ready there."""

    def work() -> str:
        reader = by or told.world.ana
        heads = heads_of(reader, [the_case(told).id])
        (dossier,) = dossiers_of_each(Purpose.CA, list(heads.values()), reader)
        return why_not(readiness(dossier, core_clock.today()))

    return str(client.outside(work))


def test_a_call_just_now_is_said_on_the_page_and_stops_nothing_there(client: Client, told: Told) -> None:
    assert MARK not in page(client, told)
    talk = spoke(client, told)
    shown = page(client, told)
    assert f"A caregiver was spoken with on Tue 3 March (call, Ana Tuhoro). {MARK}" in shown
    assert f'href="/workspace/cases/{told.number}/meetings/{talk}"' in shown
    assert f'href="/workspace/cases/{told.number}/letters/holds/new"' in shown
    assert "Zqxwv" not in shown
    assert "Everything is there." in shown
    assert client.send(told.ready).status_code == 303


def test_in_a_batch_the_letter_waits_and_says_why(client: Client, told: Told) -> None:
    assert in_batch(client, told) == ""
    spoke(client, told, kind="visit", mode="in_person", with_student=True, done_by="Hinewai Paki")
    assert in_batch(client, told) == (
        f"A caregiver and the student were spoken with on Tue 3 March (visit, Hinewai Paki). {MARK}"
    )


@pytest.mark.parametrize(
    "said",
    [
        {"is_done": False},
        {"with_caregiver": False, "with_school": True},
        {"kind": "message", "mode": "text"},
        {"kind": "agency", "mode": "phone", "with_others": "A clinic"},
        {"days": 6},
    ],
)
def test_what_is_no_talk_with_them_just_now_is_not_said(client: Client, told: Told, said: dict[str, Any]) -> None:
    """Tried in vain, with the school alone, a message, an agency, and four school days ago."""
    spoke(client, told, **said)
    assert MARK not in page(client, told)
    assert in_batch(client, told) == ""


def test_three_school_days_ago_is_still_just_now(client: Client, told: Told) -> None:
    spoke(client, told, days=5)
    assert "on Thu 26 February (call" in page(client, told)
    assert MARK in in_batch(client, told)


def test_days_on_which_the_school_of_the_case_was_closed_do_not_count(client: Client, told: Told) -> None:
    """Four school days ago by the terms of the country, and one by this school's."""
    world = told.world
    spoke(client, told, days=6)
    client.outside(lambda: school.closed(world.jin, date(2026, 2, 26), date(2026, 3, 2)))
    assert MARK not in page(client, told), "another school"
    client.outside(lambda: school.closed(world.mere, date(2026, 2, 26), date(2026, 3, 2)))
    assert "on Wed 25 February (call" in page(client, told)
    assert MARK in in_batch(client, told)


def test_the_latest_is_said(client: Client, told: Told) -> None:
    spoke(client, told, days=1, with_student=True, with_caregiver=False)
    assert "The student was spoken with on Mon 2 March" in page(client, told)
    spoke(client, told)
    assert "A caregiver was spoken with on Tue 3 March" in page(client, told)


def test_of_a_restricted_talk_those_who_read_it_are_told_the_day_and_no_more(client: Client, told: Told) -> None:
    world = told.world
    spoke(client, told, audience=Audience.RESTRICTED, done_by="Hinewai Paki")
    said = f"A caregiver was spoken with on Tue 3 March (restricted). {MARK}"
    assert said in page(client, told)
    for who in (world.ana, world.ruth):
        assert in_batch(client, told, who) == said


def test_a_restricted_talk_shows_through_nowhere_to_who_may_not_read_it(client: Client, told: Told) -> None:
    """David sees his service’s cases where that is so set, and reads nothing restricted on them; a school reads what is shared."""
    world = told.world
    david = replace(world.david, sees_service_cases=True)
    spoke(client, told, audience=Audience.RESTRICTED)

    def known(to: Actor) -> int:
        return len(spoken_since(to, [the_case(told).id], core_clock.today()))

    assert [client.outside(lambda to=to: known(to)) for to in (world.ana, david, world.priya)] == [1, 0, 0]
    spoke(client, told)
    assert [client.outside(lambda to=to: known(to)) for to in (world.ana, david, world.priya)] == [2, 1, 0]


def test_a_talk_that_was_retracted_is_none(client: Client, told: Told) -> None:
    spoke(client, told)

    def work() -> None:
        case = the_case(told)
        entry = db.session.scalars(select(Entry).where(Entry.kind == EntryKind.EVENT).order_by(Entry.id.desc())).first()
        assert entry
        retract(make.head(told.world.ana, case), entry, by=told.world.ana)

    client.outside(work)
    assert MARK not in page(client, told)
    assert in_batch(client, told) == ""


def test_a_talk_on_another_case_is_none_of_this_one(client: Client, told: Told) -> None:
    world = told.world

    def work() -> None:
        other = make.assigned(make.submitted(world.priya, world.ng, contact=world.tom), to=world.ana, by=world.ruth)
        make.event(world.ana, other, Audience.SERVICE, waits=True, happened_on=core_clock.today(), **TALK)

    client.outside(work)
    assert MARK not in page(client, told)
    assert in_batch(client, told) == ""


@pytest.mark.parametrize("count", [1, 2])
def test_of_many_cases_it_is_two_statements_more(client: Client, told: Told, count: int) -> None:
    world = told.world

    def counted() -> list[int]:
        case = the_case(told)
        make.event(world.ana, case, Audience.SERVICE, waits=True, happened_on=core_clock.today(), **TALK)
        cases = [case, *(_another(world) for _ in range(count - 1))]
        heads = list(heads_of(world.ana, [each.id for each in cases]).values())
        found = []
        for reader in (None, world.ana):
            with client.statements.counted() as statements:
                dossiers_of_each(Purpose.CA, heads, reader)
            found.append(statements.count)
        return found

    without, with_them = client.outside(counted)
    assert with_them == without + 2


def _another(world: make.World) -> Case:
    case = make.assigned(make.submitted(world.priya, world.ng, contact=world.tom), to=world.ana, by=world.ruth)
    make.event(world.ana, case, Audience.SERVICE, waits=True, happened_on=core_clock.today(), **TALK)
    return case


@pytest.mark.parametrize(
    ("day", "days", "first"),
    [
        (date(2026, 3, 3), 3, date(2026, 2, 26)),
        (date(2026, 3, 3), 1, date(2026, 3, 2)),
        (date(2026, 4, 20), 3, date(2026, 4, 6)),
        (date(2026, 3, 8), 3, date(2026, 3, 3)),
    ],
)
def test_what_is_recent_is_counted_in_school_days_and_is_two_weeks_at_most(day: date, days: int, first: date) -> None:
    found = recent_since(day, days, SchoolCalendar("WGN"))
    assert found == first
    assert school_days_since(found, day, SchoolCalendar("WGN")).count <= days
