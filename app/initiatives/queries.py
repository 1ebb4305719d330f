"""The initiatives of a service, for who leads it or works cases there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from sqlalchemy import bindparam, exists, func, select, true, tuple_
from sqlalchemy.orm import aliased

from app.cases.services.rules import ASKED
from app.core import clock
from app.core.db import AnyRow, AnySelect, Instant, db
from app.core.events import Audit
from app.initiatives.models import Initiative, InitiativeSchool, InitiativeState
from app.initiatives.rules import InitiativeFacts, facts_of
from app.people.models import Catchment, Organisation, Person, Role, School
from app.people.queries import Actor
from app.people.shapes import HERE, asked_by

PAGE = 25
ROLES = (Role.WORKFLOW_LEAD, Role.CASE_MANAGER)
BETWEEN = "\n"
"""No school’s name holds it."""
LOOKED_BACK = timedelta(days=183)
"""What a school asked longer ago was talked about since, or is asked again."""
Changer = aliased(Person)
_SCHOOLS = (
    select(func.aggregate_strings(Organisation.name, BETWEEN))
    .join(InitiativeSchool, InitiativeSchool.school_id == Organisation.id)
    .where(InitiativeSchool.initiative_id == Initiative.id)
    .correlate(Initiative)
    .scalar_subquery()
)
_LISTED = (Initiative.public_id, Initiative.name, Initiative.kind, Initiative.state, Initiative.group)


@dataclass(frozen=True)
class InitiativeFound:
    """One of the actor’s own service, with who wrote it down and who changed it last."""

    initiative: Initiative
    facts: InitiativeFacts
    made_by: str
    changed_by: str


def initiatives_for(
    actor: Actor, *, states: Sequence[InitiativeState], school: str = "", after: str = ""
) -> Sequence[AnyRow]:
    """A page of the service’s own in these states, the latest first, and one more; of one school (its number) or all."""
    asked = {"here": actor.organisation_id, "states": list(states), "school": school, "after": after}
    return db.session.execute(_page(is_of_school=bool(school), is_after=bool(after)), asked).all()


def initiative_for(actor: Actor, public_id: str) -> InitiativeFound | None:
    """One of them, with its schools; two statements."""
    if actor.role not in ROLES:
        return None
    row = db.session.execute(_ONE, {"here": actor.organisation_id, "public_id": public_id}).first()
    if row is None:
        return None
    facts = facts_of(row.Initiative, schools_in(row.Initiative.id))
    return InitiativeFound(row.Initiative, facts, row.made_by, row.changed_by or "")


def schools_in(initiative_id: int) -> Sequence[AnyRow]:
    """Which take part, by name."""
    statement = (
        select(Organisation.id, Organisation.number, Organisation.name)
        .join(InitiativeSchool, InitiativeSchool.school_id == Organisation.id)
        .where(InitiativeSchool.initiative_id == initiative_id)
    )
    return db.session.execute(statement.order_by(Organisation.name, Organisation.id)).all()


def groups_asked(actor: Actor) -> Sequence[AnyRow]:
    """Of each school of the service’s catchments the last support for a group that it asked for (S8), where no initiative with
    it was written down since."""
    last: dict[str, AnyRow] = {}
    for row in db.session.execute(_ASKED, asked_by(actor, since=clock.now() - LOOKED_BACK)):
        last.setdefault(row.number, row)
    return list(last.values())


def initiative_to_change(initiative_id: int) -> Initiative:
    """The entity as it stands now, locked until the end of the transaction."""
    statement = select(Initiative).where(Initiative.id == initiative_id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


@cache
def _page(*, is_of_school: bool, is_after: bool) -> AnySelect:
    order = (Initiative.from_on, Initiative.id)
    here = (Initiative.organisation_id == HERE,)
    last = select(*order).where(Initiative.public_id == bindparam("after"), *here).correlate(None).scalar_subquery()
    taking_part = (
        select(InitiativeSchool.initiative_id)
        .join(Organisation, Organisation.id == InitiativeSchool.school_id)
        .where(Organisation.number == bindparam("school"))
    )
    return (
        select(*_LISTED, Initiative.from_on, Initiative.to_on, _SCHOOLS.label("schools"))
        .where(*here, Initiative.state.in_(bindparam("states", expanding=True)))
        .where(
            Initiative.id.in_(taking_part) if is_of_school else true(), tuple_(*order) < last if is_after else true()
        )
        .order_by(*(each.desc() for each in order))
        .limit(PAGE + 1)
    )


_ONE = (
    select(Initiative, Person.name.label("made_by"), Changer.name.label("changed_by"))
    .join(Person, Person.id == Initiative.made_by_id)
    .outerjoin(Changer, Changer.id == Initiative.changed_by_id)
    .where(Initiative.public_id == bindparam("public_id"), Initiative.organisation_id == HERE)
)
_IS_ONE = exists().where(
    InitiativeSchool.school_id == Organisation.id,
    Initiative.id == InitiativeSchool.initiative_id,
    Initiative.organisation_id == HERE,
    Initiative.made_at >= Audit.at,
)
_ASKED = (
    select(Audit.id, Audit.at, Audit.thing, Organisation.number, Organisation.name, Organisation.phone)
    .join(Organisation, Organisation.id == Audit.organisation_id)
    .join(School, School.organisation_id == Organisation.id)
    .join(Catchment, Catchment.id == School.catchment_id)
    .where(Audit.case_id.is_(None), Audit.event == ASKED, Audit.at >= bindparam("since", type_=Instant))
    .where(Catchment.service_id == HERE, ~_IS_ONE)
    .order_by(Audit.id.desc())
)
"""What is of no case is found by the index on the case."""
