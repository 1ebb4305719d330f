"""Somebody chooses how they are told; mail to them comes back, or arrives again."""

from collections.abc import Mapping

from sqlalchemy import bindparam, func, update

from app.core import clock, events
from app.core.db import db, inserting
from app.people.models import Person
from app.people.queries import Actor
from app.people.telling.models import How, TellingChoice
from app.people.telling.queries import chosen_by
from app.people.telling.rules import Choice


def choose_telling(chosen: Mapping[Choice, How], *, by: Actor) -> bool:
    """Of these events, from now on; what was told before was told as it was. False where it is so already."""
    known = chosen_by(by.person_id)
    new = {choice.event: how for choice, how in chosen.items() if known.get(choice.event, choice.usually) is not how}
    for event, how in new.items():
        what = {"how": how, "chosen_at": clock.now()}
        row = inserting(TellingChoice).values(person_id=by.person_id, event=event, **what)
        keys = [TellingChoice.person_id, TellingChoice.event]
        db.session.execute(row.on_conflict_do_update(index_elements=keys, set_=what))
    if new:
        events.record("telling.chosen", by=by, on=db.session.get_one(Person, by.person_id))
    return bool(new)


def mail_came_back(person_id: int, why: str) -> None:
    """It was refused for good. Since when, and why last."""
    since = func.coalesce(Person.mail_failed_at, bindparam("at", clock.now(), Person.mail_failed_at.type))
    theirs = update(Person).where(Person.id == person_id)
    db.session.execute(theirs.values(mail_failed_at=since, mail_failed_why=why))


def mail_arrived(person_id: int) -> None:
    """The mail server took one again."""
    theirs = update(Person).where(Person.id == person_id)
    db.session.execute(theirs.values(mail_failed_at=None, mail_failed_why=""))
