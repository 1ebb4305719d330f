"""The storage, the objects in it against the rows, and the scanner."""

import hashlib
import io
import socket
from collections.abc import Iterable, Iterator
from datetime import timedelta

from sqlalchemy import func, select

from app.addresses import host_and_port
from app.core import clock
from app.core.db import db
from app.core.files.ours import OWNER
from app.core.files.store import Missing, StoreFailed, the_store
from app.core.files.stored import Scan, StoredFile
from app.doctor.findings import Finding, Patient, good, mend, note

HAS_OBJECT = StoredFile.scan != Scan.INFECTED
"""What was infected was deleted on purpose."""
SAMPLE = 200
LATE = timedelta(minutes=10)
SCANNER_SECONDS = 5.0
RESTORE = "look for the disk’s or bucket’s own copy; a backup holds them too: restore it elsewhere and copy them over"


def storage(patient: Patient) -> Iterable[Finding]:
    """Not asked but tried: one small object written, read and removed."""
    folder = patient.settings.storage_folder
    where = str(folder) if folder else "the bucket"
    if folder and not folder.is_dir():
        yield mend("storage", f"{folder} is not there", f"mount its disk, or make it: mkdir -m 700 {folder}")
        return
    trial = b"flask doctor"
    try:
        key = the_store().put(io.BytesIO(trial))
        came_back = b"".join(the_store().read(key))
        the_store().delete(key)
    except (StoreFailed, Missing):
        yield mend("storage", f"{where} cannot be written and read", _remedy_of_storage(patient))
        return
    if came_back != trial:
        yield mend("storage", f"{where} gives back something else than was written", "the disk is failing: replace it")
        return
    yield good("storage", f"{where} can be written and read")
    yield from _owner(where)


def _owner(where: str) -> Iterable[Finding]:
    """Two databases with one storage would take the other's files for leftovers."""
    store = the_store()
    if (owner := store.owner()) != store.database:
        yield mend(
            "storage",
            f"{where} belongs to another database ({owner}); leftovers are not removed",
            "name an own place in STORAGE; or, where this database has taken the place of that one for good, "
            f"remove the object “{OWNER}” there and run this again",
        )


def objects(patient: Patient) -> Iterable[Finding]:
    count = db.session.scalar(select(func.count()).where(HAS_OBJECT)) or 0
    looked_at = missing = damaged = 0
    try:
        for key, sha256 in _rows(None if patient.is_thorough else SAMPLE):
            looked_at += 1
            state = _state(key, sha256 if patient.is_thorough else "")
            missing += state == "missing"
            damaged += state == "damaged"
        strays = _strays() if patient.is_thorough else 0
        others = the_store().count_not_ours() if patient.is_thorough else 0
    except StoreFailed:
        yield note("files", f"{count:,} have rows; not looked for, as the storage does not answer")
        return
    if missing:
        yield mend("files", f"{missing:,} of {looked_at:,} looked for are not in the storage", RESTORE)
    if damaged:
        yield mend("files", f"{damaged:,} are not what was put there", RESTORE)
    if strays:
        yield note("files", f"{strays:,} in the storage belong to nothing", "the worker removes them after a day")
    if others:
        yield note("files", f"{others:,} in the storage are not ours", "they are left alone; move them elsewhere")
    newest = "" if patient.is_thorough or looked_at == count else f" (the newest {looked_at}; all with --thorough)"
    if not (missing or damaged):
        yield good("files", f"{count:,}, all there{newest}")


def scanning(_patient: Patient) -> Iterable[Finding]:
    waiting = select(func.count()).select_from(StoredFile).where(StoredFile.at < clock.now() - LATE)
    late = db.session.scalar(waiting.where(StoredFile.scan == Scan.PENDING)) or 0
    failed = db.session.scalar(waiting.where(StoredFile.scan == Scan.FAILED)) or 0
    if late:
        yield mend("files", f"{late:,} wait to be scanned for over ten minutes", "see that worker and scanner run")
    if failed:
        yield mend("files", f"{failed:,} could not be scanned, nobody can open them", "see that the scanner is well")


def scanner(patient: Patient) -> Iterable[Finding]:
    address = patient.settings.scanner
    if not address:
        yield note("scanner", "none is set: files open without being scanned", "install clamav-daemon and set SCANNER")
        return
    try:
        answer = _ping(address)
    except OSError:
        answer = b""
    if answer.strip(b"\0\n ") == b"PONG":
        yield good("scanner", "answers")
    else:
        yield mend(
            "scanner", f"nothing answers at {address}", "start it (systemctl start clamav-daemon), or mend SCANNER"
        )


def _ping(address: str) -> bytes:
    kind, _, place = address.partition(":")
    with socket.socket(socket.AF_UNIX if kind == "unix" else socket.AF_INET) as line:
        line.settimeout(SCANNER_SECONDS)
        line.connect(place if kind == "unix" else host_and_port(address))
        line.sendall(b"zPING\0")
        return line.recv(20)


def _rows(most: int | None) -> Iterator[tuple[str, str]]:
    """The newest first, some at a time: nothing stays open while the storage is asked."""
    before = (1 << 31) - 1
    while most is None or most > 0:
        wanted = select(StoredFile.id, StoredFile.key, StoredFile.kept_sha256).where(StoredFile.id < before, HAS_OBJECT)
        some = db.session.execute(wanted.order_by(StoredFile.id.desc()).limit(SAMPLE)).all()
        yield from ((row.key, row.kept_sha256) for row in some)
        if not some:
            return
        before = some[-1].id
        most = None if most is None else most - len(some)


def _state(key: str, sha256: str) -> str:
    """With a hash every byte is read, without one only whether it is there."""
    if not sha256:
        return "" if the_store().has(key) else "missing"
    digest = hashlib.sha256()
    try:
        for piece in the_store().read(key):
            digest.update(piece)
    except Missing:
        return "missing"
    return "" if digest.hexdigest() == sha256 else "damaged"


def _strays() -> int:
    """Objects without a row that are older than the longest form."""
    count = 0
    for some in the_store().listing():
        old = {found.key for found in some if found.at < clock.now() - timedelta(days=1)}
        known = set(db.session.scalars(select(StoredFile.key).where(StoredFile.key.in_(old))))
        count += len(old - known)
    return count


def _remedy_of_storage(patient: Patient) -> str:
    if folder := patient.settings.storage_folder:
        return f"let this user write there (chown -R {folder}), and see whether the disk is full"
    return "see whether STORAGE, STORAGE_ENDPOINT, STORAGE_KEY_ID and STORAGE_SECRET are right and the server runs"
