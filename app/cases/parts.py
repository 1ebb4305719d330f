"""Who plays a part on cases: they are named, and are so no more."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert, or_, select, update

from app.cases import standing, tells  # noqa: F401  (registers whom these events tell)
from app.cases.models import Case, CasePerson, Part
from app.cases.naming import plays
from app.core import clock, events
from app.core.db import db
from app.people.models import Person, Role, RoleHeld

Whom = int | str
"""Somebody, by their id; or as a form names them, by their public id."""
Managers = Mapping[int, tuple[CasePerson, Person]]


def cases_to_change(case_ids: Collection[int]) -> Sequence[Case]:
    """As `case_to_change` has one; in one order, so that of two who change some of them at once one waits for the other."""
    found = select(Case).where(Case.id.in_(case_ids)).order_by(Case.id).with_for_update()
    return db.session.scalars(found.execution_options(populate_existing=True)).all()


def managers_of(case_ids: Collection[int]) -> Managers:
    """Who works these cases now, or did when they closed, by the id of the case."""
    statement = select(CasePerson, Person).join(Person, Person.id == CasePerson.person_id)
    theirs = (CasePerson.case_id.in_(case_ids), CasePerson.part == Part.MANAGER, CasePerson.until.is_(None))
    return {named.case_id: (named, person) for named, person in db.session.execute(statement.where(*theirs))}


def case_managers_among(who: Collection[Whom], organisation_id: int) -> dict[Whom, Person]:
    """Those of these people who are case managers there now, by what they were named by."""
    held = (
        RoleHeld.role == Role.CASE_MANAGER,
        RoleHeld.organisation_id == organisation_id,
        RoleHeld.ended_at.is_(None),
    )
    ids, public_ids = ([each for each in who if isinstance(each, kind)] for kind in (int, str))
    named = or_(Person.id.in_(ids), Person.public_id.in_(public_ids))
    statement = select(Person).join(RoleHeld, RoleHeld.person_id == Person.id).where(named, *held)
    able = db.session.scalars(statement.where(Person.ended_at.is_(None))).all()
    return {each: person for person in able for each in (person.id, person.public_id) if each in who}


def manager_of(case_id: int) -> Person | None:
    """Who works the case now, or did when it closed."""
    statement = select(Person).join(CasePerson, CasePerson.person_id == Person.id)
    return db.session.scalar(statement.where(plays(CasePerson, Part.MANAGER, case_id)))


def name_person(
    case: Case,
    person_id: int,
    part: Part,
    *,
    organisation_id: int,
    by: events.By,
    since: datetime | None = None,
    until: datetime | None = None,
) -> CasePerson:
    """Name somebody on a case, from now unless it is said otherwise."""
    return name_on_each([case], person_id, part, organisation_id=organisation_id, by=by, since=since, until=until)[0]


def name_on_each(
    cases: Sequence[Case],
    person_id: int,
    part: Part,
    *,
    organisation_id: int,
    by: events.By,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[CasePerson]:
    """The same of several cases."""
    who = {"person_id": person_id, "organisation_id": organisation_id, "named_by_id": by.person_id}
    days = {"since": since or clock.now(), "until": until}
    rows = [{"case_id": case.id, "part": part, **who, **days} for case in cases]
    if part is Part.MANAGER:
        standing.give(cases, person_id)
    made = db.session.scalars(insert(CasePerson).returning(CasePerson), rows) if rows else ()
    named = {row.case_id: row for row in made}
    return [named[case.id] for case in cases]


def end_manager(case: Case, *, by: events.By) -> CasePerson | None:
    """Nobody works the case until it is assigned again; who had it is told."""
    former = managers_of([case.id]).get(case.id)
    if former is None:
        return None
    end_managers([former[0]], at=clock.now())
    events.record("case.taken_from", by=by, on=former[0], about=case)
    return former[0]


def end_managers(former: Sequence[CasePerson], *, at: datetime) -> None:
    """Nobody works their cases from that moment on, and nobody stands in for them there."""
    for organisation_id in sorted({each.organisation_id for each in former}):
        theirs = [each.case_id for each in former if each.organisation_id == organisation_id]
        end_all(theirs, (Part.MANAGER, Part.COVER), organisation_id, at=at)
    standing.give([db.session.get_one(Case, each.case_id) for each in former], None)


def work_again(case: Case, former: CasePerson) -> None:
    """Who worked it once does so still, as if that had never ended."""
    former.until = None
    standing.give([case], former.person_id)


def end_all(case_ids: Collection[int], parts: Collection[Part], organisation_id: int | None, *, at: datetime) -> None:
    """Everybody who has one of these parts at an organisation, also from a later day on: who works the cases there is said anew."""
    there = (
        CasePerson.case_id.in_(case_ids),
        CasePerson.organisation_id == organisation_id,
        CasePerson.part.in_(parts),
    )
    still = or_(CasePerson.until.is_(None), CasePerson.until > at)
    db.session.execute(update(CasePerson).where(*there, still).values(until=at))


def end_part(case: Case, part: Part) -> CasePerson | None:
    """End whoever has this part now; returns the row that ended."""
    now = (CasePerson.case_id == case.id, CasePerson.part == part, CasePerson.until.is_(None))
    former = db.session.scalar(select(CasePerson).where(*now))
    if former:
        former.until = clock.now()
        db.session.flush()
    return former
