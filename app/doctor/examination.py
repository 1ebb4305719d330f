"""All that is examined, in order. What cannot be reached is said, and the rest is examined all the same."""

from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from app.core.db import db
from app.doctor import buckets, country, counts, database, files, imports, letters, limits, machine, mail, marks_folder
from app.doctor.findings import Check, Finding, Mark, Patient, mend, note

IN_DATABASE: tuple[Check, ...] = (
    database.clocks,
    files.objects,
    files.scanning,
    mail.worker,
    mail.outbox,
    mail.problems,
    mail.undeliverable,
    letters.waiting,
    letters.batches,
    letters.mailed,
    imports.of_marks,
    counts.of_cases,
    country.organisations,
    country.schools,
)
ELSEWHERE: tuple[Check, ...] = (
    files.storage,
    buckets.server_clock,
    files.scanner,
    limits.tries,
    letters.setting,
    mail.server,
    marks_folder.of_marks,
    machine.disks,
    machine.secrecy,
    machine.settings,
    machine.roles,
    country.calendars,
)


def examine(patient: Patient) -> Iterator[Finding]:
    first = list(_looked_at(database.is_there, patient))
    yield from first
    if _is_well(first):
        found = list(_looked_at(database.schema, patient))
        yield from found
        if _is_well(found):
            yield from _each(IN_DATABASE, patient)
        else:
            yield note("database", "what is in it was not looked at: it is not at the newest schema")
    yield from _each(ELSEWHERE, patient)


def _each(checks: tuple[Check, ...], patient: Patient) -> Iterator[Finding]:
    for check in checks:
        yield from _looked_at(check, patient)


def _looked_at(check: Check, patient: Patient) -> Iterator[Finding]:
    """A database that is gone, or goes meanwhile, is one finding."""
    try:
        yield from list(check(patient))
    except SQLAlchemyError as error:
        cause = type(getattr(error, "orig", None) or error).__name__
        yield mend(
            "database",
            f"cannot be read ({cause})",
            "see that it runs, that DATABASE_URL is right, and that this user may read it",
        )
    except Exception as error:  # noqa: BLE001 (one that cannot be looked at holds up no other)
        yield mend("doctor", f"could not look at {check.__name__} ({type(error).__name__})", "please report this")
    finally:
        db.session.rollback()


def _is_well(findings: list[Finding]) -> bool:
    return all(finding.mark is not Mark.MEND for finding in findings)
