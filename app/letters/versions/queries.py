"""The versions of an organisation's own ladders, and which one a case goes by (LET-2)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import and_, case, func, or_, select

from app.cases.models import Case
from app.core import clock
from app.core.db import AnyRow, AnySelect, db
from app.letters.ladders import Step, ladder, step_of
from app.letters.models import Letter
from app.letters.purposes import Purpose
from app.letters.steps import CaseLadder, Ladder, LadderStep
from app.letters.versions.rules import LADDERS_OF, GoesBy, differences
from app.people.models import Organisation, Person
from app.people.queries import Actor


@dataclass(frozen=True)
class Version:
    """One version of a ladder, its steps, who made it, and what is another than in the one before."""

    ladder: Ladder
    steps: Sequence[Step]
    made_by: str
    changed: Sequence[str]
    is_ours: bool
    """Back to ours, as it was on that day."""


@dataclass(frozen=True)
class LadderHere:
    """The actor's organisation's ladder for a purpose: what letters begin with now, and all versions, newest first."""

    purpose: Purpose
    steps: Sequence[Step]
    versions: Sequence[Version]

    @property
    def number(self) -> int:
        """Of the newest version; 0 where there is none."""
        return self.versions[0].ladder.number if self.versions else 0

    @property
    def is_ours(self) -> bool:
        return not self.versions or self.versions[0].is_ours


def goes_by(case_id: int, service_id: int | None, purpose: Purpose) -> GoesBy:
    return ladders_of([case_id], service_id, purpose)[case_id]


def ladders_of(case_ids: Collection[int], service_id: int | None, purpose: Purpose) -> dict[int, GoesBy]:
    """Of cases of one service, by their ids; one statement. A case that was begun by another service's own ladder goes by what
    its service begins with now: nobody writes by a ladder that is not theirs."""
    today = ladder(purpose, clock.today())
    found = dict.fromkeys(case_ids, GoesBy(today))
    rows = db.session.execute(_goes_by(case_ids, service_id, purpose)) if case_ids else ()
    for case_id, group in groupby(rows, key=lambda row: row.case_id):
        found[case_id] = _going(list(group), purpose, today)
    return found


def _going(rows: Sequence[AnyRow], purpose: Purpose, today: Sequence[Step]) -> GoesBy:
    first = rows[0]
    if first.ladder_id:
        steps = [step_from(row.LadderStep, purpose) for row in rows]
        return GoesBy(steps, first.ladder_id, first.number, bool(first.is_begun), first.newest_id)
    steps_then = ladder(purpose, first.as_of) if first.is_begun else today
    return GoesBy(steps_then, is_begun=bool(first.is_begun), newest_id=first.newest_id)


def _goes_by(case_ids: Collection[int], service_id: int | None, purpose: Purpose) -> AnySelect:
    newest = newest_with_steps(service_id, purpose)
    own = select(Ladder.id).where(Ladder.organisation_id == service_id)
    is_begun = and_(CaseLadder.case_id.is_not(None), or_(CaseLadder.ladder_id.is_(None), CaseLadder.ladder_id.in_(own)))
    which = case((is_begun, CaseLadder.ladder_id), else_=newest)
    return (
        select(Case.id.label("case_id"), CaseLadder.as_of, Ladder.id.label("ladder_id"), Ladder.number, LadderStep)
        .add_columns(is_begun.label("is_begun"), newest.label("newest_id"))
        .outerjoin(CaseLadder, and_(CaseLadder.case_id == Case.id, CaseLadder.purpose == purpose))
        .outerjoin(Ladder, Ladder.id == which)
        .outerjoin(LadderStep, LadderStep.ladder_id == Ladder.id)
        .where(Case.id.in_(case_ids))
        .order_by(Case.id, LadderStep.number)
    )


def newest_with_steps(service_id: int | None, purpose: Purpose) -> Any:
    """The version that letters begin with now; none where there is none, or the newest one says: back to ours."""
    newest = select(func.max(Ladder.id)).where(Ladder.organisation_id == service_id, Ladder.purpose == purpose)
    return (
        select(func.max(LadderStep.ladder_id)).where(LadderStep.ladder_id == newest.scalar_subquery()).scalar_subquery()
    )


def present_of(service_id: int | None, purpose: Purpose) -> GoesBy:
    """What a case begins with now; one statement."""
    newest = newest_with_steps(service_id, purpose)
    statement = select(LadderStep, Ladder.number.label("version")).join(Ladder, Ladder.id == LadderStep.ladder_id)
    rows = db.session.execute(statement.where(Ladder.id == newest).order_by(LadderStep.number)).all()
    if not rows:
        return GoesBy(ladder(purpose, clock.today()))
    number = rows[0].LadderStep.ladder_id
    return GoesBy([step_from(row.LadderStep, purpose) for row in rows], number, rows[0].version, newest_id=number)


def step_here(
    organisation_id: int, purpose: Purpose, number: int, kinds: Collection[bool] = (True, False)
) -> Step | None:
    """A step of the ladder that letters of an organisation begin with now; of an older version where that has none such, since
    cases may still go by it. `kinds`: of whether it is a formal warning."""
    now = present_of(organisation_id, purpose).steps
    if found := next((step for step in now if step.number == number and step.is_formal in kinds), None):
        return found
    older = select(LadderStep).join(Ladder, Ladder.id == LadderStep.ladder_id)
    mine = (Ladder.organisation_id == organisation_id, Ladder.purpose == purpose, LadderStep.number == number)
    such = LadderStep.is_formal.in_(kinds)
    row = db.session.scalar(older.where(*mine, such).order_by(Ladder.id.desc()).limit(1))
    ours = step_of(purpose, number, clock.today())
    return step_from(row, purpose) if row else ours if ours and ours.is_formal in kinds else None


def ladder_for(actor: Actor, purpose: str) -> LadderHere | None:
    """The organisation's own; None for what is no purpose of its letters."""
    found = next((each for each in LADDERS_OF.get(actor.organisation_kind, ()) if each.lower() == purpose), None)
    if found is None:
        return None
    versions = _versions(actor.organisation_id, found)
    ours = ladder(found, clock.today())
    return LadderHere(found, ours if not versions or versions[0].is_ours else versions[0].steps, versions)


def ladders_for(actor: Actor) -> list[LadderHere] | None:
    """All that the actor's organisation has."""
    found = [ladder_for(actor, purpose.lower()) for purpose in LADDERS_OF.get(actor.organisation_kind, ())]
    there = [each for each in found if each]
    return there or None


def organisation_to_change(organisation_id: int) -> None:
    """Nobody else changes its ladders until the end of the transaction."""
    mine = select(Organisation.id).where(Organisation.id == organisation_id)
    db.session.execute(mine.with_for_update(key_share=True))


def step_written(letter: Letter, on: date) -> Step | None:
    """The step of a letter as it was on the ladder that it was written by; of ours as it was on a day."""
    if letter.ladder_id is None:
        return step_of(letter.purpose, letter.step, on)
    found = db.session.get(LadderStep, (letter.ladder_id, letter.step))
    return step_from(found, letter.purpose) if found else None


def _versions(organisation_id: int, purpose: Purpose) -> list[Version]:
    statement = (
        select(Ladder, LadderStep, Person.name.label("made_by"))
        .join(Person, Person.id == Ladder.made_by_id)
        .outerjoin(LadderStep, LadderStep.ladder_id == Ladder.id)
        .where(Ladder.organisation_id == organisation_id, Ladder.purpose == purpose)
        .order_by(Ladder.number, LadderStep.number)
    )
    found: list[Version] = []
    for _, group in groupby(db.session.execute(statement), key=lambda row: row.Ladder.id):
        found.append(_version([*group], found[-1].steps if found else None))
    return found[::-1]


def _version(rows: Sequence[AnyRow], before: Sequence[Step] | None) -> Version:
    made = rows[0].Ladder
    ours = ladder(made.purpose, clock.nz(made.made_at).date())
    own = [step_from(row.LadderStep, made.purpose) for row in rows if row.LadderStep]
    steps = own or ours
    return Version(
        made, steps, rows[0].made_by, differences(ours if before is None else before, steps), is_ours=not own
    )


def step_from(row: LadderStep, purpose: Purpose) -> Step:
    return Step(purpose, row.number, row.name, row.gap, row.is_formal, row.days)
