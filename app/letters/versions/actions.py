"""An organisation changes a ladder by a version more; a case begins with one, and is moved to another one on purpose (LET-2)."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select

from app.cases.actions import add_entry
from app.cases.entries import Audience, EntryKind
from app.cases.queries import CaseHead, case_to_change
from app.core import clock, events
from app.core.db import db
from app.core.errors import Conflict, Refused, refuse_faulty
from app.core.security import public_id
from app.core.text import nfc
from app.letters.ladders import Step
from app.letters.models import Letter
from app.letters.purposes import Purpose
from app.letters.steps import CaseLadder, Ladder, LadderStep
from app.letters.versions.queries import LadderHere, goes_by, ladder_for, organisation_to_change, present_of
from app.letters.versions.rules import PURPOSES, GoesBy, fault_of
from app.people.queries import Actor

CHANGED, MOVED = "ladder.changed", "letter.ladder_moved"
NOT_BEGUN = -1
OTHER = "Somebody else changed this ladder meanwhile."
AS_BEFORE = "Nothing is another than before."
OTHER_NOW = "The service’s ladder has changed since this page was loaded. Look at what would change now."


def change_ladder(purpose: Purpose, steps: Sequence[Step], why: str, *, version: int, by: Actor) -> Ladder:
    """A version more. Raises `Conflict` where `version`, which the page showed, is not the newest any more; `Refused` where
    nothing would be another."""
    here = _held(purpose, version, by)
    refuse_faulty(*fault_of(steps).values())
    named = [replace(step, name=nfc(step.name)) for step in steps]
    if list(here.steps) == named:
        raise Refused(AS_BEFORE)
    made = _add(here, why, by)
    fields = ("number", "name", "gap", "days", "is_formal")
    for step in named:
        db.session.add(LadderStep(ladder_id=made.id, **{name: getattr(step, name) for name in fields}))
    db.session.flush()
    return made


def go_back_to_ours(purpose: Purpose, why: str, *, version: int, by: Actor) -> Ladder:
    """A version without steps of its own: letters begin with ours again."""
    here = _held(purpose, version, by)
    if here.is_ours:
        raise Refused(AS_BEFORE)
    return _add(here, why, by)


def begin_each(letters: Sequence[Letter], *, by: Actor) -> None:
    """With its first letter a case stays with the ladder that it was written by; one that began at another service, with the
    first here. The letters are for one purpose."""
    cases = {letter.case_id: letter for letter in letters if letter.case_id}
    begun = select(CaseLadder).where(CaseLadder.case_id.in_(cases), CaseLadder.purpose.in_(PURPOSES))
    kept = {(row.case_id, row.purpose): row.ladder_id for row in db.session.scalars(begun)}
    for case_id, letter in cases.items():
        if kept.get((case_id, letter.purpose), NOT_BEGUN) != letter.ladder_id:
            _keep(case_id, letter.purpose, letter.ladder_id, by)


def move(head: CaseHead, purpose: Purpose, *, to: int, by: Actor) -> GoesBy:
    """From the ladder that the case began with to the one that cases begin with now: its version is `to`, 0 ours. Raises `Conflict` where that one is
    another than the page showed, or the case goes by it already."""
    case = case_to_change(head.id)
    was, now = goes_by(head.id, head.service_id, purpose), present_of(head.service_id, purpose)
    if now.number != to or not was.is_behind(clock.today()):
        raise Conflict(OTHER_NOW)
    _keep(head.id, purpose, now.id, by)
    said = f"The letters of this case go by {now.words} from now on, no longer by {was.words}."
    add_entry(head.id, EntryKind.LETTER, body=said, audience=Audience.SERVICE, by=by)
    events.record(MOVED, by=by, on=case, about=head)
    return now


def _held(purpose: Purpose, version: int, by: Actor) -> LadderHere:
    organisation_to_change(by.organisation_id)
    here = ladder_for(by, purpose.lower())
    if here is None or here.number != version:
        raise Conflict(OTHER)
    return here


def _add(here: LadderHere, why: str, by: Actor) -> Ladder:
    made = Ladder(
        public_id=public_id(),
        organisation_id=by.organisation_id,
        purpose=here.purpose,
        number=here.number + 1,
        why=nfc(why),
        made_at=clock.now(),
        made_by_id=by.person_id,
    )
    db.session.add(made)
    db.session.flush()
    events.record(CHANGED, by=by, on=made)
    return made


def _keep(case_id: int, purpose: Purpose, ladder_id: int | None, by: Actor) -> None:
    kept = CaseLadder(case_id=case_id, purpose=purpose, ladder_id=ladder_id, as_of=clock.today())
    kept.at, kept.by_id = clock.now(), by.person_id
    db.session.merge(kept)
    db.session.flush()
