"""A school's letters, for tests: what one rests on, and how far it has come. Grace Ng of Tawa Awa College has no case."""

from datetime import date, timedelta
from typing import Any

from app.attendance.actions import state_absences
from app.attendance.calendars.actions import close_days
from app.attendance.calendars.models import CalendarEntryKind
from app.attendance.calendars.queries import own_calendar
from app.attendance.calendars.rules import ClosureFacts
from app.attendance.models import Holiday
from app.attendance.rules import Absences, HalfDays, most_open
from app.core import clock
from app.letters import actions as letter_actions
from app.letters.holds import HoldReason, LetterHold
from app.letters.models import Letter, Method
from app.letters.rules import Sending
from app.letters.rulings import LetterException
from app.letters.school import actions, making
from app.letters.school.dossiers import SchoolDossier, addressee_for
from app.letters.school.finding import SchoolLetter, letter_for
from app.letters.school.queries import OnRoll, student_for
from app.letters.school.rules import HolidayFacts
from app.people.queries import Actor
from app.students.caregivers.actions import name_caregiver
from app.students.models import Caregiver
from app.students.rules import CaregiverFacts
from tests import make
from tests.make import Pupil, World

TERM_BEGAN = date(2026, 2, 2)


def on_roll(by: Actor, pupil: Pupil) -> OnRoll:
    found = student_for(by, pupil.public_id)
    assert found is not None
    return found


def caregiver(by: Actor, pupil: Pupil, name: str = "Wai Ling Ng", **known: Any) -> Caregiver:
    """With responsibility, who may be contacted, at an address that fits the window."""
    usual: dict[str, Any] = {
        "relationship": "mother",
        "has_responsibility": True,
        "may_be_contacted": True,
        "address": "5 Rātā Street\nTawa\nWellington 5028",
        "address_source": "Enrolment form",
    }
    return name_caregiver(on_roll(by, pupil), CaregiverFacts(name, **(usual | known)), by=by)


def absent(by: Actor, pupil: Pupil, half_days: int, *, from_on: date = TERM_BEGAN) -> None:
    """In all, without weeks, as the school tells it today."""
    today = clock.today()
    told = Absences(from_on, today, today, HalfDays(most_open(from_on, today), 0, half_days), "Our register", today)
    state_absences(on_roll(by, pupil), told, by=by)


def closed(by: Actor, from_on: date, to_on: date) -> None:
    """The school of this person."""
    mine = own_calendar(by)
    assert mine is not None
    close_days(mine, ClosureFacts(from_on, to_on, CalendarEntryKind.CLOSED, why="Zqxwv flood"), by=by)


def ready(of: World, *, half_days: int = 10) -> Caregiver:
    """Everything that letter 1 about Grace Ng needs."""
    make.letterhead(of.tawa, by=of.mere)
    absent(of.mere, of.ng, half_days)
    return caregiver(of.mere, of.ng)


def dossier(by: Actor, pupil: Pupil, to: Caregiver, holiday: str = "") -> SchoolDossier:
    found = addressee_for(by, pupil.public_id, to.public_id, holiday)
    assert found is not None
    return found.dossier


def preview(by: Actor, pupil: Pupil, to: Caregiver, holiday: str = "") -> Letter:
    return make.rendered(making.preview_letter(dossier(by, pupil, to, holiday), by=by), by=by)


def now(by: Actor, pupil: Pupil, letter: Letter) -> SchoolLetter:
    found = letter_for(by, pupil.public_id, letter.public_id)
    assert found is not None
    return found


def made(by: Actor, pupil: Pupil, to: Caregiver, holiday: str = "") -> Letter:
    letter = preview(by, pupil, to, holiday)
    making.make_letter(now(by, pupil, letter), by=by)
    return letter


def sent(by: Actor, pupil: Pupil, to: Caregiver) -> Letter:
    """Made, and posted today."""
    letter = made(by, pupil, to)
    letter_actions.record_sending(now(by, pupil, letter), Sending(Method.POST, clock.today()), by=by)
    return letter


def holiday(by: Actor, pupil: Pupil, *, days: int = 7) -> Holiday:
    """A week, from so many days on."""
    from_on = clock.today() + timedelta(days=days)
    told = HolidayFacts(from_on, from_on + timedelta(days=6), "His mother, by phone", clock.today())
    return actions.record_holiday(on_roll(by, pupil), told, by=by)


def hold(
    by: Actor, pupil: Pupil, reason: HoldReason = HoldReason.MEDICAL, *, whom: Caregiver | None = None
) -> LetterHold:
    until_on, caregiver_id = clock.today() + timedelta(days=7), whom.id if whom else None
    return actions.hold_letters(on_roll(by, pupil), reason, until_on=until_on, why="", caregiver_id=caregiver_id, by=by)


def given_up(by: Actor, pupil: Pupil, who: Caregiver) -> Caregiver:
    """The school itself has ended them."""
    found = addressee_for(by, pupil.public_id, who.public_id)
    assert found is not None
    actions.give_up(found, by=by)
    return who


def excepted(by: Actor, pupil: Pupil, to: Caregiver, step: int) -> LetterException:
    return actions.except_step(dossier(by, pupil, to), step, "The family asked for it.", by=by)
