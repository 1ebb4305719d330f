"""A case, or several at once, is given to a case manager."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.cases.actions import change_status, end_manager, manager_of, name_person, tell_both
from app.cases.assignment import tells  # noqa: F401  (registers whom these events tell)
from app.cases.assignment.queries import cases_among
from app.cases.assignment.rules import GIVEN, TAKEN, Outcome
from app.cases.covers.actions import cover_also
from app.cases.covers.policy import HELD
from app.cases.models import Case, CasePerson, Part, Status
from app.cases.naming import AmongOthers, Several
from app.cases.queries import case_to_change
from app.core import clock, events
from app.core.db import db
from app.core.errors import Conflict, Refused
from app.people.models import Person, Role
from app.people.queries import Actor, holds_role

NO_MANAGER = "Only a case manager of this service can be given its cases."


@dataclass(frozen=True)
class Changed:
    """Who has a case now, and who had it, if anybody had."""

    named: CasePerson
    former: CasePerson | None


def assign(case_id: int, *, to: int, by: events.By, instead_of: str | None = None) -> bool:
    """Give a case to a case manager (`to`, a person's id at the actor's service); a case in the queue becomes open.
    Given again to the same person nothing happens, and the answer is False. `instead_of`: the public id of who had it
    when this was asked for, empty for nobody; raises `Conflict` where that is no longer so, and `Refused` where the
    person is no case manager there."""
    case = case_to_change(case_id)
    former = manager_of(case.id)
    if former and former.id == to:
        return False
    if instead_of is not None and instead_of != (former.public_id if former else ""):
        raise Conflict(f"{former.name if former else 'Nobody'} was given this case meanwhile.")
    if not holds_role(to, by.organisation_id, Role.CASE_MANAGER):
        raise Refused(NO_MANAGER)
    _give(case, to, by)
    return True


def assign_from_queue(numbers: Sequence[str], *, to: int, by: Actor) -> Outcome:
    """Every one of these that is still in the queue, to one person, who is told once. Raises `Refused` where they are no case
    manager there."""
    if not holds_role(to, by.organisation_id, Role.CASE_MANAGER):
        raise Refused(NO_MANAGER)
    found, changed = cases_among(by, numbers), []
    outcome = Outcome(gone=[number for number in numbers if number not in found])
    at = clock.now() if len(found) > 1 else None
    for number, row in found.items():
        if (case := case_to_change(row.id)).status is Status.QUEUE:
            changed.append(_give(case, to, by, at=at))
            outcome.given.append(number)
            outcome.case_ids.append(row.id)
        else:
            (outcome.theirs if row.manager_id == to else outcome.gone).append(number)
    if at:
        tell_together(changed, by=by)
    return outcome


def give_together(case_id: int, *, to: int, instead_of: int, at: datetime, by: events.By) -> Changed | None:
    """One of several that change hands at that moment; None where somebody else has it by now, or it is closed. Who is told of
    all of them together is told by `tell_together`."""
    case = case_to_change(case_id)
    former = manager_of(case.id)
    if former is None or former.id != instead_of or case.status not in HELD:
        return None
    return _give(case, to, by, at=at)


def tell_together(changed: Sequence[Changed], *, by: events.By) -> None:
    """Everyone of the service whom it concerns, once: who has them now, and who had them; as of that moment, by which My work
    knows the cases."""
    given = {each.named.person_id: each.named for each in reversed(changed)}
    taken = {each.former.person_id: each.former for each in reversed(changed) if each.former}
    for event, people in ((GIVEN, given), (TAKEN, taken)):
        for row in people.values():
            at = row.since if event == GIVEN else row.until
            events.record(event, by=by, on=Several(row.id, row.person_id, row.organisation_id), after=at)


def _give(case: Case, to: int, by: events.By, *, at: datetime | None = None) -> Changed:
    """`at`: the moment of all that are given together; None for one by itself."""
    former = end_manager(case, by=by, is_among_others=at is not None)
    named = name_person(case, to, Part.MANAGER, organisation_id=by.organisation_id, by=by)
    if at:
        named.since = at
        if former:
            former.until = at
    cover_also(named, by=by)
    _tell_the_timeline(case, to, by)
    events.record("case.assigned", by=by, on=AmongOthers(named) if at else named, about=case)
    return Changed(named, former)


def _tell_the_timeline(case: Case, to: int, by: events.By) -> None:
    """Both sides see who has the case, and since when; in one entry where its status changes too."""
    told = f"Case manager: {db.session.get_one(Person, to).name}"
    if case.status is Status.QUEUE:
        change_status(case, Status.OPEN, by=by, with_it=told, told_as=("case_assigned",))
    else:
        tell_both(case, told, by=by)
