"""A note being written is kept, gets files, loses them, and is taken out to be sent."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.cases.entries import Entry, EntryFile, Unsent, UnsentFile
from app.cases.files.actions import Arrived, add_all
from app.cases.files.policy import own
from app.cases.files.rules import MOST, TOO_MANY
from app.cases.queries import CaseHead
from app.core import clock, once
from app.core.db import AnySelect, begin_write, db
from app.core.errors import Refused
from app.core.files.stored import StoredFile
from app.core.text import nfc
from app.people.queries import Actor

KEPT_FOR = timedelta(days=7)
GONE = (
    "A file that stood beneath this note is no longer there: it was sent with another note, or taken off. Look again."
)


def save(case: CaseHead, body: str, *, key: str, by: Actor) -> bool:
    """Keep the text as it stands now, and whether it was kept; an emptied note without files is forgotten. `key` is the
    form's: a save that arrives when its note has been sent does not bring the text back."""
    if key and once.is_spent(key, person_id=by.person_id):
        return False
    unsent_id = _held(case.case_id, by, body=nfc(body))
    if not body.strip():
        _forget_empty(Unsent.id == unsent_id)
    return True


def attach(case: CaseHead, arrived: Arrived, *, by: Actor) -> None:
    """Files for the note that this person is writing. Raises `Refused` when there would be too many of them."""
    unsent_id = _held(case.case_id, by)
    there = db.session.scalar(select(func.count()).where(UnsentFile.unsent_id == unsent_id)) or 0
    if there + len(arrived.kept) > MOST:
        raise Refused(TOO_MANY)
    _hang(unsent_id, add_all(arrived, by=by))


def take_off(case: CaseHead, file: str, *, by: Actor) -> str:
    """One of its files goes: its name, or nothing where it was gone already."""
    mine = _mine(case.case_id, by).where(StoredFile.public_id == file)
    row = db.session.execute(mine.with_only_columns(Unsent.id, StoredFile.id, StoredFile.name)).first()
    if row is None:
        return ""
    _delete([row[1]])
    _forget_empty(and_(Unsent.id == row[0], Unsent.body == ""))
    return str(row.name)


def take_out(case: CaseHead, files: Collection[str], *, by: Actor) -> list[int]:
    """The note is being sent: its text is kept no longer, and the ids of these files, which are free to hang elsewhere.
    Other files (of another window) stay. Raises `Refused` when one of them is not there any more."""
    whole = select(Unsent.id).where(Unsent.case_id == case.case_id, own(by)).with_for_update()
    unsent_id = db.session.scalar(whole)
    if unsent_id is None and not files:
        return []
    named = _mine(case.case_id, by).where(StoredFile.public_id.in_(files)).with_only_columns(StoredFile.id)
    ids = list(db.session.scalars(named.order_by(StoredFile.id))) if files else []
    if len(ids) < len(set(files)):
        raise Refused(GONE)
    if ids:
        db.session.execute(delete(UnsentFile).where(UnsentFile.file_id.in_(ids)))
    if not _forget_empty(Unsent.id == unsent_id):
        db.session.execute(update(Unsent).where(Unsent.id == unsent_id).values(body=""))
    return ids


def put_back(entry: Entry, *, by: Actor) -> None:
    """What was undone: its text, after what stands there, and its files are its writer's note again."""
    unsent_id = _held(entry.case_id, by)
    there = db.session.scalars(select(Unsent.body).where(Unsent.id == unsent_id)).one()
    body = "\n\n".join(text for text in (there, entry.body) if text.strip())
    db.session.execute(update(Unsent).where(Unsent.id == unsent_id).values(body=body))
    hung = select(EntryFile.file_id, literal(unsent_id)).where(EntryFile.entry_id == entry.id)
    db.session.execute(insert(UnsentFile).from_select(["file_id", "unsent_id"], hung))
    db.session.execute(delete(EntryFile).where(EntryFile.entry_id == entry.id))


def forget_old() -> None:
    """What nobody went on with for seven days is gone, with its files."""
    begin_write()
    old = select(Unsent.id).where(Unsent.at < clock.now() - KEPT_FOR)
    _delete(list(db.session.scalars(select(UnsentFile.file_id).where(UnsentFile.unsent_id.in_(old)))))
    _forget_empty(Unsent.id.in_(old))
    db.session.commit()


def _held(case_id: int, by: Actor, *, body: str | None = None) -> int:
    """The row of this person's note, made where there is none; with this text, or the one it has. Nobody else changes it
    until the end of the transaction."""
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    now = clock.now()
    whose = {"case_id": case_id, "person_id": by.person_id, "organisation_id": by.organisation_id}
    statement = dialect.insert(Unsent).values(**whose, body=body or "", at=now)
    changed = {"at": now} if body is None else {"at": now, "body": body}
    statement = statement.on_conflict_do_update(index_elements=list(whose), set_=changed)
    return int(db.session.execute(statement.returning(Unsent.id)).scalar_one())


def _hang(unsent_id: int, file_ids: Sequence[int]) -> None:
    if file_ids:
        rows = [{"file_id": file_id, "unsent_id": unsent_id} for file_id in file_ids]
        db.session.execute(insert(UnsentFile), rows)


def _mine(case_id: int, by: Actor) -> AnySelect:
    """The files of this person's note."""
    joined = select(Unsent).join(UnsentFile, UnsentFile.unsent_id == Unsent.id)
    joined = joined.join(StoredFile, StoredFile.id == UnsentFile.file_id)
    return joined.where(Unsent.case_id == case_id, own(by))


def _delete(file_ids: Sequence[int]) -> None:
    """The rows; the store is swept of objects without one."""
    db.session.execute(delete(UnsentFile).where(UnsentFile.file_id.in_(file_ids)))
    db.session.execute(delete(StoredFile).where(StoredFile.id.in_(file_ids)))


def _forget_empty(which: ColumnElement[bool]) -> bool:
    """Of these notes those on which no file hangs; was there one?"""
    has_files = exists().where(UnsentFile.unsent_id == Unsent.id)
    gone = db.session.execute(
        delete(Unsent).where(which, ~has_files).returning(Unsent.id).execution_options(synchronize_session=False)
    )
    return gone.first() is not None
