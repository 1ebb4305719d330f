"""The worker is killed again and again while it makes a batch of letters: each letter is made once, and so is the print file.
Of five hundred `ONLY=kills make bench` says the same."""

from random import Random

from app.letters.batches.models import BatchState
from tests.kills.batches import (
    Counted,
    begun,
    begun_at_school,
    counted,
    each_is_there_once,
    kill_at_random,
    state_of,
    wait_until_made,
)
from tests.kills.conftest import both_kinds, on_postgresql
from tests.kills.points import Point
from tests.kills.sites import PATIENCE, Site
from tests.kills.test_letters import LEASE

LETTERS, MORE = 5, 20
POINTS = (Point.BATCH_ASKED, Point.LETTER_CLAIMED, Point.BATCH_MADE, Point.BATCH_BOUND)


@both_kinds
def test_a_batch_whose_worker_is_killed_again_and_again_ends_with_each_letter_once(killed: Site) -> None:
    batch = begun(killed, LETTERS)
    for point in POINTS:
        killed.order(point)
        killed.start_worker(KILLS_LEASE=LEASE)
        killed.until(lambda: killed.parts.dead() == "worker", PATIENCE + LETTERS)
        assert killed.was_killed()
        assert state_of(killed, batch) is BatchState.MAKING
    killed.start_worker(KILLS_LEASE=LEASE)
    wait_until_made(killed, batch, LETTERS)
    each_is_there_once(killed, batch, LETTERS)


@on_postgresql
def test_a_batch_whose_worker_is_killed_at_any_moment_ends_with_each_letter_once(killed: Site) -> None:
    batch = begun(killed, MORE)
    moments = Random(3)
    kill_at_random(killed, batch, MORE, lambda: killed.start_worker(KILLS_LEASE=LEASE), moments=moments, times=3)
    wait_until_made(killed, batch, MORE)
    assert counted(killed) == Counted(MORE, twice=0)
    each_is_there_once(killed, batch, MORE)


@on_postgresql
def test_a_school_s_batch_whose_worker_is_killed_ends_with_each_letter_once(killed: Site) -> None:
    batch = begun_at_school(killed, LETTERS)
    for point in (Point.BATCH_ASKED, Point.BATCH_MADE):
        killed.order(point)
        killed.start_worker(KILLS_LEASE=LEASE)
        killed.until(lambda: killed.parts.dead() == "worker", PATIENCE + LETTERS)
        assert killed.was_killed()
    killed.start_worker(KILLS_LEASE=LEASE)
    wait_until_made(killed, batch, LETTERS)
    each_is_there_once(killed, batch, LETTERS)


@on_postgresql
def test_two_workers_make_a_batch_together(killed: Site) -> None:
    batch = begun(killed, LETTERS)
    killed.start_worker()
    killed.start_worker("a second one")
    wait_until_made(killed, batch, LETTERS)
    each_is_there_once(killed, batch, LETTERS)
