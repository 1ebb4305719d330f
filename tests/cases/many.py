"""Many students with a case each at one school and its service, in bulk: for plans and statements, not for rules."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import product
from string import ascii_lowercase
from typing import Any

from sqlalchemy import insert, select

from app.cases.entries import Entry
from app.cases.models import Case, CasePerson, SafetyNote, Status
from app.core.db import Base, db
from app.core.security import public_id
from app.core.text import fold, index_words
from app.people.models import Organisation, Role
from app.people.queries import Actor
from app.students.models import Enrolment, NameWord, Student
from app.students.records.models import DetailWord
from app.students.words import address_words
from tests import make

GIVEN = ("Hana", "Mason", "Aroha", "Wiremu", "Sione", "Mei", "Tama", "Grace", "Niko", "Ruby")
FAMILY = ("Ngata", "Ng", "Walker", "Fa‘asavalu", "Whaanga", "Chen", "Te Rangi", "Singh", "Paki", "Tau", "O’Brien")
AT_ONCE = 1000
BORN = date(2011, 1, 1)
ELSEWHERE = 40
"""Schools and services: a database that thinks of three takes each for a third of everything."""
STATUSES = (Status.QUEUE, Status.OPEN, *Status, Status.QUEUE, Status.CLOSED, Status.OPEN)
DOG = {"kind": "dog", "fact": "A dog.", "added_at": datetime(2026, 2, 2, tzinfo=UTC), "review_by": date(2026, 8, 2)}


def many(of: make.World, count: int, *, here: int = 4, each: int = 5) -> Case:
    """One real case, and `count` students more with one like it, of every status: of `each` so many `here`, the others
    elsewhere. What is in the queue has a safety note."""
    case = make.open_case(of)
    pattern = {table: _first(table) for table in (Student, Enrolment, Case, CasePerson, Entry)}
    elsewhere = [_elsewhere(number) for number in range(ELSEWHERE)]
    rows: dict[type[Base], list[dict[str, Any]]] = {table: [] for table in (*pattern, NameWord, DetailWord, SafetyNote)}
    for number, name in zip(range(1000, 1000 + count), _names(), strict=False):
        is_here = number % each >= each - here
        school, service, who = (of.tawa, of.te_awa, of.ana) if is_here else elsewhere[number % ELSEWHERE]
        at = {"id": number, "student_id": number, "school_id": school.id}
        rows[Student].append({**pattern[Student], **_student(number, name)})
        rows[Enrolment].append({**pattern[Enrolment], **at})
        status = {"status": STATUSES[number // each % len(STATUSES)], "service_id": service.id}
        rows[Case].append({**pattern[Case], **at, "number": f"25-{number:06}-0", **status})
        if status["status"] == Status.QUEUE:
            rows[SafetyNote].append(
                {**DOG, "case_id": number, "organisation_id": school.id, "added_by_id": of.mere.person_id}
            )
        manager = {"part": "manager", "person_id": who.person_id, "organisation_id": service.id}
        rows[CasePerson].append({**pattern[CasePerson], "id": number, "case_id": number, **manager})
        rows[Entry].append({**pattern[Entry], "id": number, "public_id": public_id(), "case_id": number})
        found_by = {"student_id": number}
        for organisation in (school, service):
            words = ({**found_by, "word": word, "organisation_id": organisation.id} for word in index_words(name))
            rows[NameWord].extend(words)
            places = address_words(f"{number % 300} Rātā Street\nTawa")
            rows[DetailWord].extend({**found_by, "word": word, "organisation_id": organisation.id} for word in places)
    for table, made in rows.items():
        for start in range(0, len(made), AT_ONCE):
            db.session.execute(insert(table), made[start : start + AT_ONCE])
    return case


def _names() -> Iterable[str]:
    """Each another one."""
    parts = product(ascii_lowercase, ascii_lowercase, GIVEN, FAMILY)
    return (f"{given}{one}{two} {family}" for one, two, given, family in parts)


def _student(number: int, name: str) -> dict[str, Any]:
    family = fold(" ".join(reversed(name.split())))
    return {
        "id": number,
        "public_id": public_id(),
        "legal_name": name,
        "sort_key": family,
        "born_on": BORN + timedelta(number % 3000),
    }


def _first(table: type[Base]) -> dict[str, Any]:
    return dict(db.session.execute(select(*table.__table__.columns).limit(1)).mappings().one())


def _elsewhere(number: int) -> tuple[make.Place, make.Place, Actor]:
    """A school, a service, and a case manager there."""
    school, service = (
        Organisation(kind=kind, number=f"8{number}{kind}", name=f"Elsewhere {number}") for kind in ("school", "service")
    )
    db.session.add_all((school, service))
    db.session.flush()
    manager = make.person(f"Wiremu{number} Paki", Role.CASE_MANAGER, service)
    return make.place(school), make.place(service), manager
