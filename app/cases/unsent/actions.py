"""A note being written is kept, gets files, loses them, and is taken out to be sent; so is another text of an entry."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, insert, literal, or_, select
from sqlalchemy.orm import aliased

from app.cases.entries import Entry, EntryFile, Unsent, UnsentFile
from app.cases.files.actions import Arrived, add_all
from app.cases.files.policy import own
from app.cases.files.rules import too_many
from app.cases.queries import CaseHead
from app.cases.unsent.rules import EVENT, FILES, HANDOVER, HANDOVER_TO, UNDONE, Window, packed
from app.core import clock, once
from app.core.db import AnySelect, begin_write, db, inserting
from app.core.errors import Refused
from app.core.figures import the_figures
from app.core.files.stored import StoredFile
from app.core.security import random_token
from app.core.text import nfc
from app.people.queries import Actor

KEPT_FOR = timedelta(days=7)
GONE = (
    "A file that stood beneath this note is no longer there: it was sent with another note, or taken off. Look again."
)


def save(case: CaseHead, body: str, *, window: Window, by: Actor, entry_id: int | None = None) -> bool:
    """Keep what a window holds now, in place of what it held before and of what it adopted, unless that was changed
    since. False for a save that arrives when its form has been sent: it does not bring the text back."""
    if window.key and once.is_spent(window.key, person_id=by.person_id):
        return False
    _put(case.case_id, by, window.page, turn=window.turn, body=nfc(body), entry_id=entry_id)
    if window.adopted:
        _forget(_of(case.case_id, by, entry_id), Unsent.page != window.page, Unsent.version.in_(window.adopted))
    return True


def forget(case: CaseHead, *, window: Window, by: Actor, entry_id: int | None = None) -> None:
    """What this window held was sent, or thrown away; and what it adopted, unless that was changed since. One without a
    turn holds nothing."""
    if not window.turn and not window.adopted:
        return
    held = or_(Unsent.page == window.page, Unsent.version.in_(window.adopted))
    _forget(_of(case.case_id, by, entry_id), held)


def forget_handovers(case_ids: Collection[int], *, by: Actor) -> None:
    """They were handed over, and what was written for that is a note now."""
    mine = (Unsent.case_id.in_(case_ids), own(by), Unsent.entry_id.is_(None))
    _forget(*mine, Unsent.page.in_((HANDOVER, HANDOVER_TO)))


def attach(case: CaseHead, arrived: Arrived, *, by: Actor) -> None:
    """Files for the note that this person is writing. Raises `Refused` when there would be too many of them."""
    if not arrived.kept:
        return
    unsent_id = _files_row(case.case_id, by)
    there = db.session.scalars(select(UnsentFile.file_id).where(UnsentFile.unsent_id == unsent_id)).all()
    if len(there) + len(arrived.kept) > (most := the_figures().most_files):
        raise Refused(too_many(most))
    rows = [{"file_id": each, "unsent_id": unsent_id} for each in add_all(arrived, by=by, beside=there)]
    db.session.execute(insert(UnsentFile), rows)


def take_off(case: CaseHead, file: str, *, by: Actor) -> str:
    """One of its files goes: its name, or nothing where it was gone already."""
    mine = _mine(case.case_id, by).where(StoredFile.public_id == file)
    row = db.session.execute(mine.with_only_columns(StoredFile.id, StoredFile.name)).first()
    if row is None:
        return ""
    _delete([row[0]])
    _forget_files(_of(case.case_id, by))
    return str(row.name)


def take_out(case: CaseHead, files: Collection[str], *, window: Window, by: Actor) -> list[int]:
    """The note is being sent: its text is kept no longer, and the ids of these files, which are free to hang elsewhere.
    What other windows hold stays. Raises `Refused` when one of the files is not there any more."""
    forget(case, window=window, by=by)
    if not files:
        return []
    named = _mine(case.case_id, by).where(StoredFile.public_id.in_(files)).with_only_columns(StoredFile.id)
    freed = delete(UnsentFile).where(UnsentFile.file_id.in_(named)).returning(UnsentFile.file_id)
    ids = sorted(db.session.scalars(freed.execution_options(synchronize_session=False)))
    if len(ids) < len(set(files)):
        raise Refused(GONE)
    _forget_files(_of(case.case_id, by))
    return ids


def put_back(entry: Entry, *, by: Actor) -> None:
    """What was undone: its text and its files are its writer's note again, beside what stands there."""
    if entry.body.strip():
        _put(entry.case_id, by, entry.public_id, body=entry.body)
    hung = select(EntryFile.file_id, literal(_files_row(entry.case_id, by))).where(EntryFile.entry_id == entry.id)
    db.session.execute(insert(UnsentFile).from_select(["file_id", "unsent_id"], hung))
    db.session.execute(delete(EntryFile).where(EntryFile.entry_id == entry.id))
    _forget_files(_of(entry.case_id, by))


def put_back_event(entry: Entry, *, by: Actor) -> None:
    """An event that was undone: the form of what happened says again what it said."""
    _put(entry.case_id, by, f"{EVENT}{entry.public_id}", body=packed([(UNDONE, entry.public_id)]))


def forget_old() -> None:
    """What somebody wrote on a case and did not go on with for seven days is gone, with its files."""
    begin_write()
    since, newer = clock.now() - KEPT_FOR, aliased(Unsent)
    same = (getattr(newer, name) == getattr(Unsent, name) for name in ("case_id", "person_id", "organisation_id"))
    old = and_(Unsent.at < since, ~exists().where(*same, newer.at >= since))
    hung = select(UnsentFile.file_id).join(Unsent, Unsent.id == UnsentFile.unsent_id)
    _delete(list(db.session.scalars(hung.where(old))))
    _forget(old)
    _forget_files(old)
    db.session.commit()


def _put(case_id: int, by: Actor, page: str, *, turn: int = 0, body: str = "", entry_id: int | None = None) -> None:
    """The row of one window; one that says what a later save said stays as it is."""
    whose = {"case_id": case_id, "person_id": by.person_id, "organisation_id": by.organisation_id, "page": page}
    latest = {"turn": turn, "version": random_token(), "body": body, "at": clock.now()}
    statement = inserting(Unsent).values(**whose, **latest, entry_id=entry_id)
    is_later = Unsent.turn <= statement.excluded.turn
    db.session.execute(statement.on_conflict_do_update(index_elements=list(whose), set_=latest, where=is_later))


def _files_row(case_id: int, by: Actor) -> int:
    """The row that the files of this person's note hang on. Nobody else changes it until the end of the transaction."""
    _put(case_id, by, FILES)
    mine = select(Unsent.id).where(_of(case_id, by), Unsent.page == FILES)
    return int(db.session.scalars(mine).one())


def _of(case_id: int, by: Actor, entry_id: int | None = None) -> ColumnElement[bool]:
    """What this person writes on a case, or as another text of one of its entries."""
    return and_(Unsent.case_id == case_id, own(by), Unsent.entry_id == entry_id)


def _mine(case_id: int, by: Actor) -> AnySelect:
    """The files of this person's note."""
    joined = select(Unsent).join(UnsentFile, UnsentFile.unsent_id == Unsent.id)
    return joined.join(StoredFile, StoredFile.id == UnsentFile.file_id).where(_of(case_id, by))


def _delete(file_ids: Sequence[int]) -> None:
    """The rows; the store is swept of objects without one."""
    db.session.execute(delete(UnsentFile).where(UnsentFile.file_id.in_(file_ids)))
    db.session.execute(delete(StoredFile).where(StoredFile.id.in_(file_ids)))


def _forget(*which: ColumnElement[bool]) -> None:
    """Texts of windows."""
    _drop(Unsent.page != FILES, *which)


def _forget_files(which: ColumnElement[bool]) -> None:
    """The row of the files, where none hangs on it any more."""
    _drop(Unsent.page == FILES, which, ~exists().where(UnsentFile.unsent_id == Unsent.id))


def _drop(*which: Any) -> None:
    db.session.execute(delete(Unsent).where(*which).execution_options(synchronize_session=False))
