"""The worker is killed while it reads, keeps and undoes an export of marks: each mark is kept once, and goes back once."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select

from app.attendance.marks.actions import keep_import, undo_import
from app.attendance.marks.models import ImportedWeek, ImportState, MarkImport
from app.attendance.tallies.models import MarkWeek, TermTally
from app.core import clock
from app.core.db import begin_write, db
from tests import make
from tests.attendance import exports
from tests.kills.conftest import both_kinds
from tests.kills.points import Point
from tests.kills.sites import PATIENCE, Site
from tests.kills.test_letters import LEASE

WEEKS = 7
WEEK = "PPPPTTPPPP"


@both_kinds
def test_an_import_whose_worker_is_killed_at_each_step_ends_as_if_it_had_not_been(killed: Site) -> None:
    one = brought(killed)
    killed.order(Point.MARKS_READ)
    killed.start_worker(KILLS_LEASE=LEASE)
    ends(killed, one, ImportState.READING, ImportState.REVIEW)
    assert counted(killed, one) == (10 * WEEKS, WEEKS, 0)
    killed.order(Point.MARKS_KEPT)
    asked(killed, one, keep_import)
    ends(killed, one, ImportState.KEEPING, ImportState.KEPT)
    assert counted(killed, one) == (10 * WEEKS, WEEKS, WEEKS)
    killed.order(Point.MARKS_BACK)
    asked(killed, one, undo_import)
    ends(killed, one, ImportState.UNDOING, ImportState.UNDONE)
    assert counted(killed, one) == (10 * WEEKS, WEEKS, 0)
    killed.until(lambda: not sums(killed), PATIENCE)


def brought(site: Site) -> int:
    """Seven weeks of one student, up to the last one."""
    world = site.prepared.world
    monday = clock.today() - timedelta(days=clock.today().weekday())
    with site.app.app_context():
        begin_write()
        pupil = make.student("Pupil Number1", world.tawa)
        exports.numbered(pupil)
        db.session.commit()
        weeks = (monday - timedelta(weeks=number) for number in range(1, WEEKS + 1))
        rows = [row for each in weeks for row in exports.lines(WEEK, monday=each)]
        one = exports.brought(world.mere, exports.csv(*rows))
    site.app.extensions["jobs"].wake()
    return one


def ends(site: Site, one: int, during: ImportState, after: ImportState) -> None:
    """Killed where it was ordered, it is as it was; and another worker brings it to its end."""
    site.until(lambda: site.parts.dead() == "worker", PATIENCE)
    assert site.was_killed()
    assert state_of(site, one) is during
    site.start_worker(KILLS_LEASE=LEASE)

    def is_through() -> bool:
        site.app.extensions["jobs"].wake()
        return state_of(site, one) is after

    site.until(is_through, 2 * PATIENCE)


def asked(site: Site, one: int, act: Callable[..., None]) -> None:
    with site.app.app_context():
        begin_write()
        act(one, by=site.prepared.world.mere)
        db.session.commit()
    site.app.extensions["jobs"].wake()


def state_of(site: Site, one: int) -> ImportState | None:
    with site.app.app_context():
        return db.session.scalar(select(MarkImport.state).where(MarkImport.id == one))


def counted(site: Site, one: int) -> tuple[int, ...]:
    """Half-days that are new; weeks that were read; weeks that stand."""
    with site.app.app_context():
        new = db.session.scalar(select(MarkImport.new).where(MarkImport.id == one)) or 0
        tables = (ImportedWeek, MarkWeek)
        return new, *(db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def sums(site: Site) -> int:
    """Counted anew, there are none."""
    with site.app.app_context():
        return db.session.scalar(select(func.count()).select_from(TermTally)) or 0
