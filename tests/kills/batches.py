"""A batch of letters at a portal whose worker is killed: begun, looked at while it is made, and counted when it is."""

import os
import signal
import time
from collections.abc import Callable
from random import Random
from typing import NamedTuple

from sqlalchemy import func, select

from app.calendars.school_terms import term_at
from app.core import clock
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
from app.people.queries import Actor
from tests import make
from tests.kills.sites import PATIENCE, Site, let_everything_age
from tests.letters import school

WHILE_MADE = (0.05, 0.8)
"""Of the letters are set, when a worker is killed at random: later there might be nothing left to be broken off."""


class Counted(NamedTuple):
    """Letters that were made; and those, with their files, that were made once too often."""

    letters: int
    twice: int


def begun(site: Site, letters: int) -> int:
    """Of so many cases that are ready; the worker is woken."""

    def ready(world: make.World, pupil: make.Pupil) -> None:
        case = make.submitted(world.priya, pupil, contact=world.tom)
        make.letter_ready(world, make.assigned(case, to=world.ana, by=world.ruth))

    return _begun(site, letters, ready, Purpose.CA, Rule.FIRST, by=site.prepared.world.ana)


def begun_at_school(site: Site, letters: int) -> int:
    """The same about so many students who have no case; let through, as a term may have begun only today."""

    def ready(world: make.World, pupil: make.Pupil) -> None:
        make.enrolled(pupil.id, world.puna)
        term = term_at(clock.today())
        school.absent(world.jin, pupil, 1, from_on=term.from_on if term else school.TERM_BEGAN)
        school.excepted(world.jin, pupil, school.caregiver(world.jin, pupil), 1)

    with site.app.app_context():
        begin_write()
        make.letterhead(site.prepared.world.puna, by=site.prepared.world.jin)
        db.session.commit()
    return _begun(site, letters, ready, Purpose.SCHOOL, Rule.DUE, by=site.prepared.world.jin)


def _begun(
    site: Site,
    letters: int,
    ready: Callable[[make.World, make.Pupil], None],
    purpose: Purpose,
    rule: Rule,
    *,
    by: Actor,
) -> int:
    world = site.prepared.world
    with site.app.app_context():
        begin_write()
        for number in range(letters):
            ready(world, make.student(f"Pupil Number{number}", world.tawa))
        batch, _ = choose(purpose, rule, (), by=by)
        found = batch_for(by, batch.public_id)
        assert found is not None
        begin(found, by=by)
        batch_id = batch.id
        db.session.commit()
    site.app.extensions["jobs"].wake()
    return batch_id


def state_of(site: Site, batch: int) -> BatchState | None:
    with site.app.app_context():
        return db.session.scalar(select(LetterBatch.state).where(LetterBatch.id == batch))


def wait_until_made(site: Site, batch: int, letters: int) -> None:
    def made() -> bool:
        site.app.extensions["jobs"].wake()
        return state_of(site, batch) is BatchState.MADE

    site.until(made, 2 * PATIENCE + letters)


def kill_at_random(
    site: Site, batch: int, letters: int, start: Callable[[], object], *, moments: Random, times: int
) -> None:
    """The worker, that `start` starts, so often while it makes this batch; it is running again afterwards."""
    start()
    for moment in sorted(moments.uniform(*WHILE_MADE) for _ in range(times)):
        site.until(lambda: _set_by_now(site) >= moment * letters, 2 * PATIENCE + letters)  # noqa: B023 (asked at once)
        time.sleep(moments.uniform(0, 0.2))
        worker = site.parts.running["worker"]
        os.kill(worker.pid, signal.SIGKILL)
        assert worker.wait(PATIENCE) == -signal.SIGKILL
        assert state_of(site, batch) is BatchState.MAKING, "it was killed too late"
        start()


def _set_by_now(site: Site) -> int:
    site.app.extensions["jobs"].wake()
    with site.app.app_context():
        return db.session.scalar(select(func.count()).where(Letter.rendered_at.is_not(None))) or 0


def counted(site: Site) -> Counted:
    with site.app.app_context():
        made = select(func.count(), func.count(Letter.case_id.distinct()), func.count(Letter.file_id.distinct()))
        letters, cases, files = db.session.execute(made.where(Letter.made_at.is_not(None))).one()
        kept = db.session.scalar(select(func.count()).where(StoredFile.name.endswith(" letter 1.pdf"))) or 0
        return Counted(letters, letters - cases + kept - files)


def each_is_there_once(site: Site, batch: int, letters: int) -> None:
    """As many letters as lines, one file each and one to print, and after a sweep nothing besides."""
    with site.app.app_context():
        theirs = select(BatchLine.letter_id).where(BatchLine.batch_id == batch, BatchLine.state == LineState.ASKED)
        assert len(db.session.scalars(theirs).all()) == letters
        made = select(func.count(), func.count(Letter.file_id.distinct()))
        count, files = db.session.execute(made.where(Letter.made_at.is_not(None))).one()
        assert (count, files) == (letters, letters)
        assert db.session.scalar(select(func.count()).select_from(Letter)) == letters
        db.session.rollback()
        let_everything_age(site)
        sweeping.sweep()
        left = {found.key for some in the_store().listing() for found in some}
        assert left == set(db.session.scalars(select(StoredFile.key)))
        printed = db.session.scalars(select(LetterBatch.print_file_id)).all()
        assert len(left) == letters + len([each for each in printed if each])
