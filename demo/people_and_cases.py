"""`python -m demo.people_and_cases`: fills an empty, migrated database with the demonstration's people and cases, once."""

import sys
from datetime import timedelta

from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError

from app import create_app
from app.core import clock
from app.core.db import begin_write, db
from app.core.events import Outbox
from app.people.models import Organisation, Role
from demo.data_cases import LEADS, stories
from demo.data_leaving import one_leaves
from demo.data_letters import LETTERHEADS, ask_again, write_letterhead
from demo.data_marks import marks_of_school
from demo.data_moments import at, play
from demo.data_people import add_organisations, add_people
from demo.data_plan import ANA
from demo.data_rolls import add_rolls
from demo.data_school import letters_of_school

BEGINNING = timedelta(weeks=12)
TRIES = 6
MERE, PRIYA = "Mere Fa‘asavalu", "Priya Nair"
BEFORE = "in the demonstration before it began"


def main() -> int:
    app = create_app()
    if not app.extensions["settings"].demonstration:
        print("Invented people belong to a demonstration; this is a real portal (DEMONSTRATION is not set).")
        return 2
    with app.app_context():
        print("Filled with invented people and cases." if fill() else "There are people already; nothing was added.")
    return 0


def fill() -> bool:
    """Everything in one transaction, or nothing where there is any organisation. Of two at once the second waits."""
    _wait_for_the_other()
    if db.session.scalar(select(Organisation.id).limit(1)):
        db.session.rollback()
        return False
    since = clock.now() - BEGINNING
    with at(since):
        organisations = add_organisations()
        cast = add_people(organisations)
        for number in LETTERHEADS:
            write_letterhead(number, by=cast.actor(LEADS[number], Role.WORKFLOW_LEAD))
    play(stories(cast, add_rolls(organisations, since=since)))
    one_leaves(cast.actor(ANA, Role.CASE_MANAGER))
    ask_again(cast.actor(ANA, Role.CASE_MANAGER))
    letters_of_school(cast.actor(MERE, Role.ATTENDANCE_LEAD))
    marks_of_school(cast.actor(MERE, Role.ATTENDANCE_LEAD), cast.actor(PRIYA, Role.OFFICE_SUPPORT))
    _nothing_is_left_to_tell()
    db.session.commit()
    return True


def _wait_for_the_other() -> None:
    """A writing transaction that no other filling shares: on a slow machine one takes longer than a database waits."""
    for tries_left in reversed(range(TRIES)):
        try:
            _begin_alone()
            break
        except OperationalError:
            db.session.rollback()
            if not tries_left:
                raise


def _begin_alone() -> None:
    begin_write()
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE organisation IN SHARE ROW EXCLUSIVE MODE"))


def _nothing_is_left_to_tell() -> None:
    """Whatever these weeks would have told anybody is told and read; no mail leaves at the start."""
    unsent = update(Outbox).where(Outbox.done_at.is_(None))
    db.session.execute(unsent.values(done_at=Outbox.made_at, result=BEFORE))
    db.session.execute(update(Outbox).values(read_at=Outbox.made_at))


if __name__ == "__main__":
    sys.exit(main())
