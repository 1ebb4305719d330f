"""The worker is killed again and again while it makes a batch of letters: each letter is made once, and so is the print file."""

import os

from sqlalchemy import func, select

from app.core.db import begin_write, db
from app.core.files import sweeping
from app.core.files.store import the_store
from app.core.files.stored import StoredFile
from app.letters.batches.actions import begin, choose
from app.letters.batches.models import BatchLine, BatchState, LetterBatch, LineState
from app.letters.batches.queries import batch_for
from app.letters.batches.rules import Rule
from app.letters.models import Letter
from app.letters.purposes import Purpose
from tests import make
from tests.kills.conftest import both_kinds, on_postgresql
from tests.kills.points import Point
from tests.kills.sites import PATIENCE, Site
from tests.kills.test_letters import LEASE, let_everything_age

LETTERS = int(os.environ.get("LETTERS") or 5)
"""`LETTERS=500` for the whole of it, by hand."""
POINTS = (Point.BATCH_ASKED, Point.LETTER_CLAIMED, Point.BATCH_MADE, Point.BATCH_BOUND)


@both_kinds
def test_a_batch_whose_worker_is_killed_again_and_again_ends_with_each_letter_once(killed: Site) -> None:
    batch = begun(killed)
    for point in POINTS:
        killed.order(point)
        killed.start_worker(KILLS_LEASE=LEASE)
        killed.until(lambda: killed.parts.dead() == "worker", PATIENCE + LETTERS)
        assert killed.was_killed()
        assert state_of(killed, batch) is BatchState.MAKING
    killed.start_worker(KILLS_LEASE=LEASE)
    wait_until_made(killed, batch)
    each_is_there_once(killed, batch)


@on_postgresql
def test_two_workers_make_a_batch_together(killed: Site) -> None:
    batch = begun(killed)
    killed.start_worker()
    killed.start_worker("a second one")
    wait_until_made(killed, batch)
    each_is_there_once(killed, batch)


def begun(site: Site) -> int:
    world = site.prepared.world
    with site.app.app_context():
        begin_write()
        for number in range(LETTERS):
            pupil = make.student(f"Pupil Number{number}", world.tawa)
            case = make.submitted(world.priya, pupil, contact=world.tom)
            make.letter_ready(world, make.assigned(case, to=world.ana, by=world.ruth))
        batch, _ = choose(Purpose.CA, Rule.FIRST, (), by=world.ana)
        found = batch_for(world.ana, batch.public_id)
        assert found is not None
        begin(found, by=world.ana)
        batch_id = batch.id
        db.session.commit()
    site.app.extensions["jobs"].wake()
    return batch_id


def state_of(site: Site, batch: int) -> BatchState | None:
    with site.app.app_context():
        return db.session.scalar(select(LetterBatch.state).where(LetterBatch.id == batch))


def wait_until_made(site: Site, batch: int) -> None:
    def made() -> bool:
        site.app.extensions["jobs"].wake()
        return state_of(site, batch) is BatchState.MADE

    site.until(made, PATIENCE + LETTERS)


def each_is_there_once(site: Site, batch: int) -> None:
    """As many letters as lines, one file each and one to print, and after a sweep nothing besides."""
    with site.app.app_context():
        theirs = select(BatchLine.letter_id).where(BatchLine.batch_id == batch, BatchLine.state == LineState.ASKED)
        assert len(db.session.scalars(theirs).all()) == LETTERS
        made = select(func.count(), func.count(Letter.file_id.distinct()))
        count, files = db.session.execute(made.where(Letter.made_at.is_not(None))).one()
        assert (count, files) == (LETTERS, LETTERS)
        assert db.session.scalar(select(func.count()).select_from(Letter)) == LETTERS
        db.session.rollback()
        let_everything_age(site)
        sweeping.sweep()
        left = {found.key for some in the_store().listing() for found in some}
        assert left == set(db.session.scalars(select(StoredFile.key)))
        printed = db.session.scalars(select(LetterBatch.print_file_id)).all()
        assert len(left) == LETTERS + len([each for each in printed if each])
