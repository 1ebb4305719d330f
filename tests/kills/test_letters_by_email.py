"""The worker is killed while it sends letters by e-mail: each leaves, only the one in flight may come twice, and it is marked."""

from collections import Counter
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from app.core.db import begin_write, db
from app.letters.emails.actions import send_by_email
from app.letters.emails.models import LetterMail
from app.letters.models import Letter, Method
from tests import make
from tests.kills.conftest import both_kinds, on_sqlite
from tests.kills.points import Point
from tests.kills.sites import Site
from tests.support.smtp import Mailbox

LETTERS = 3
LEASE = "1"
NO_SWEEP = "100000000"
"""With a lease that never ends, what a killed worker had claimed is never claimed again."""
ROUNDS = 25


@both_kinds
@pytest.mark.parametrize(("point", "arrivals"), [(Point.EMAIL_CLAIMED, LETTERS), (Point.EMAIL_TAKEN, LETTERS + 1)])
def test_letters_of_a_killed_worker_all_arrive_and_the_one_in_flight_is_marked(
    killed: Site, mailbox: Mailbox, point: Point, arrivals: int
) -> None:
    ask(killed)
    killed.order(point)
    killed.start_worker(KILLS_LEASE=LEASE)
    killed.until(lambda: killed.parts.dead() == "worker")
    assert killed.was_killed()
    assert ends_of(killed) == [(None, False)] * LETTERS
    killed.start_worker(KILLS_LEASE=LEASE)
    assert carries_on(killed)
    assert sorted(ends_of(killed)) == [(Method.EMAIL, False)] * (LETTERS - 1) + [(Method.EMAIL, True)]
    times = Counter(str(mail["Message-ID"]) for mail in letters_in(mailbox))
    assert (sum(times.values()), len(times)) == (arrivals, LETTERS)
    assert max(times.values()) <= 2


@on_sqlite
def test_without_the_sweep_the_claimed_letter_never_leaves(killed: Site, mailbox: Mailbox) -> None:
    """So the tests above would fail."""
    ask(killed)
    killed.order(Point.EMAIL_CLAIMED)
    killed.start_worker(KILLS_LEASE=NO_SWEEP)
    killed.until(lambda: killed.parts.dead() == "worker")
    killed.start_worker(KILLS_LEASE=NO_SWEEP)
    assert not carries_on(killed)
    assert len(letters_in(mailbox)) == LETTERS - 1


def ask(site: Site) -> None:
    """Of one letter to each of some caregivers of a case of Ana's, that it be sent by e-mail."""
    world = site.prepared.world
    with site.app.app_context():
        begin_write()
        case = make.assigned(make.submitted(world.priya, world.whanau, contact=world.tom), to=world.ana, by=world.ruth)
        make.letter_ready(world, case)
        for name in ("Ngaire Te Whānau", "Wiremu Te Whānau", "Mārama Ngata"):
            to = make.caregiver(case, world.priya, name)
            make.chose_email(to, f"{name[0].lower()}@whanau.example")
            letter = make.letter_made(world.ana, case, to)
            send_by_email(make.letter_now(world.ana, case, letter), by=world.ana)
        db.session.commit()
    site.app.extensions["jobs"].wake()


def letters_in(mailbox: Mailbox) -> list[EmailMessage]:
    """Besides, people are told that a case is theirs."""
    return [mail for mail in mailbox.arrived if str(mail["To"]).endswith("@whanau.example")]


def ends_of(site: Site) -> list[tuple[Method | None, bool]]:
    """Of each letter how it is recorded as sent, and whether it may have come twice."""
    statement = select(Letter.method, LetterMail.is_perhaps_twice).join(LetterMail, LetterMail.letter_id == Letter.id)
    with site.app.app_context():
        return [(method, twice) for method, twice in db.session.execute(statement.order_by(LetterMail.id))]


def carries_on(site: Site) -> bool:
    """Does everything leave, in more rounds than a lease lasts?"""
    for _ in range(ROUNDS):
        if all(method for method, _ in ends_of(site)):
            return True
        site.round()
    return False
