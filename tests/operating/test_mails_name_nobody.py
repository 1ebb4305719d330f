"""No mail holds a name, a file's name or a text, whatever stands in any field of any table (SHARE-7)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import meta
from sqlalchemy import Column, Enum, String, Table, func, insert, select, update
from sqlalchemy.exc import DBAPIError
from time_machine import Traveller

from app.announcements.models import Announcement, KnownIssue
from app.cases.models import Case
from app.cases.services.rules import ASKED as GROUP_ASKED
from app.core import clock as core_clock
from app.core.db import Base, begin_write, db
from app.core.events import Channel, Outbox
from app.core.files.stored import StoredFile
from app.deliveries import deliver_due
from app.people.models import Person, Role, School
from app.people.role_requests.actions import ask_for_role
from app.people.role_requests.models import RoleRequest
from app.people.role_requests.rules import Applicant
from app.people.telling.rules import WORDS
from app.problems.models import ProblemReport
from app.referrals.models import Referral, State
from app.settings import Settings
from tests import make
from tests.pages.test_leaks import marked
from tests.support.apps import A_TUESDAY_IN_TERM
from tests.support.databases import Database
from tests.support.settings import settings_for
from tests.support.smtp import Mailbox

MARK = "Zqxmarked"
MAILS = Path("templates/mail")
SAID = {"count", "ends_on", "kinds", "link", "number", "reference", "role", "words"}
"""All that a mail may be made of: numbers, days, links, roles, and our own words."""
CODES = {
    *("audit", "heartbeat", "once", "outbox", "telling_choice", "view_log", "kept_form", "status_count", "case_serial"),
    *("person.email", "catchment.region", "attendance_case.region", "regional_office.region", "referral_answer.field"),
}
"""Tables and fields that hold what programs say to each other; and the address that a mail goes to."""
MARKED = [
    "person.name",
    "person.phone",
    "person.mail_failed_why",
    "organisation.name",
    "student.legal_name",
    "student.preferred_name",
    "student.address",
    "caregiver.name",
    "entry.body",
    "stored_file.name",
    "referral_answer.text",
    "safety_note.fact",
    "attendance_case.urgent_why",
    "letter_hold.why",
    "role_request.why",
    "problem_report.doing",
    "case_person.best_times",
    "unsent.body",
]
OF_CASES = (
    "case.",
    "comment.",
    "contact.",
    "letter.",
    "likely",
    "match",
    "referral.",
    "sharing.",
    "student.",
    "update.",
)


@pytest.fixture
def settings(database: Database, tmp_path: Path, mailbox: Mailbox) -> Settings:
    return settings_for(database.url, tmp_path, SMTP_URL=mailbox.url)


def test_no_mail_says_what_stands_in_any_field(clock: Traveller, own_world: make.World, mailbox: Mailbox) -> None:
    """Each event by itself, all of a case in one mail, and all of a day in one."""
    filled(own_world)
    assert set(MARKED) <= set(every_field_marked())
    silent = []
    for event in WORDS:
        told(own_world, event, Channel.APP_EMAIL)
        clock.shift(timedelta(hours=2))
        deliver_due()
        silent += [] if mailbox.arrived else [event]
        say_nothing(mailbox)
    assert not silent
    for event in WORDS:
        told(own_world, event, Channel.APP_EMAIL)
    clock.shift(timedelta(hours=2))
    deliver_due()
    assert [mail for mail in mailbox.arrived if "there is news:" in mail.get_content()]
    say_nothing(mailbox)
    for event in WORDS:
        told(own_world, event, Channel.APP_DIGEST)
    clock.move_to(A_TUESDAY_IN_TERM + timedelta(days=14))
    deliver_due()
    assert {str(mail["Subject"]).split(":")[0] for mail in mailbox.arrived} == {"Your daily mail"}
    say_nothing(mailbox)


def say_nothing(mailbox: Mailbox) -> None:
    for mail in mailbox.arrived:
        assert MARK.lower() not in (mail.as_string() + mail.get_content() + str(mail["Subject"])).lower()
    mailbox.arrived.clear()


def test_a_mail_is_made_of_nothing_but_links_numbers_days_and_our_own_words(app: Flask) -> None:
    for file in MAILS.iterdir():
        used = meta.find_undeclared_variables(app.jinja_env.parse(file.read_text()))
        assert used <= SAID, f"{file.name} uses {used - SAID}"


def filled(world: make.World) -> None:
    """Something in every table that a mail could be about."""
    marked(world)
    who = db.session.get_one(Person, world.aroha.person_id)
    ask_for_role(who, world.tawa.id, Role.OFFICE_SUPPORT, why="Why", by=Applicant(who.id, world.tawa.id))
    make.reported(world.oscar)
    make.announced(world.oscar)
    make.known_issue(world.oscar)
    db.session.execute(update(Outbox).values(done_at=core_clock.now()))
    db.session.commit()


def every_field_marked() -> Iterator[str]:
    """Their names. What the database itself keeps from being changed stays as it is."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if is_text(table, column) and put(table, column):
                yield f"{table.name}.{column.name}"
    db.session.commit()


def is_text(table: Table, column: Column[object]) -> bool:
    kept = {table.name, f"{table.name}.{column.name}"} & CODES
    is_key = column.primary_key or bool(column.foreign_keys) or column.name.endswith(("_id", "key", "sha256", "digest"))
    is_code = isinstance(column.type, Enum) or not isinstance(column.type, String) or column.unique
    return not (kept or is_key or is_code)


def put(table: Table, column: Column[object]) -> bool:
    mark = f"{MARK} {table.name} {column.name}"[: getattr(column.type, "length", None) or 200]
    try:
        with db.session.begin_nested():
            return bool(db.session.execute(update(table).values({column.name: mark})).rowcount)  # type: ignore[attr-defined]
    except DBAPIError:
        return False


def told(world: make.World, event: str, channel: Channel) -> None:
    """Of this event a row for each who could be told of it."""
    begin_write()
    case_id, thing, thing_id = about(event)
    for who in (world.tom, world.priya, world.ana, world.ruth, world.hana, world.oscar):
        at = core_clock.now()
        db.session.execute(
            insert(Outbox).values(
                made_at=at,
                event=event,
                person_id=who.person_id,
                role=who.role,
                organisation_id=who.organisation_id,
                case_id=case_id,
                thing=thing,
                thing_id=thing_id,
                channel=channel,
                next_try_at=at,
            )
        )
    db.session.commit()


def about(event: str) -> tuple[int | None, str, int]:
    """What stands there for such an event: its case, its table, its id."""
    if event.startswith(OF_CASES):
        return db.session.scalars(select(func.min(Case.id))).one(), "attendance_case", 1
    if event.startswith("draft."):
        drafts = select(func.min(Referral.id)).where(Referral.state == State.DRAFT, Referral.discarded_at.is_(None))
        draft = db.session.scalars(drafts).one()
        db.session.execute(update(Referral).where(Referral.id == draft).values(announced_at=core_clock.now()))
        return None, "referral", draft
    if event == GROUP_ASKED:
        return None, "year|15|fell", db.session.scalars(select(func.min(School.organisation_id))).one()
    kinds: dict[str, Any] = {
        "announcement.": Announcement,
        "known_issue.": KnownIssue,
        "file.": StoredFile,
        "problem.": ProblemReport,
        "role.": RoleRequest,
    }
    kind = next(kind for prefix, kind in kinds.items() if event.startswith(prefix))
    return None, kind.__tablename__, db.session.scalars(select(func.max(kind.id))).one()
