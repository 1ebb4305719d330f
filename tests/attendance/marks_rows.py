"""One row in every table of half-day marks and of what comes of them, for tests of whole tables."""

from datetime import date

from app.attendance.marks.models import (
    ImportedWeek,
    ImportRefusal,
    ImportState,
    ImportWay,
    KnownColumns,
    MarkImport,
)
from app.attendance.prompts.models import MarkPrompt, PromptAnswer, PromptKind
from app.attendance.star.models import StarLine, StarResponse
from app.attendance.tallies.models import ConfirmedTerm, MarkWeek, TallyDue, TermTally
from app.cases.migrated.models import MigratedCase
from app.cases.models import Case
from app.core import clock
from app.core.db import db
from app.people.queries import Actor

MONDAY = date(2026, 2, 9)
TERM = 20261
WEEK = "PPPPTTPPPP"


def one_of_each(by: Actor, student_id: int, case: Case) -> None:
    """At the school of this person."""
    at, school_id = clock.now(), by.organisation_id
    of, said = {"student_id": student_id, "school_id": school_id}, {"at": at, "by_id": by.person_id}
    brought = MarkImport(public_id="zqxwvimport", school_id=school_id, way=ImportWay.BROWSER, state=ImportState.KEPT)
    brought.asked_at, brought.asked_by_id, brought.file_name, brought.digest = at, by.person_id, "marks.csv", "d" * 64
    db.session.add(brought)
    db.session.flush()
    db.session.add_all(
        [
            MarkWeek(**of, monday=MONDAY, marks=WEEK),
            ImportedWeek(import_id=brought.id, student_id=student_id, monday=MONDAY, told=WEEK, before="." * 10),
            ImportRefusal(import_id=brought.id, place=1, line=7, why="“!” is no code"),
            KnownColumns(school_id=school_id, headings="d" * 64, columns="{}", **said),
            tally(of),
            TallyDue(school_id=school_id, from_on=MONDAY, asked_at=at),
            ConfirmedTerm(school_id=school_id, term=TERM, **said),
            answer(of, said),
            prompt(of),
            response(of, said),
            StarLine(**of, term=TERM, step=5, found_on=MONDAY),
            MigratedCase(case_id=case.id, service_id=case.service_id, former_number="77", referred_on=MONDAY, at=at),
        ]
    )
    db.session.flush()


def tally(of: dict[str, int]) -> TermTally:
    counted = {"present": 8, "justified": 0, "unjustified": 2, "absent": 2, "explained": 0, "unexplained": 2}
    return TermTally(**of, term=TERM, not_counted=0, unmarked=0, from_on=MONDAY, to_on=date(2026, 2, 13), **counted)


def answer(of: dict[str, int], said: dict[str, object]) -> PromptAnswer:
    days = {"from_on": MONDAY, "to_on": MONDAY}
    return PromptAnswer(kind=PromptKind.NOT_KNOWN, answer="corrected", **days, **of, **said)


def prompt(of: dict[str, int]) -> MarkPrompt:
    days = {"from_on": MONDAY, "to_on": MONDAY, "days": 1, "unmarked": 0, "asks_on": MONDAY, "found_at": clock.now()}
    return MarkPrompt(public_id="zqxwvprompt", kind=PromptKind.NOT_KNOWN, **days, **of)


def response(of: dict[str, int], said: dict[str, object]) -> StarResponse:
    return StarResponse(public_id="zqxwvstar", term=TERM, step=5, kind="talk", done_on=MONDAY, **of, **said)
