"""`flask doctor`: each thing is made wrong for real, and it says so with the remedy; what is well it leaves at that."""

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import time_machine
from alembic import command as alembic
from click.testing import Result
from sqlalchemy import delete, insert, select, text, update

from app import create_app
from app.attendance.marks.carrying import STUCK as STUCK_IMPORT
from app.attendance.marks.models import ImportState, ImportWay, MarkImport
from app.cases.models import Case
from app.core import clock, schema
from app.core.db import begin_write, db
from app.core.events import Audit, Outbox
from app.core.files.store import the_store
from app.core.files.stored import Scan, StoredFile
from app.core.jobs import beat
from app.core.pdf.press import Press
from app.core.security import random_key
from app.doctor import country, machine
from app.doctor.findings import Patient
from app.letters.batches.models import BatchState, LetterBatch
from app.letters.binding import NOT_KEPT
from app.letters.carrying import STUCK
from app.letters.emails.models import LetterMail
from app.letters.emails.sending import TRIED_OUT
from app.letters.models import Letter
from app.letters.purposes import Purpose
from app.people.models import Catchment, Organisation, Person, Role, RoleHeld
from app.settings import Settings
from scripts.parts import free_ports
from tests import make
from tests.operating.conftest import Filled, command
from tests.support.databases import Database
from tests.support.objects import Bucket
from tests.support.settings import closed, settings_for
from tests.support.smtp import Mailbox


@pytest.fixture
def settings(database: Database, tmp_path: Path, mailbox: Mailbox) -> Settings:
    return settings_for(database.url, tmp_path, SMTP_URL=mailbox.url)


@pytest.fixture
def own_program() -> None:
    """Asked for where `flask doctor` starts the program that sets letters itself, as it does for people."""


@pytest.fixture(autouse=True)
def lasting_press(request: pytest.FixtureRequest, press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere its line of trial is set by the program of all tests: starting one was most of what a test here cost."""
    if "own_program" not in request.fixturenames:
        monkeypatch.setattr(press, "close", lambda: None)
        monkeypatch.setattr("app.doctor.letters.Press", lambda: press)


@pytest.fixture
def well(filled: Filled) -> Filled:
    """A portal with nothing to mend. The clock is the machine's: PostgreSQL has no other."""
    with filled.app.app_context():
        begin_write()
        for key, at in (("a", filled.world.puna), ("b", filled.world.bay), ("c", filled.world.maunga)):
            make.person(f"Authoriser {key}", Role.DELEGATED_AUTHORISER, db.session.get_one(Organisation, at.id))
        db.session.execute(update(Outbox).values(done_at=clock.now(), result="sent"))
        db.session.commit()
        beat("worker")
    return filled


def says(found: Result, about: str, words: str, remedy: str) -> None:
    lines = [line for line in found.output.splitlines() if line.startswith(f"✗ {about}: ")]
    assert [line for line in lines if words in line and remedy in line], found.output
    assert found.exit_code == 1


def changed(well: Filled, *statements: object) -> Result:
    with well.app.app_context():
        begin_write()
        for statement in statements:
            db.session.execute(statement)  # type: ignore[call-overload]
        db.session.commit()
    return well.command("doctor")


@pytest.mark.usefixtures("own_program")
def test_a_portal_that_is_well(well: Filled) -> None:
    for how in ([], ["--thorough"]):
        said = well.command("doctor", *how)
        wrong = [line for line in said.output.splitlines() if line.startswith("✗")]
        assert not [line for line in wrong if not line.startswith("✗ calendars")], said.output
        assert said.output.endswith("All is well.\n") is not bool(wrong)
        assert said.exit_code == bool(wrong)
        assert "· limits: counted in memory" in said.output
    assert not [word for word in ("Whānau", "Hēmi", "Ana", "@") if word in said.output]


def test_no_database(well: Filled, tmp_path: Path) -> None:
    """Everything else is examined all the same."""
    url = well.app.extensions["settings"].database_url
    broken = "sqlite:////nowhere/at/all.sqlite" if url.startswith("sqlite") else url.replace("waharoa_", "gone_")
    smtp = well.app.extensions["settings"].smtp_url
    with closed(create_app(settings_for(broken, tmp_path, SMTP_URL=smtp))) as app:
        said = command(app, "doctor")
    says(said, "database", "cannot be read", "DATABASE_URL")
    assert "✓ mail: " in said.output
    assert "✓ storage: " in said.output
    assert "Traceback" not in said.output


def test_a_damaged_sqlite_file(well: Filled) -> None:
    url = well.app.extensions["settings"].database_url
    if not url.startswith("sqlite"):
        pytest.skip("SQLite only")
    with well.app.app_context():
        db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        page = db.session.execute(text("SELECT rootpage FROM sqlite_master WHERE name = 'audit'")).scalar_one()
        db.session.rollback()
        db.engine.dispose()
    with Path(url.removeprefix("sqlite:///")).open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\0" * 4096)
    says(well.command("doctor"), "database", "damaged", "flask restore")


def test_a_database_behind_the_newest_schema(well: Filled) -> None:
    url = well.app.extensions["settings"].database_url
    with well.app.app_context():
        db.engine.dispose()
    alembic.downgrade(schema.configuration(url), "-1")
    said = well.command("doctor")
    says(said, "schema", "not the newest", "flask db-upgrade")


def test_a_clock_that_was_set_back(well: Filled) -> None:
    with well.app.app_context():
        begin_write()
        row = db.session.scalars(select(Audit)).first()
        assert row is not None
        values = {column.name: getattr(row, column.name) for column in Audit.__table__.columns if column.name != "id"}
        db.session.add(Audit(**{**values, "at": clock.now() + timedelta(minutes=20, seconds=40)}))
        db.session.commit()
    says(well.command("doctor"), "clock", "20 minutes in the future", "NTP")


def test_a_clock_that_is_not_the_database_server_s(well: Filled) -> None:
    if not well.app.extensions["settings"].database_url.startswith("postgresql"):
        pytest.skip("SQLite has no clock of its own")
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        says(well.command("doctor"), "clock", "off the database server’s", "NTP")


@pytest.mark.usefixtures("own_program")
def test_letters_cannot_be_made_without_their_fonts_or_their_program(
    well: Filled, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "✓ letters: can be made, with WeasyPrint" in well.command("doctor").output
    broken = tmp_path / "engine.py"
    broken.write_text("raise OSError('cannot load library libpango-1.0-0')")
    with monkeypatch.context() as patched:
        patched.setattr("app.core.pdf.press.ENGINE", broken)
        says(well.command("doctor"), "letters", "cannot load library libpango", "apt-get install libpango-1.0-0")
    with monkeypatch.context() as patched:
        patched.setattr("app.doctor.letters.FONTS", tmp_path)
        says(well.command("doctor"), "letters", "fonts are not in", "scripts/fonts.py")


def test_letters_that_wait_or_could_not_be_made(well: Filled) -> None:
    with well.app.app_context():
        begin_write()
        case = db.session.get_one(Case, well.case_id)
        to = make.letter_ready(well.world, case)
        letters = [make.preview(well.world.ana, case, to) for _ in range(2)]
        letters[0].next_try_at = clock.now() - timedelta(minutes=11)
        letters[1].next_try_at, letters[1].fault = None, "The letter could not be set."
        db.session.commit()
    said = well.command("doctor")
    says(said, "letters", "1 have waited for over ten minutes", "worker")
    says(said, "letters", "1 of the last day could not be made", "try again")


def test_batches_of_letters_that_do_not_go_on_are_named_by_their_numbers(well: Filled) -> None:
    """Not one whose print file is tried again, nor one that was cancelled since."""
    now, by = clock.now(), well.world.ruth
    at = {"asked_at": now, "asked_by_id": by.person_id, "asked_as": by.role, "organisation_id": by.organisation_id}
    each: list[dict[str, Any]] = [
        {"state": BatchState.MAKING, "fault": "", "next_try_at": now},
        {"state": BatchState.MAKING, "fault": NOT_KEPT, "next_try_at": now},
        {"state": BatchState.CANCELLED, "fault": STUCK, "next_try_at": None},
    ]
    rows = [{"public_id": f"b{n}", "purpose": Purpose.CA, "rule": "due", **at, **row} for n, row in enumerate(each)]
    assert "their batches" not in changed(well, insert(LetterBatch).values(rows)).output
    stuck = update(LetterBatch).where(LetterBatch.public_id == "b1").values(fault=STUCK)
    said = changed(well, stuck)
    with well.app.app_context():
        number = db.session.scalar(select(LetterBatch.id).where(LetterBatch.public_id == "b1"))
    says(
        said, "letters", f"1 of their batches does not go on, however often it is tried: number {number} →", "report it"
    )


def test_imports_of_marks_that_wait_or_do_not_go_on_are_named_by_their_numbers(well: Filled) -> None:
    """Neither one that is being read, nor one that waits for somebody to look at it."""
    now, of = clock.now(), {"school_id": well.world.tawa.id, "way": ImportWay.COMMAND, "asked_at": clock.now()}
    each: list[dict[str, Any]] = [
        {"state": ImportState.READING, "fault": "", "next_try_at": now},
        {"state": ImportState.REVIEW, "fault": STUCK_IMPORT, "next_try_at": None},
    ]
    rows = [{"public_id": f"i{number}", **of, **row} for number, row in enumerate(each)]
    assert "imports:" not in changed(well, insert(MarkImport).values(rows)).output
    mine = update(MarkImport).where(MarkImport.public_id == "i0")
    says(changed(well, mine.values(next_try_at=now - timedelta(minutes=11))), "imports", "1 has waited", "worker")
    said = changed(well, mine.values(next_try_at=now, fault=STUCK_IMPORT))
    with well.app.app_context():
        number = db.session.scalar(select(MarkImport.id).where(MarkImport.public_id == "i0"))
    says(said, "imports", f"1 of half-day marks does not go on: number {number} →", "report it")


def test_letters_by_email_that_wait_were_given_up_or_left_half_noted(well: Filled) -> None:
    """Counted, with what to do, and naming nobody; an address that does not exist is nothing to mend here."""
    now = clock.now()
    fails: dict[str, Any] = {"sent_at": now - timedelta(days=29), "last_error": "KeyError"}
    rows: list[tuple[int, dict[str, Any], str]] = [
        (0, {"next_try_at": now - timedelta(minutes=11)}, "1 have waited over ten minutes to leave by e-mail"),
        (1, {"next_try_at": now + timedelta(hours=1), "last_error": "timed out"}, "1 have waited over ten minutes"),
        (29, {"fault": TRIED_OUT}, "1 of the last 30 days did not leave by e-mail"),
        (29, fails, "1 of the last 30 days left by e-mail, and not all that follows"),
        (0, {"next_try_at": now - timedelta(minutes=5)}, ""),
        (31, {"fault": TRIED_OUT}, ""),
        (0, {"fault": "There is no such mailbox. Print the letter."}, ""),
        (31, {**fails, "sent_at": now - timedelta(days=31)}, ""),
        (0, {"sent_at": now}, ""),
    ]
    for days, row, words in rows:
        found = changed(well, delete(LetterMail), mailed(well, {"asked_at": now - timedelta(days=days), **row}))
        if words:
            says(found, "letters", words, " → ")
        assert found.output.count("✗ letters: ") == bool(words), found.output
        assert not [word for word in ("zqxwv", "Whānau", "Ngaire", "Ana", "@") if word in found.output]


def mailed(well: Filled, row: dict[str, Any]) -> object:
    """Writes that the one letter that there is was sent by e-mail, and what became of it."""
    with well.app.app_context():
        begin_write()
        letter = db.session.scalar(select(Letter.id))
        if letter is None:
            case = db.session.get_one(Case, well.case_id)
            letter = make.letter_made(well.world.ana, case, make.letter_ready(well.world, case)).id
        db.session.commit()
    who = {"letter_id": letter, "address": "zqxwvaddressee@whanau.example", "asked_by_id": well.world.ana.person_id}
    return insert(LetterMail).values(attempts=1, **{"last_error": "", "fault": "", **who, **row})


def test_no_folder_for_files_and_one_that_cannot_be_written(well: Filled, tmp_path: Path) -> None:
    (tmp_path / "files").rename(tmp_path / "moved")
    said = well.command("doctor")
    says(said, "storage", "is not there", "mkdir")
    (tmp_path / "files").write_text("a file in its place")
    says(well.command("doctor"), "storage", "is not there", "mount its disk")


@pytest.mark.parametrize(
    ("off", "words"),
    [(timedelta(minutes=-40, seconds=-30), "40 minutes behind"), (timedelta(hours=3, minutes=30), "3 hours ahead of")],
)
def test_a_clock_that_is_not_the_storage_server_s(
    well: Filled, bucket: Bucket, tmp_path: Path, off: timedelta, words: str
) -> None:
    well.app.extensions["settings"] = settings_for("sqlite://", tmp_path, **bucket.settings)
    with time_machine.travel(clock.now() + off):
        says(well.command("doctor"), "storage", f"our clock is {words} the S3 server’s", "NTP")
    assert "✓ storage: the S3 server’s clock is ours" in well.command("doctor").output


def test_objects_that_are_gone_damaged_or_strays(well: Filled, tmp_path: Path) -> None:
    with well.app.app_context():
        gone, _, damaged = db.session.scalars(select(StoredFile.key).order_by(StoredFile.id))
        the_store().delete(gone)
    says(well.command("doctor"), "files", "1 of 3", "a backup holds them")
    (tmp_path / "files" / damaged).write_bytes(b"something else")
    said = well.command("doctor", "--thorough")
    says(said, "files", "1 are not what was put there", "a backup holds them")
    (stray := tmp_path / "files" / random_key()).parent.mkdir(exist_ok=True)
    for each in (stray, tmp_path / "files" / "stray"):
        each.write_bytes(b"of nobody")
        os.utime(each, (0, 0))
    said = well.command("doctor", "--thorough")
    assert "1 in the storage belong to nothing" in said.output
    assert "1 in the storage are not ours" in said.output


def test_an_infected_file_is_not_missed(well: Filled, tmp_path: Path) -> None:
    """Its object was deleted on purpose."""
    with well.app.app_context():
        infected = db.session.scalars(select(StoredFile.key).order_by(StoredFile.id)).first()
        the_store().delete(str(infected))
        begin_write()
        db.session.execute(update(StoredFile).where(StoredFile.key == infected).values(scan=Scan.INFECTED))
        db.session.commit()
    for how in ([], ["--thorough"]):
        assert "✓ files: 2, all there" in well.command("doctor", *how).output
    assert "were not in the storage" not in well.command("backup", tmp_path / "backup.tar").output


def test_files_that_wait_for_the_scanner_or_were_given_up(well: Filled) -> None:
    old = {"at": clock.now() - timedelta(hours=1)}
    said = changed(well, update(StoredFile).values(scan=Scan.PENDING, **old))
    says(said, "files", "wait to be scanned for over ten minutes", "worker and scanner")
    said = changed(well, update(StoredFile).values(scan=Scan.FAILED, **old))
    says(said, "files", "could not be scanned", "scanner is well")


def test_a_scanner_that_does_not_answer(well: Filled, tmp_path: Path) -> None:
    given = well.app.extensions["settings"]
    port = free_ports(1)[0]
    more = {"SMTP_URL": given.smtp_url, "SCANNER": f"tcp://127.0.0.1:{port}"}
    with closed(create_app(settings_for(given.database_url, tmp_path, **more))) as app:
        says(command(app, "doctor"), "scanner", "nothing answers", "clamav-daemon")
        with answering(port, b"PONG\0"):
            assert "✓ scanner: answers" in command(app, "doctor").output
        with answering(port, b"UNKNOWN COMMAND\0"):
            says(command(app, "doctor"), "scanner", "nothing answers", "SCANNER")


def test_a_worker_that_was_never_started_or_is_silent(well: Filled) -> None:
    says(changed(well, text("DELETE FROM heartbeat")), "worker", "never heard of", "make serve")
    at = datetime(2026, 3, 3, 9, 0, tzinfo=clock.PACIFIC_AUCKLAND)
    with well.app.app_context(), time_machine.travel(at):
        beat("worker")
    says(well.command("doctor"), "worker", "not heard of since 3 March 2026, 09:00", "see its log")


@pytest.mark.parametrize("off", [timedelta(hours=-2, seconds=-30), timedelta(seconds=-10)])
def test_a_worker_that_was_heard_of_by_a_faster_clock(well: Filled, off: timedelta) -> None:
    with well.app.app_context():
        beat("worker")
    with time_machine.travel(clock.now() + off):
        said = well.command("doctor")
    if off > timedelta(seconds=-30):
        assert "✓ worker: was heard of 0 s ago" in said.output
    else:
        says(said, "worker", "last heard of 2 hours in the future", "NTP")


def test_a_mail_server_that_is_gone_or_answers_otherwise(well: Filled, tmp_path: Path) -> None:
    given = well.app.extensions["settings"]
    port = free_ports(1)[0]
    with closed(create_app(settings_for(given.database_url, tmp_path, SMTP_URL=f"smtp://127.0.0.1:{port}"))) as app:
        says(command(app, "doctor"), "mail", "cannot be reached", "SMTP_URL")
        with answering(port, b"554 not for you\r\n", greets=True):
            says(command(app, "doctor"), "mail", "not as it should", "SMTP_URL")


def test_mails_that_wait_or_were_given_up(well: Filled) -> None:
    old = clock.now() - timedelta(hours=1)
    said = changed(well, update(Outbox).values(done_at=None, made_at=old, next_try_at=old))
    says(said, "outbox", "have waited for over 15 minutes", "see worker and mail")
    said = changed(well, update(Outbox).values(done_at=old, result="failed"))
    says(said, "outbox", "given up", "mend the mail server")


def test_problems_that_reach_nobody(well: Filled, tmp_path: Path) -> None:
    ended = update(RoleHeld).where(RoleHeld.role == Role.OPERATOR).values(ended_at=clock.now())
    says(changed(well, ended), "problems", "neither an operator nor an address", "set OPERATOR_EMAIL")
    given = well.app.extensions["settings"]
    more = {"SMTP_URL": given.smtp_url, "OPERATOR_EMAIL": "help@portal.example"}
    with closed(create_app(settings_for(given.database_url, tmp_path, **more))) as app:
        assert "✓ problems" in command(app, "doctor").output


def test_people_whose_mail_comes_back_are_counted_and_not_named(well: Filled) -> None:
    came_back = update(Person).values(mail_failed_at=clock.now(), mail_failed_why="the mailbox is full")
    said = changed(well, came_back.where(Person.id.in_((well.world.tom.person_id, well.world.ana.person_id))))
    (line,) = [line for line in said.output.splitlines() if line.startswith("· addresses")]
    assert "mail to 2 people comes back → whoever gives roles there sees to whom" in line
    assert not [word for word in ("Tom", "Ana", "@") if word in line]
    ended = update(RoleHeld).where(RoleHeld.person_id == well.world.tom.person_id).values(ended_at=clock.now())
    assert "mail to one person comes back" in changed(well, ended).output


def test_a_disk_that_is_full(well: Filled) -> None:
    """Asked for more room than there is."""
    found = list(machine.disks(Patient(well.app.extensions["settings"]), least=1 << 62))
    assert "make room" in str(found[0])


def test_files_that_others_may_read(well: Filled, tmp_path: Path) -> None:
    """The folders of tests are closed to others, up to the one above all; so this one is asked of a folder in /tmp."""
    open_folder = Path("/tmp") / f"waharoa-open-{os.getpid()}"  # noqa: S108 (open to others is what is tested)
    open_folder.mkdir()
    try:
        open_folder.chmod(0o755)
        given = well.app.extensions["settings"]
        more = {"SMTP_URL": given.smtp_url, "STORAGE": str(open_folder)}
        with closed(create_app(settings_for(given.database_url, tmp_path, **more))) as app:
            says(command(app, "doctor"), "secrecy", "can read", f"chmod o-rwx {open_folder}")
            open_folder.chmod(0o700)
            assert "✗ secrecy" not in command(app, "doctor").output
    finally:
        shutil.rmtree(open_folder)


def test_unwise_settings(well: Filled, tmp_path: Path) -> None:
    given = well.app.extensions["settings"]
    more = {"SMTP_URL": given.smtp_url, "PUBLIC_URL": "https://attendance.example.nz"}
    with closed(create_app(settings_for(given.database_url, tmp_path, **more))) as app:
        says(command(app, "doctor"), "settings", "TRUSTED_PROXIES is 0", "number of your proxies")
    more = {"SMTP_URL": given.smtp_url, "DEMONSTRATION": "http://localhost:8001"}
    with closed(create_app(settings_for(given.database_url, tmp_path, **more))) as app:
        assert "DEMONSTRATION is on" in command(app, "doctor").output


def test_an_organisation_without_authoriser(well: Filled) -> None:
    ended = {"ended_at": clock.now()}
    said = changed(
        well, text("UPDATE role_held SET ended_at = :ended_at WHERE role = 'delegated_authoriser'").bindparams(**ended)
    )
    says(said, "organisations", "Kōwhai Bay Area School, Maunga Trust, Puna Street School and 2 more", "people grant")


def test_a_school_without_catchment_or_service(well: Filled) -> None:
    said = changed(well, update(Catchment).where(Catchment.name == "Maunga").values(service_id=None))
    says(said, "schools", "Kōwhai Bay Area School is in a catchment without a service", "give the catchment")
    said = changed(well, text("DELETE FROM school WHERE organisation_id = :it").bindparams(it=well.world.bay.id))
    says(said, "schools", "Kōwhai Bay Area School is in no catchment", "enter its row")


def test_no_organisations_at_all(database: Database, tmp_path: Path) -> None:
    with closed(create_app(settings_for(database.url, tmp_path))) as app:
        says(command(app, "doctor"), "organisations", "none yet", "self-hosting")


def test_a_year_without_its_terms(tmp_path: Path) -> None:
    patient = Patient(settings_for("sqlite://", tmp_path))
    assert str(next(iter(country.calendars(patient, date(2026, 9, 30))))).startswith("✓")
    october = [str(line) for line in country.calendars(patient, date(2026, 10, 1))]
    assert october[0].startswith("· calendars: the school terms of 2027")
    late = [str(line) for line in country.calendars(patient, date(2027, 3, 1))]
    assert late[0].startswith("✗ calendars: the school terms of 2027 are not all known → update Waharoa")
    far = [str(line) for line in country.calendars(patient, date(2035, 3, 1))]
    assert [line for line in far if "public holidays of 2035 come from a library" in line]


def test_a_roles_file_without_rules(well: Filled, tmp_path: Path) -> None:
    (tmp_path / "roles.toml").write_text("# nothing\n")
    given = well.app.extensions["settings"]
    more = {"SMTP_URL": given.smtp_url, "ROLES_FILE": str(tmp_path / "roles.toml")}
    with closed(create_app(settings_for(given.database_url, tmp_path, **more))) as app:
        assert "no rule in force" in command(app, "doctor").output


def test_a_database_that_stops_answering(well: Filled) -> None:
    """The server’s connections are cut while the app holds one; that takes it a moment, which is waited for."""
    url = well.app.extensions["settings"].database_url
    if not url.startswith("postgresql"):
        pytest.skip("PostgreSQL only")
    with closing(psycopg.connect(url.replace("+psycopg", ""), autocommit=True)) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert "✗ database" not in well.command("doctor").output


@contextmanager
def answering(port: int, answer: bytes, *, greets: bool = False) -> Iterator[None]:
    """A server on this port that says one thing to everybody."""
    with socket.create_server(("127.0.0.1", port)) as server:

        def serve() -> None:
            try:
                while True:
                    line, _ = server.accept()
                    with line:
                        if not greets:
                            line.recv(100)
                        line.sendall(answer)
            except OSError:
                return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)
