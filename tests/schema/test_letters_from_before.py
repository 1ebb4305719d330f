"""Cases whose letters were made before a service had ladders of its own keep to ours when the database is brought up (LET-2)."""

from datetime import timedelta

from alembic import command
from sqlalchemy import select, update
from time_machine import Traveller

from app.cases.models import Case
from app.core import clock as core_clock
from app.core import schema
from app.core.db import db
from app.letters.ladders import Step
from app.letters.models import Letter
from app.letters.purposes import Purpose
from app.letters.steps import CaseLadder
from app.letters.versions.actions import change_ladder
from app.letters.versions.queries import goes_by
from tests import make
from tests.support.databases import Database

BEFORE = "0022"


def test_a_case_with_letters_from_before_stays_with_ours(
    clock: Traveller, own_world: make.World, database: Database
) -> None:
    with_letter, voided, without = (a_case(own_world, number) for number in range(3))
    first = make.letter_sent(own_world.ana, with_letter, make.letter_ready(own_world, with_letter))
    gone = make.letter_made(own_world.ana, voided, make.letter_ready(own_world, voided))
    make.preview(own_world.ana, without, make.letter_ready(own_world, without))
    wrong = {"voided_at": core_clock.now(), "voided_by_id": own_world.ana.person_id, "void_why": "Wrong."}
    db.session.execute(update(Letter).where(Letter.id == gone.id).values(**wrong))
    cases, day, by = [each.id for each in (with_letter, voided, without)], core_clock.today(), first.made_by_id
    db.session.commit()
    up_again(database)
    clock.shift(timedelta(days=40))
    kept = db.session.scalars(select(CaseLadder)).all()
    assert [(row.case_id, row.purpose, row.ladder_id, row.as_of, row.by_id) for row in kept] == [
        (cases[0], Purpose.CA, None, day, by)
    ]
    change_ladder(Purpose.CA, [Step(Purpose.CA, 1, "Only", 0, is_formal=False)], "One.", version=0, by=own_world.ruth)
    found = [goes_by(case, own_world.te_awa.id, Purpose.CA) for case in cases]
    assert [(len(each.steps), each.is_begun) for each in found] == [(3, True), (1, False), (1, False)]


def up_again(database: Database) -> None:
    """As it was before, and brought up with its letters there."""
    db.engine.dispose()
    command.downgrade(schema.configuration(database.url), BEFORE)
    command.upgrade(schema.configuration(database.url), "head")


def a_case(world: make.World, number: int) -> Case:
    pupil = make.student(f"Pupil Number{number}", world.tawa)
    return make.assigned(make.submitted(world.priya, pupil, contact=world.tom), to=world.ana, by=world.ruth)
