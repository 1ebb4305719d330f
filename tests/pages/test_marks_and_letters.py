"""What letters and pages say of days absent comes from half-day marks where there are any; corrected marks flag letters
(ATT-4, LET-4, LET-5, L8)."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import delete, func, select
from time_machine import Traveller

from app.attendance.calendars.actions import close_days, say_terms
from app.attendance.calendars.models import CalendarEntryKind
from app.attendance.calendars.queries import own_calendar
from app.attendance.calendars.rules import ClosureFacts
from app.attendance.tallies.carrying import count_due
from app.attendance.tallies.models import MarkWeek
from app.cases.entries import Audience, Entry, EntryKind
from app.cases.models import Case
from app.core import clock as clocks
from app.core.db import db
from app.core.events import Audit
from app.letters.models import Letter
from app.people.queries import Actor
from app.students.models import Caregiver, Student
from tests import make
from tests.attendance import marked
from tests.letters import school
from tests.support.client import Client
from tests.support.databases import Database, Scene

FIVE_DAYS = ("TTTTTTTTTT", "PPPPPPPPTT", "PPPPPPPPPP", "PPPPPPPPPP")
"""Friday the sixth of February is Waitangi Day."""
CHANGED = "letter.facts_changed"


class Told:
    """Letter 1 of the school about Grace Ng, and letter 1 of the service about Hēmi, both by marks."""

    def __init__(self) -> None:
        self.world = world = make.world()
        to = school.ready(world)
        marked.term(world.tawa, world.ng, *FIVE_DAYS)
        self.of_school = school.made(world.mere, world.ng, to).public_id
        case = make.open_case(world)
        caregiver = make.letter_ready(world, case)
        marked.term(world.tawa, world.whanau, *FIVE_DAYS)
        self.of_case = make.letter_made(world.ana, case, caregiver).public_id
        self.number = case.number
        self.letters = f"/portal/students/{world.ng.public_id}/letters/"


@pytest.fixture
def scene() -> Scene:
    return Told


@pytest.fixture
def told(clock: Traveller, client: Client, database: Database) -> Told:
    made: Told = database.made
    client.outside(count_due)
    clock.shift(timedelta(days=1))
    return made


def words(page: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def facts(client: Client, public_id: str) -> str:
    found: str = client.outside(lambda: db.session.scalar(select(Letter.facts).where(Letter.public_id == public_id)))
    return found


def flagged(client: Client, public_id: str) -> str:
    what = select(Letter.changed_what).where(Letter.public_id == public_id)
    found: str = client.outside(lambda: db.session.scalar(what))
    return found


def flags(client: Client) -> int:
    found: int = client.outside(
        lambda: db.session.scalar(select(func.count()).select_from(Audit).where(Audit.event == CHANGED))
    )
    return found


def corrected(client: Client, at: make.Place, pupil: make.Pupil, *weeks: str) -> None:
    client.outside(lambda: marked.term(at, pupil, *weeks))


def test_letters_state_the_days_of_the_marks(client: Client, told: Told) -> None:
    for letter in (told.of_school, told.of_case):
        said = facts(client, letter)
        for text in ("5 days", "2 February 2026", "27 February 2026", "Half-day marks of the school, provisional"):
            assert text in said


def test_corrected_marks_flag_the_letters_of_that_student_and_nobody_else_s(client: Client, told: Told) -> None:
    corrected(client, told.world.tawa, told.world.ng, "MMPPTTTTTT", *FIVE_DAYS[1:])
    assert flagged(client, told.of_school) == "Days absent"
    assert flagged(client, told.of_case) == ""
    corrected(client, told.world.tawa, told.world.whanau, "PPPPTTTTTT", *FIVE_DAYS[1:])
    assert flagged(client, told.of_case) == "Days absent"
    corrected(client, told.world.tawa, told.world.whanau, *FIVE_DAYS)
    assert flagged(client, told.of_case) == "", "what changes back is no longer said"
    assert flags(client) == 2


def test_more_marks_are_no_correction(client: Client, told: Told) -> None:
    for pupil in (told.world.ng, told.world.whanau):
        corrected(client, told.world.tawa, pupil, *FIVE_DAYS, "TTTTTTTTTT")
    assert flagged(client, told.of_school) == flagged(client, told.of_case) == ""
    assert flags(client) == 0


def test_marks_of_a_later_term_leave_letters_of_a_former_one_as_they_are(
    client: Client, told: Told, clock: Traveller
) -> None:
    clock.move_to("2026-05-05T09:00+12:00", tick=False)
    spring = date(2026, 4, 20)
    for pupil in (told.world.ng, told.world.whanau):
        client.outside(lambda who=pupil: marked.term(told.world.tawa, who, "TTPPPPPPPP", from_on=spring))
    assert flagged(client, told.of_school) == flagged(client, told.of_case) == ""
    corrected(client, told.world.tawa, told.world.whanau, "PPPPTTTTTT", *FIVE_DAYS[1:])
    assert flagged(client, told.of_case) == "Days absent"


def test_marks_that_are_gone_flag_every_letter_that_states_them(client: Client, told: Told) -> None:
    def gone(pupil: make.Pupil) -> None:
        db.session.execute(delete(MarkWeek).where(MarkWeek.student_id == pupil.id))
        marked.counted(told.world.tawa, marked.TERM_1)

    client.outside(gone, told.world.whanau)
    assert (flagged(client, told.of_case), flagged(client, told.of_school)) == ("Days absent", "")
    client.outside(gone, told.world.ng)
    assert flagged(client, told.of_school) == "Days absent"
    page = client.sign_in(told.world.mere.person_id).get(f"{told.letters}{told.of_school}")
    assert page.status_code == 200
    assert "Days absent" in words(page)


def test_marks_of_a_former_term_flag_its_letters_when_they_are_corrected(
    client: Client, told: Told, clock: Traveller
) -> None:
    clock.move_to("2026-04-21T09:00+12:00", tick=False)

    def named_anew() -> None:
        letter = db.session.scalars(select(Letter).where(Letter.public_id == told.of_school)).one()
        letter.changed_what = "To"

    client.outside(named_anew)
    spring = date(2026, 4, 20)
    for pupil in (told.world.ng, told.world.whanau):
        client.outside(lambda who=pupil: marked.term(told.world.tawa, who, "TT........", from_on=spring))
    assert (flagged(client, told.of_school), flagged(client, told.of_case)) == ("To", "")
    corrected(client, told.world.tawa, told.world.whanau, "PPPPPPPPPP", *FIVE_DAYS[1:])
    assert (flagged(client, told.of_school), flagged(client, told.of_case)) == ("To", "Days absent")
    corrected(client, told.world.tawa, told.world.ng, "PPPPPPPPPP", *FIVE_DAYS[1:])
    assert flagged(client, told.of_school) == "To; Days absent"
    corrected(client, told.world.tawa, told.world.ng, *FIVE_DAYS)
    assert flagged(client, told.of_school) == "To", "what changes back is no longer said"


def test_another_school_s_marks_flag_nothing(client: Client, told: Told) -> None:
    client.outside(lambda: make.enrolled(told.world.whanau.id, told.world.puna))
    corrected(client, told.world.puna, told.world.whanau, "PPPPPPPPPP")
    assert flagged(client, told.of_case) == ""


def test_a_day_that_the_school_closes_flags_letters_that_count_it(client: Client, told: Told) -> None:
    def closes(by: Actor) -> None:
        calendar, day = own_calendar(by), date(2026, 2, 13)
        assert calendar
        close_days(calendar, ClosureFacts(day, day, CalendarEntryKind.CLOSED, why="Flood"), by=by)

    client.outside(closes, told.world.jin)
    client.outside(count_due)
    assert flags(client) == 0, "another school was closed"
    client.outside(closes, told.world.mere)
    client.outside(count_due)
    assert flagged(client, told.of_school) == flagged(client, told.of_case) == "Days absent"


def test_a_term_that_is_said_to_begin_after_today_flags_its_letters(client: Client, told: Told) -> None:
    days = {1: (date(2026, 3, 9), date(2026, 4, 2))}
    client.outside(lambda: say_terms(2026, days, version="", by=told.world.mere))
    client.outside(count_due)
    assert flagged(client, told.of_school) == flagged(client, told.of_case) == "Days absent"


def test_a_flag_names_nobody_and_is_told_once(client: Client, told: Told) -> None:
    corrected(client, told.world.tawa, told.world.whanau, "PPPPTTTTTT", *FIVE_DAYS[1:])
    corrected(client, told.world.tawa, told.world.whanau, "PPPPPPTTTT", *FIVE_DAYS[1:])
    who = select(Audit.person_id, Audit.role, Audit.organisation_id).where(Audit.event == CHANGED)
    assert client.outside(lambda: db.session.execute(who).all()) == [(None, "waharoa", told.world.te_awa.id)]


def test_pages_say_marks_how_old_they_are_and_what_was_told_besides(client: Client, told: Told) -> None:
    number = told.number
    for person, at in (
        (told.world.ana, f"/workspace/cases/{number}/attendance"),
        (told.world.ana, f"/workspace/cases/{number}/school-view/attendance"),
        (told.world.mere, f"/portal/cases/{number}/attendance"),
        (told.world.mere, f"/portal/students/{told.world.ng.public_id}/attendance"),
    ):
        said = words(client.sign_in(person.person_id).get(at))
        assert "5: worrying" in said, at
        assert "73.6 % present: moderate. Not the Ministry’s figure" in said, at
        assert "provisional until the school confirms the term" in said, at
        assert "Told besides: marks hold" in said, at


def test_marks_that_are_old_and_a_question_mark_that_stands_keep_a_letter_waiting(
    client: Client, told: Told, clock: Traveller
) -> None:
    corrected(client, told.world.tawa, told.world.ng, "TTTTTTTT??", *FIVE_DAYS[1:2], "?TTTPPPPPP", FIVE_DAYS[3])
    page = client.sign_in(told.world.mere.person_id)
    to = client.outside(
        lambda: db.session.scalar(
            select(Caregiver.public_id).join(Student).where(Student.public_id == told.world.ng.public_id)
        )
    )
    said = words(page.get(f"{told.letters}to/{to}"))
    assert "Not known yet, marked “?” and counted as absent: 16 February." in said
    clock.shift(timedelta(days=20))
    assert "working days ago" in words(client.sign_in(told.world.mere.person_id).get(f"{told.letters}to/{to}"))


def test_before_and_after_what_happened_stands_on_the_page_as_far_as_one_may_know(client: Client, told: Told) -> None:
    """A request on the ninth of February, and a letter a week later that the school is not told of."""

    def happened(kind: str, day: date, audience: Audience) -> None:
        case = db.session.scalars(select(Case).where(Case.number == told.number)).one()
        entry = Entry(public_id=f"Zqxwv{kind}", case_id=case.id, kind=kind, audience=audience, body="Zqxwv")
        entry.happened_at = entry.recorded_at = entry.opens_at = clocks.begin_of(day)
        entry.author_id, entry.organisation_id = told.world.ana.person_id, told.world.te_awa.id
        db.session.add(entry)

    def moved() -> None:
        begun = select(Entry).where(Entry.kind == EntryKind.REQUEST)
        for entry in db.session.scalars(begun):
            entry.happened_at = clocks.begin_of(date(2026, 2, 9))

    client.outside(moved)
    client.outside(happened, "letter", date(2026, 2, 16), Audience.SERVICE)
    service = words(client.sign_in(told.world.ana.person_id).get(f"/workspace/cases/{told.number}/attendance"))
    assert "Days absent before the support request of Mon 9 February: absent 4 of 4 days." in service
    assert "Since: 0.3 days a week, 92.8 % present." in service
    assert re.search(r"16 February: Letter.*?2\.7 days a week, 44\.4 % present.*?0\.0 days a week, 100\.0 %", service)
    school = words(client.sign_in(told.world.mere.person_id).get(f"/portal/cases/{told.number}/attendance"))
    assert "2.7 days a week" not in school
    assert "Days absent before the support request" in school
