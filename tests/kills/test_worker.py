"""The worker is killed while it sends: nothing that must leave is lost, and only the mail in flight may come twice."""

import os
import signal
from collections import Counter

import pytest

from tests.kills.conftest import both_kinds, on_postgresql, on_sqlite
from tests.kills.points import Point
from tests.kills.sites import Site
from tests.support.smtp import Mailbox

DUE = 2
"""How many mails `Site.make_mails` makes due."""
LEASE = "1"
NO_SWEEP = "100000000"
"""With a lease that never ends, what a killed worker had claimed is never claimed again."""
ROUNDS = 25


@both_kinds
@pytest.mark.parametrize(("point", "arrivals"), [(Point.CLAIMED, DUE), (Point.MARK_DONE, DUE + 1)])
def test_mails_of_a_killed_worker_all_arrive_and_the_one_in_flight_is_marked(
    killed: Site, mailbox: Mailbox, point: Point, arrivals: int
) -> None:
    assert killed.make_mails() == DUE
    killed.order(point)
    killed.start_worker(KILLS_LEASE=LEASE)
    killed.until(lambda: killed.parts.dead() == "worker")
    assert killed.was_killed()
    assert not any(ends_of(killed))
    killed.start_worker(KILLS_LEASE=LEASE)
    assert carries_on(killed)
    assert sorted(ends_of(killed)) == [*["sent"] * (DUE - 1), "sent, perhaps twice"]
    is_one_at_most_twice(mailbox, arrivals)


@on_postgresql
def test_a_mail_that_was_taken_without_an_answer_comes_twice_at_most_and_is_marked(
    killed: Site, mailbox: Mailbox
) -> None:
    """The receiver has the mail in hand when the worker dies."""
    assert killed.make_mails() == DUE
    pid = killed.start_worker(KILLS_LEASE=LEASE)
    kill_at_first(mailbox, pid)
    killed.until(lambda: killed.parts.dead() == "worker")
    assert killed.parts.running["worker"].returncode == -signal.SIGKILL
    assert len(mailbox.arrived) == 1
    killed.start_worker(KILLS_LEASE=LEASE)
    assert carries_on(killed)
    assert sorted(ends_of(killed)) == [*["sent"] * (DUE - 1), "sent, perhaps twice"]
    is_one_at_most_twice(mailbox, DUE + 1)


@on_sqlite
def test_without_the_sweep_the_claimed_mail_never_leaves(killed: Site, mailbox: Mailbox) -> None:
    """So the tests above would fail."""
    assert killed.make_mails() == DUE
    killed.order(Point.CLAIMED)
    killed.start_worker(KILLS_LEASE=NO_SWEEP)
    killed.until(lambda: killed.parts.dead() == "worker")
    killed.start_worker(KILLS_LEASE=NO_SWEEP)
    assert not carries_on(killed)
    assert sorted(ends_of(killed)) == ["", *["sent"] * (DUE - 1)]
    assert len(mailbox.arrived) == DUE - 1


@both_kinds
def test_two_workers_at_once_send_each_mail_once(killed: Site, mailbox: Mailbox) -> None:
    due = killed.make_more_mails(10)
    killed.start_worker()
    killed.start_worker("a second one")
    assert carries_on(killed)
    assert len(mailbox.arrived) == due
    assert set(ends_of(killed)) == {"sent"}
    assert killed.parts.dead() is None


def carries_on(site: Site) -> bool:
    """Does everything due leave, in more rounds than a lease lasts?"""
    for _ in range(ROUNDS):
        if all(ends_of(site)):
            return True
        site.round()
    return False


def ends_of(site: Site) -> list[str]:
    return [row.result for row in site.mails() if row.result != "before"]


def kill_at_first(mailbox: Mailbox, pid: int) -> None:
    def kill(_message: object) -> None:
        mailbox.on_taken = id
        os.kill(pid, signal.SIGKILL)

    mailbox.on_taken = kill


def is_one_at_most_twice(mailbox: Mailbox, arrivals: int) -> None:
    """By their ids, which a mail keeps."""
    times = Counter(str(message["Message-ID"]) for message in mailbox.arrived)
    assert len(mailbox.arrived) == arrivals
    assert len(times) == DUE
    assert max(times.values()) <= 2
