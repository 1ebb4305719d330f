"""What was chosen is what comes: one mail a day on working days, or none; in the app always (SHARE-7)."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from time_machine import Traveller

from app.attendance.star.actions import notice_new_lines
from app.cases.rules import LISTS
from app.core import clock as core_clock
from app.core.db import db
from app.core.events import Outbox
from app.core.lists import rows
from app.deliveries import deliver_due
from app.people.models import Role
from app.people.telling.actions import choose_telling
from app.people.telling.models import How
from app.people.telling.rules import choices_of
from app.settings import Settings
from tests import make
from tests.attendance import marked
from tests.support.databases import Database
from tests.support.settings import settings_for
from tests.support.smtp import Mailbox


@pytest.fixture
def settings(database: Database, tmp_path: Path, mailbox: Mailbox) -> Settings:
    return settings_for(database.url, tmp_path, SMTP_URL=mailbox.url)


def test_the_day_s_mail_counts_students_past_a_step_and_there_is_none_of_nobody(
    clock: Traveller, own_world: make.World, mailbox: Mailbox
) -> None:
    """To the office, which chose it; of the second day's line nothing is left when the mail goes."""
    listed = choices_of(Role.OFFICE_SUPPORT, rows(LISTS / "notifications.csv"))
    choose_telling({next(each for each in listed if each.event == "star_list"): How.DAILY}, by=own_world.priya)
    for pupil in (own_world.ng, own_world.whanau):
        marked.absent_for(own_world.tawa, pupil, 14)
    db.session.commit()
    notice_new_lines()
    _a_day_later(clock)
    (mail,) = mailbox.arrived
    assert (mail["To"], "2 new: http" in mail.get_content()) == (own_world.priya.email, True)
    assert "Grace" not in mail.get_content()
    marked.absent_for(own_world.tawa, own_world.ng, 24)
    db.session.commit()
    assert notice_new_lines() == 1
    marked.absent_for(own_world.tawa, own_world.ng, 2)
    db.session.commit()
    _a_day_later(clock)
    assert notice_new_lines() == 0
    assert len(mailbox.arrived) == 1


def _a_day_later(clock: Traveller) -> None:
    for _ in range(24):
        clock.shift(timedelta(hours=1))
        deliver_due()


@pytest.mark.parametrize(("how", "mails"), [(How.DAILY, [2]), (How.NONE, [])])
def test_two_notes_on_a_friday_are_one_mail_on_monday_or_none(
    clock: Traveller, own_world: make.World, mailbox: Mailbox, how: How, mails: list[int]
) -> None:
    """And both stand in the app at once."""
    listed = choices_of(Role.CASE_MANAGER, rows(LISTS / "notifications.csv"))
    choose_telling({next(each for each in listed if each.event == "school_added"): how}, by=own_world.ana)
    case = make.open_case(own_world)
    db.session.execute(update(Outbox).values(done_at=core_clock.now()))
    db.session.commit()
    clock.shift(timedelta(days=3, hours=5))
    since = core_clock.now()
    make.note(own_world.mere, case)
    make.note(own_world.tom, case)
    db.session.commit()
    new = (Outbox.person_id == own_world.ana.person_id, Outbox.made_at >= since, Outbox.read_at.is_(None))
    assert db.session.scalar(select(func.count()).select_from(Outbox).where(*new)) == 2
    for _ in range(2 * 24):
        clock.shift(timedelta(hours=1))
        deliver_due()
    assert not mailbox.arrived, "not before the next working day"
    for _ in range(2 * 24):
        clock.shift(timedelta(hours=1))
        deliver_due()
    assert [mail.get_content().count("/notifications/to/") for mail in mailbox.arrived] == mails
    assert {mail["To"] for mail in mailbox.arrived} <= {own_world.ana.email}
