"""Exports of half-day marks, for tests: as a student management system would write them, and taken in as the worker does."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from hashlib import sha256

from sqlalchemy import select, update

from app.attendance.marks.actions import begin_import, bring, keep_import
from app.attendance.marks.carrying import carry_imports
from app.attendance.marks.models import ImportState, ImportWay, MarkImport
from app.attendance.tallies.models import MarkWeek
from app.core import clock
from app.core.db import begin_write, db
from app.core.files.spool import Spool
from app.core.files.store import the_store
from app.core.files.stored import Kept, Scan
from app.people.queries import Actor
from app.students.models import Enrolment, Student
from tests.make import Place, Pupil

MONDAY = date(2026, 2, 9)
NSN, OTHER_NSN = "123456789", "987654321"
HEADINGS = "NSN,Date,AM,PM"


def numbered(pupil: Pupil, nsn: str = NSN, local_id: str = "") -> None:
    """In the caller's transaction."""
    db.session.execute(update(Student).where(Student.id == pupil.id).values(national_number=nsn))
    db.session.execute(update(Enrolment).where(Enrolment.student_id == pupil.id).values(local_id=local_id))


def on_roll(pupil: Pupil, at: Place) -> None:
    """In the caller's transaction."""
    theirs = update(Enrolment).where(Enrolment.student_id == pupil.id)
    db.session.execute(theirs.values(school_id=at.id))


def lines(marks: str, who: str = NSN, monday: date = MONDAY) -> list[str]:
    """Ten marks as five lines, each with a day and two codes; a full stop is nothing."""
    days = (monday + timedelta(days=number) for number in range(len(marks) // 2))
    cells = [marks[at : at + 2].replace(".", " ") for at in range(0, len(marks), 2)]
    return [f"{who},{day:%d/%m/%Y},{both[0].strip()},{both[1].strip()}" for day, both in zip(days, cells, strict=True)]


def csv(*rows: str, headings: str = HEADINGS) -> bytes:
    return "\r\n".join([headings, *rows, ""]).encode()


def brought(by: Actor, content: bytes, name: str = "marks.csv", scan: Scan = Scan.NOT_SCANNED) -> int:
    """Its id; it waits for the worker."""
    with Spool() as spool:
        spool.write(content)
        key = the_store().put(spool)
    digest = sha256(content).hexdigest()
    begin_write()
    made = bring(Kept(key, name, "text/csv", len(content), digest, digest), scan=scan, by=by)
    import_id = made.id
    db.session.commit()
    return import_id


def reviewed(by: Actor, content: bytes, name: str = "marks.csv") -> int:
    import_id = brought(by, content, name)
    carry_imports()
    return import_id


def kept(by: Actor, content: bytes, name: str = "marks.csv") -> int:
    import_id = reviewed(by, content, name)
    begin_write()
    keep_import(import_id, by=by)
    db.session.commit()
    carry_imports()
    return import_id


def now(import_id: int) -> MarkImport:
    db.session.rollback()
    return db.session.get_one(MarkImport, import_id, populate_existing=True)


def marks_of(at: Place, pupil: Pupil) -> Mapping[date, str]:
    db.session.rollback()
    mine = (MarkWeek.school_id == at.id, MarkWeek.student_id == pupil.id)
    rows = db.session.execute(select(MarkWeek.monday, MarkWeek.marks).where(*mine).order_by(MarkWeek.monday))
    return {row.monday: row.marks for row in rows}


def begin_here(at: Place, name: str, by: Actor | None = None) -> None:
    """Of the operator; nobody has read it yet."""
    begin_import(at.id, way=ImportWay.COMMAND, file_name=name, digest="d" * 64, by=by)


def stood(by: Actor, state: ImportState) -> str:
    """An import of one line that stands so, in the caller's transaction; its public id."""
    content = csv(*lines("PP"))
    with Spool() as spool:
        spool.write(content)
        kept_file = Kept(the_store().put(spool), "marks.csv", "text/csv", len(content), spool.sha256, spool.sha256)
    made = bring(kept_file, scan=Scan.NOT_SCANNED, by=by)
    made.state, made.new, made.next_try_at = state, 2, None
    made.kept_at = clock.now() if state is ImportState.KEPT else None
    made.sample = json.dumps([HEADINGS.split(",")])
    db.session.flush()
    return made.public_id
