"""No mail holds a name, a file's name or a text, whatever stands in any field of any table (SHARE-7)."""

import re
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import meta
from sqlalchemy import Column, Enum, String, Table, cast, func, insert, literal, select, update
from sqlalchemy.exc import DBAPIError
from time_machine import Traveller

from app.announcements.models import Announcement, KnownIssue
from app.attendance.calendars.actions import close_days
from app.attendance.calendars.models import CalendarEntryKind
from app.attendance.calendars.queries import CalendarOfSchool, own_calendar
from app.attendance.calendars.rules import ClosureFacts
from app.attendance.prompts.models import MarkPrompt
from app.attendance.star.models import StarLine, StarResponse
from app.attendance.star.tells import PASSED
from app.attendance.tallies.models import TermTally
from app.cases.models import Case
from app.cases.services.rules import ASKED as GROUP_ASKED
from app.cases.tasks.models import Task
from app.core import clock as core_clock
from app.core import events
from app.core.db import Base, begin_write, db
from app.core.events import Channel, Outbox
from app.core.files.stored import StoredFile
from app.deliveries import deliver_due
from app.letters.batches.models import LetterBatch
from app.letters.emails.tells import NOT_SENT
from app.letters.purposes import Purpose
from app.people.models import Person, Role, School
from app.people.queries import Actor
from app.people.role_requests.actions import ask_for_role
from app.people.role_requests.models import RoleRequest
from app.people.role_requests.rules import Applicant
from app.people.telling.rules import FROM_MAIL, WORDS
from app.problems.models import ProblemReport
from app.referrals.models import Referral, State
from app.settings import Settings
from app.students.records.models import MergeState, StudentMerge
from app.students.siblings.models import Sibling
from tests import make
from tests.attendance.marks_rows import one_of_each
from tests.letters import school
from tests.pages.test_leaks import marked
from tests.support.apps import A_TUESDAY_IN_TERM
from tests.support.databases import Database
from tests.support.settings import settings_for
from tests.support.smtp import Mailbox

MARK = "Zqxwvmarked"
ANY = "zqxwv"
"""How every marker begins, also those that rows are made with."""
LINK = re.compile(rf"{FROM_MAIL}[\w.-]+(?=\s)")
"""Of a mail: a row's number, sealed."""
MAILS = Path("templates/mail")
SAID = {"count", "ends_on", "kinds", "link", "number", "reference", "role", "words"}
"""All that a mail may be made of: numbers, days, links, roles, and our own words."""
LETTERS = "app/deliveries/letters.py"
SEVERAL = {"digest", "news", "of_case"}
"""Templates that are not of one event."""
HEADERS = {
    *("Subject", "From", "To", "Message-ID", "Auto-Submitted"),
    *("Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
}
"""All that stands above a mail."""
CODES = {
    *(
        "audit",
        "heartbeat",
        "once_key",
        "outbox",
        "telling_choice",
        "view_log",
        "kept_form",
        "status_count",
        "case_serial",
    ),
    *(
        "identity",
        "sign_in",
        "announcement.roles",
        "catchment.region",
        "attendance_case.region",
        "regional_office.region",
    ),
    *("task.meeting_kind", "referral_answer.field", "referral_kept_text.field", "problem_report.role"),
}
"""Tables and fields that hold what programs say to each other."""
CLOSED_ON = date(2026, 5, 5)
BORN_WITH_IT = {"absence_statement.source"}
"""What the database itself keeps from being changed, and was made with a marker."""
ONE_EACH = ("person.email", "organisation.number", "student.national_number")
"""What no two rows have alike; only the address that a mail goes to may stand in it, and there alone."""
OF_CASES = (
    "case.",
    "cases.",
    "clock.",
    "comment.",
    "contact.",
    "cover.",
    "engagement.",
    "letter.",
    "likely",
    "manager.",
    "match",
    "meeting.",
    "merge.",
    "pause.",
    "plan.",
    "queue.",
    "referral.",
    "safety",
    "sharing.",
    "student.",
    "transition.",
    "update.",
)


@pytest.fixture
def settings(database: Database, tmp_path: Path, mailbox: Mailbox) -> Settings:
    return settings_for(database.url, tmp_path, SMTP_URL=mailbox.url)


def test_no_mail_says_what_stands_in_any_field(clock: Traveller, own_world: make.World, mailbox: Mailbox) -> None:
    """Each event by itself, all of a case in one mail, and all of a day in one."""
    filled(own_world)
    assert set(every_text()) - set(every_field_marked()) == BORN_WITH_IT
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


def test_no_mail_says_what_stands_in_the_letter_of_a_school(
    clock: Traveller, own_world: make.World, mailbox: Mailbox
) -> None:
    """It is about no case, and leads to its page."""
    letter = school.made(own_world.mere, own_world.ng, school.ready(own_world))
    filled(own_world)
    set(every_field_marked())
    begin_write()
    _outbox_row(own_world.mere, NOT_SENT, (None, "letter", letter.id), Channel.APP_EMAIL)
    db.session.commit()
    clock.shift(timedelta(hours=2))
    deliver_due()
    (mail,) = mailbox.arrived
    assert "A letter could not be sent by e-mail" in mail.get_content()
    assert LINK.search(mail.get_content())
    say_nothing(mailbox)


def say_nothing(mailbox: Mailbox) -> None:
    """One plain text without parts and files, and its headers; decoded, all of it, but for the address that it goes to."""
    for mail in mailbox.arrived:
        address = str(mail["To"])
        assert address.lower().startswith(ANY)
        assert {*mail.keys()} <= HEADERS
        assert (mail.get_content_type(), mail.is_multipart(), mail.get_filename()) == ("text/plain", False, None)
        above = [f"{name}: {value}" for name, value in mail.items() if name != "To"]
        everything = "\n".join([*above, mail.get_content()])
        assert ANY not in LINK.sub("", everything).lower(), everything
    mailbox.arrived.clear()


def test_each_kind_of_mail_is_among_these(app: Flask) -> None:
    """Whatever tells somebody is tried above, each template is of one of them, and nothing else in the portal makes a mail; but
    for a letter by e-mail, which goes to its caregiver alone (`tests/pages/test_letters_by_email.py`)."""
    assert set(events._tellers) == set(WORDS)
    assert {file.stem for file in MAILS.iterdir()} <= set(WORDS) | SEVERAL
    makers = {
        str(file) for file in Path("app").rglob("*.py") if re.search(r"mail\.compose|EmailMessage\(", file.read_text())
    }
    assert makers == {"app/core/mail.py", "app/deliveries/mails.py", LETTERS}


def test_a_mail_is_made_of_nothing_but_links_numbers_days_and_our_own_words(app: Flask) -> None:
    for file in MAILS.iterdir():
        used = meta.find_undeclared_variables(app.jinja_env.parse(file.read_text()))
        assert used <= SAID, f"{file.name} uses {used - SAID}"


def filled(world: make.World) -> None:
    """Something in every table that a mail could be about."""
    marked(world)
    who = db.session.get_one(Person, world.aroha.person_id)
    ask_for_role(who, world.tawa.id, Role.OFFICE_SUPPORT, why="Why", by=Applicant(who.id, world.tawa.id))
    case = db.session.scalars(select(Case).where(Case.service_id == world.te_awa.id).limit(1)).one()
    make.task(world.ana, case)
    batch = LetterBatch(public_id="zqxwvbatch", organisation_id=world.te_awa.id, purpose=Purpose.CA, rule="ticked")
    batch.asked_at, batch.asked_by_id, batch.asked_as = core_clock.now(), world.ruth.person_id, world.ruth.role
    db.session.add(batch)
    two_records(world, case)
    one_of_each(world.mere, world.ng.id, case)
    close_days(calendar(world.mere), ClosureFacts(CLOSED_ON, CLOSED_ON, CalendarEntryKind.CLOSED), by=world.mere)
    db.session.execute(update(Task).values(ended_at=core_clock.now()))
    make.reported(world.oscar)
    make.announced(world.oscar)
    make.known_issue(world.oscar)
    db.session.execute(update(Outbox).values(done_at=core_clock.now()))
    db.session.commit()


def calendar(of: Actor) -> CalendarOfSchool:
    found = own_calendar(of)
    assert found is not None
    return found


def two_records(world: make.World, case: Case) -> None:
    """Of siblings, or of one student."""
    ids = sorted((case.student_id, make.twice(world, case).student_id))
    by, at = world.ana.person_id, core_clock.now()
    who = {"organisation_id": world.te_awa.id, "public_id": "zqxwvtwo"}
    proposed = {"state": MergeState.PROPOSED, "why": "Why", "proposed_at": at, "proposed_by_id": by}
    db.session.add(StudentMerge(from_id=ids[1], into_id=ids[0], **proposed, **who))
    db.session.add(Sibling(student_id=ids[0], other_id=ids[1], added_at=at, added_by_id=by, **who))


def every_text() -> Iterator[str]:
    """Each field of each table that holds words or an address."""
    for table in Base.metadata.sorted_tables:
        yield from (f"{table.name}.{column.name}" for column in table.columns if is_text(table, column))
    yield from ONE_EACH


def every_field_marked() -> Iterator[str]:
    """Their names. Where there is no row, or it may not be changed, one more is made."""
    for table in Base.metadata.sorted_tables:
        rest = [column for column in table.columns if is_text(table, column) and not put(table, column)]
        added = add(table) if rest else ()
        without = {column.name for column in rest if column.name not in added}
        yield from (f"{table.name}.{column.name}" for column in table.columns if column.name not in without)
    for field in ONE_EACH:
        table_name, _, name = field.partition(".")
        table = Base.metadata.tables[table_name]
        db.session.execute(update(table).values({name: literal(f"{ANY}{name[:1]}").concat(cast(table.c.id, String))}))
    db.session.execute(
        update(Person).values(email=literal("zqxwv").concat(cast(Person.id, String)).concat("@example.nz"))
    )
    db.session.commit()


def is_text(table: Table, column: Column[object]) -> bool:
    kept = {table.name, f"{table.name}.{column.name}"} & CODES
    is_key = column.primary_key or bool(column.foreign_keys) or column.name.endswith(("_id", "key", "sha256", "digest"))
    is_code = isinstance(column.type, Enum) or not isinstance(column.type, String) or column.unique
    return not (kept or is_key or is_code)


def put(table: Table, column: Column[object]) -> bool:
    try:
        with db.session.begin_nested():
            return bool(db.session.execute(update(table).values({column.name: mark_of(column)})).rowcount)  # type: ignore[attr-defined]
    except DBAPIError:
        return False


def add(table: Table) -> Collection[str]:
    """One row with a marker in each text; which columns were filled, none where the database refuses it."""
    needed = (column for column in table.columns if column.name == "case_id" or not column.nullable)
    values = {column.name: any_value(column) for column in needed if column.name != "id"}
    try:
        with db.session.begin_nested():
            db.session.execute(insert(table).values(values))
    except DBAPIError:
        return ()
    return values.keys()


def any_value(column: Column[Any]) -> object:
    if column.foreign_keys:
        (key,) = column.foreign_keys
        return db.session.scalar(select(func.max(key.column)))
    if isinstance(column.type, Enum):
        return column.type.python_type(column.type.enums[0])
    now = core_clock.now()
    values: dict[type, object] = {str: mark_of(column), date: now.date(), int: 1, bool: True}
    return values.get(column.type.python_type, now)


def mark_of(column: Column[object]) -> str:
    return f"{MARK} {column.table.name} {column.name}"[: getattr(column.type, "length", None) or 200]


def told(world: make.World, event: str, channel: Channel) -> None:
    """Of this event a row for each who could be told of it."""
    begin_write()
    case_id, thing, thing_id = about(event)
    for who in (world.tom, world.priya, world.ana, world.ruth, world.hana, world.oscar):
        _outbox_row(who, event, (case_id, thing, thing_id), channel)
    db.session.commit()


def _outbox_row(who: Actor, event: str, what: tuple[int | None, str, int], channel: Channel) -> None:
    at, (case_id, thing, thing_id) = core_clock.now(), what
    values = {"made_at": at, "event": event, "case_id": case_id, "thing": thing, "thing_id": thing_id}
    here = {"person_id": who.person_id, "role": who.role, "organisation_id": who.organisation_id}
    db.session.execute(insert(Outbox).values(**values, **here, channel=channel, next_try_at=at))


def about(event: str) -> tuple[int | None, str, int]:
    """What stands there for such an event: its case, its table, its id."""
    if event.startswith(OF_CASES):
        return db.session.scalars(select(func.min(Case.id))).one(), "attendance_case", 1
    if event.startswith("draft."):
        drafts = select(func.min(Referral.id)).where(Referral.state == State.DRAFT, Referral.discarded_at.is_(None))
        draft = db.session.scalars(drafts).one()
        db.session.execute(update(Referral).where(Referral.id == draft).values(announced_at=core_clock.now()))
        return None, "referral", draft
    if event == PASSED:
        past = {"absent": 12, "explained": 0, "unexplained": 12}
        db.session.execute(update(TermTally).values(past))
        db.session.execute(update(StarResponse).values(ended_at=core_clock.now()))
        db.session.execute(update(StarLine).values(found_on=core_clock.today()))
        return None, "organisation", db.session.scalars(select(func.min(School.organisation_id))).one()
    if event == GROUP_ASKED:
        return None, "year|15|fell", db.session.scalars(select(func.min(School.organisation_id))).one()
    kinds: dict[str, Any] = {
        "announcement.": Announcement,
        "batch.": LetterBatch,
        "known_issue.": KnownIssue,
        "file.": StoredFile,
        "problem.": ProblemReport,
        "prompt.": MarkPrompt,
        "role.": RoleRequest,
    }
    kind = next(kind for prefix, kind in kinds.items() if event.startswith(prefix))
    return None, kind.__tablename__, db.session.scalars(select(func.max(kind.id))).one()
