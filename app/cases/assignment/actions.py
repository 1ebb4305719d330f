"""A case, or several at once, is given to a case manager."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.cases.actions import change_each, tell_both_of_each
from app.cases.assignment import tells  # noqa: F401  (registers whom these events tell)
from app.cases.assignment.queries import cases_among
from app.cases.assignment.rules import GIVEN, TAKEN, Given, Outcome
from app.cases.covers.actions import cover_also
from app.cases.covers.policy import HELD
from app.cases.models import Case, CasePerson, Part, Status
from app.cases.naming import AmongOthers, Several
from app.cases.parts import Whom, case_managers_among, cases_to_change, end_managers, managers_of, name_on_each
from app.cases.queries import case_to_change
from app.cases.tasks.actions import let_go
from app.core import clock, events
from app.core.errors import Conflict, Refused
from app.core.events import Happened
from app.people.models import Person
from app.people.queries import Actor

NO_MANAGER = "Only a case manager of this service can be given its cases."
ELSEWHERE = "This case went to another service meanwhile. Nothing was changed."
GONE_MEANWHILE = "Somebody else has one of these cases meanwhile, or it is closed. Nothing was handed over."


@dataclass(frozen=True)
class Changed:
    """Who has a case now, and who had it, if anybody had."""

    named: CasePerson
    former: CasePerson | None


def assign(case_id: int, *, to: Whom, by: events.By, instead_of: str | None = None) -> Given | None:
    """Give a case to a case manager (`to`) of the actor's service; a case in the queue becomes open.
    Given again to the same person nothing happens, and the answer is None. `instead_of`: the public id of who had it
    when this was asked for, empty for nobody; raises `Conflict` where that is no longer so, or the case has gone
    elsewhere, and `Refused` where the person is no case manager there."""
    case = case_to_change(case_id)
    if case.service_id != by.organisation_id:
        raise Conflict(ELSEWHERE)
    row, former = managers_of([case.id]).get(case.id, (None, None))
    taker = able([to], by)[to]
    if former and former.id == taker.id:
        return None
    if instead_of is not None and instead_of != (former.public_id if former else ""):
        raise Conflict(f"{former.name if former else 'Nobody'} was given this case meanwhile.")
    _give([case], taker, {case.id: row} if row else {}, by)
    return Given(taker.name, let_go([case], by=by) if row else 0)


def able(who: Collection[Whom], by: events.By) -> Mapping[Whom, Person]:
    """These people, by what they are named by; raises `Refused` where one is no case manager at the actor's service."""
    found = case_managers_among(who, by.organisation_id)
    if found.keys() != set(who):
        raise Refused(NO_MANAGER)
    return found


def assign_from_queue(numbers: Sequence[str], *, to: Whom, by: Actor) -> Outcome:
    """Every one of these that is still in the queue, to one person, who is told once. Raises `Refused` where they are no case
    manager there."""
    taker = able([to], by)[to]
    found = cases_among(by, numbers)
    outcome = Outcome(taker.name, gone=[number for number in numbers if number not in found])
    waiting = []
    for case in cases_to_change([row.id for row in found.values()]):
        if case.status is Status.QUEUE and case.service_id == by.organisation_id:
            waiting.append(case)
        else:
            (outcome.theirs if found[case.number].manager_id == taker.id else outcome.gone).append(case.number)
    outcome.given, outcome.case_ids = [case.number for case in waiting], [case.id for case in waiting]
    at = clock.now() if len(found) > 1 else None
    changed = _give(waiting, taker, _managers(waiting), by, at=at) if waiting else []
    if at:
        tell_together(changed, by=by)
    return outcome


def give_together(
    takers: Mapping[int, Person], *, instead_of: int, at: datetime, by: events.By, noted: Collection[int] = ()
) -> list[Changed]:
    """Who takes which case, by its id: they change hands at that moment, but for those that somebody else has by now, or that
    are closed; raises `Conflict` where one of those is `noted`, as what was written for it has nowhere to stand. Who is told of
    all of them together is told by `tell_together`."""
    cases = cases_to_change(takers)
    formers = _managers(cases)
    theirs = [
        case
        for case in cases
        if case.status in HELD and case.id in formers and formers[case.id].person_id == instead_of
    ]
    if set(noted) - {case.id for case in theirs}:
        raise Conflict(GONE_MEANWHILE)
    changed = []
    for taker in {person.id: person for person in takers.values()}.values():
        if to_give := [case for case in theirs if takers[case.id].id == taker.id]:
            changed += _give(to_give, taker, formers, by, at=at)
    if changed:
        let_go(theirs, by=by)
    return changed


def tell_together(changed: Sequence[Changed], *, by: events.By) -> None:
    """Everyone of the service whom it concerns, once: who has them now, and who had them; as of that moment, by which My work
    knows the cases."""
    given = {each.named.person_id: each.named for each in reversed(changed)}
    taken = {each.former.person_id: each.former for each in reversed(changed) if each.former}
    told = [_of_all(GIVEN, row, row.since) for row in given.values()]
    told += [_of_all(TAKEN, row, row.until) for row in taken.values()]
    events.record_all(*told, by=by)


def _of_all(event: str, row: CasePerson, at: datetime | None) -> Happened:
    return Happened(event, Several(row.id, row.person_id, row.organisation_id), after=at)


def _managers(cases: Sequence[Case]) -> dict[int, CasePerson]:
    return {case_id: row for case_id, (row, _) in managers_of([case.id for case in cases]).items()}


def _give(
    cases: Sequence[Case], to: Person, formers: Mapping[int, CasePerson], by: events.By, *, at: datetime | None = None
) -> list[Changed]:
    """`formers`: who had those of them that somebody had, by case; `at`: the moment of all that are given together, None for one
    by itself."""
    had = {case.id: formers[case.id] for case in cases if case.id in formers}
    end_managers(list(had.values()), at=at or clock.now())
    named = name_on_each(cases, to.id, Part.MANAGER, organisation_id=by.organisation_id, by=by, since=at)
    cover_also(cases, to, by=by)
    taken = [_happened("case.taken_from", had[case.id], case, at) for case in cases if case.id in had]
    given = [_happened("case.assigned", row, case, at) for row, case in zip(named, cases, strict=True)]
    _tell_the_timeline(cases, to, [*taken, *given], by)
    return [Changed(row, had.get(row.case_id)) for row in named]


def _happened(event: str, row: CasePerson, case: Case, at: datetime | None) -> Happened:
    return Happened(event, AmongOthers(row) if at else row, case)


def _tell_the_timeline(cases: Sequence[Case], to: Person, happened: Sequence[Happened], by: events.By) -> None:
    """Both sides see who has each, and since when; in one entry where its status changes too."""
    told = f"Case manager: {to.name}"
    waiting = [case for case in cases if case.status is Status.QUEUE]
    if others := [case for case in cases if case.status is not Status.QUEUE]:
        tell_both_of_each(others, told, by=by)
    if waiting:
        change_each(waiting, Status.OPEN, by=by, with_it=told, told_as=("case_assigned",), also=happened)
    else:
        events.record_all(*happened, by=by)
