"""Do pages grow with the marks of a country? A case, and a school's STAR watch, with a tenth of the weeks and with all."""

import os
import time
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, case, func, insert, literal, select, text

from app.attendance.tallies.actions import ask_to_count
from app.attendance.tallies.carrying import count_due
from app.attendance.tallies.models import MarkWeek, TermTally
from app.attendance.tallying import A_WEEK
from app.core import clock
from app.core.db import begin_write, db
from app.students.models import Enrolment
from bench import report
from bench.browser import Browser, Question
from bench.marks import since
from bench.pages import CASES, DATABASES, QUESTIONS, ROUNDS
from bench.questions import Asker, askers
from bench.serving import Site, served

MARKS = {"sqlite": 2_000_000, "postgresql": 30_000_000}
WEEKS = 40
"""Of each student: a school year."""
STAR = "/portal/attendance/star"
SOME_WEEKS = ("PPPPPPPPPP", "TTPPPPPPPP", "PPPPMMMMPP", "PPPPPPPPP?", "PPPPJJPPPP", "PPTTTTPPPP", "LPPPPPPPPP")


def measure() -> None:
    for kind in DATABASES:
        most = int(os.environ.get("MARKS", str(MARKS[kind])))
        report.say(f"country-marks: {most} marks beside {CASES} cases on {kind}")
        with served(kind, CASES) as site:
            _grow(site, kind, most)


def _grow(site: Site, kind: str, most: int) -> None:
    people = askers(site)
    mondays = [clock.today() - timedelta(days=clock.today().weekday() + 7 * week) for week in range(1, WEEKS + 1)]
    seen: list[dict[str, list[float]]] = []
    for some in (mondays[: WEEKS // 10], mondays[WEEKS // 10 :]):
        began = time.perf_counter()
        with site.app.app_context():
            students = _add(some, most // (WEEKS * A_WEEK), people[1].signed_in.organisation_id)
            added, marks = since(began), A_WEEK * (db.session.scalar(select(func.count()).select_from(MarkWeek)) or 0)
            _count(some[-1])
            tallies = db.session.scalar(select(func.count()).select_from(TermTally))
            _analyse()
        report.say(f"country-marks: {marks} marks of {students} students in {added} s, counted by {since(began)} s")
        seen.append(_asked(site, people))
    few, all_ = seen
    for page, waited in all_.items():
        tenth, full = report.middle(few[page]), report.middle(waited)
        figures = {"p50_ms_tenth": tenth, "p50_ms": full, "p95_ms": report.nearly_all(waited)}
        of = {"db": kind, "cases": CASES, "marks": marks, "tallies": tallies}
        report.line("country_marks", page=page, **of, **figures, ratio=round(full / tenth, 2))


def _add(mondays: Sequence[date], most: int, school_id: int) -> int:
    """A week of so many students at a time, those of one school first. Of how many."""
    first = case((Enrolment.school_id == school_id, 0), else_=1)
    those = (
        select(Enrolment.student_id, Enrolment.school_id)
        .where(Enrolment.to_on.is_(None))
        .group_by(Enrolment.student_id, Enrolment.school_id)
        .order_by(first, Enrolment.student_id)
        .limit(most)
        .subquery()
    )
    columns = ["student_id", "school_id", "monday", "marks"]
    for number, monday in enumerate(mondays):
        told = _told(those.c.student_id + literal(number))
        begin_write()
        rows = select(those.c.student_id, those.c.school_id, literal(monday), told)
        db.session.execute(insert(MarkWeek).from_select(columns, rows))
        db.session.commit()
    return db.session.scalar(select(func.count()).select_from(those)) or 0


def _told(number: ColumnElement[int]) -> ColumnElement[str]:
    return case(dict(enumerate(SOME_WEEKS)), value=number % len(SOME_WEEKS), else_=SOME_WEEKS[0])


def _count(from_on: date) -> None:
    """As the worker does, which is told nothing of it."""
    begin_write()
    for school_id in db.session.scalars(select(MarkWeek.school_id).distinct()).all():
        ask_to_count(school_id, from_on)
    db.session.commit()
    count_due()


def _analyse() -> None:
    db.session.rollback()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _asked(site: Site, people: Sequence[Asker]) -> dict[str, list[float]]:
    """Milliseconds; the first round warms."""
    waited: dict[str, list[float]] = {}
    for asker in people:
        pages = {f"case of {asker.words}": asker.questions("case", QUESTIONS)}
        if asker.is_school:
            pages["star"] = [Question(STAR)] * QUESTIONS
        with Browser(site.port, site.url, asker.signed_in.cookie) as browser:
            for page, questions in pages.items():
                for question in questions * (1 + ROUNDS):
                    answer = browser.ask(question)
                    if answer.status != 200:
                        raise RuntimeError(f"{question.path} answered {answer.status}")
                    waited.setdefault(page, []).append(answer.seconds * 1000)
                waited[page] = waited[page][len(questions) :]
    return waited
