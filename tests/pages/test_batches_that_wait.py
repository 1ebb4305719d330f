"""What the page of a batch says while it does not go on, and of letters that are on their way by e-mail, without scripts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from time_machine import Traveller

from app.core import clock as core_clock
from app.core.db import db
from app.letters.batches.models import LetterBatch
from app.letters.batches.sheet import CHOSE_EMAIL, IN_MAIL
from app.letters.carrying import STUCK
from app.letters.models import Letter
from app.students.models import Caregiver, LettersBy
from tests import make
from tests.letters.test_batches import waiting_mail
from tests.letters.test_batches_that_fail import failing, unforeseen
from tests.pages.test_batches import chosen, made, scene, work, world  # noqa: F401  (fixtures)
from tests.support.client import Client

MAILED, CHOSE = "On its way by e-mail</strong>", "Chose e-mail</strong>"


def test_a_batch_that_does_not_go_on_says_so_until_it_does(
    client: Client,
    world: make.World,  # noqa: F811
    work: Callable[[], None],  # noqa: F811
    clock: Traveller,
) -> None:
    at = chosen(client)
    client.fill(client.get(at), "Make 3 letters")
    nans = select(Caregiver.id).where(Caregiver.name.startswith("Nan Number"))
    to = client.outside(lambda: db.session.scalars(nans.order_by(Caregiver.id)).first())
    with failing("before_insert", to, unforeseen):
        for _ in range(3):
            assert STUCK not in client.get(at).text
            work()
            clock.shift(timedelta(minutes=1, seconds=1))
        page = client.get(at)
        assert STUCK in page.text
        assert "Stop: make no more of them" in page.text
    work()
    said = client.get(at).text
    assert STUCK not in said
    assert "3 letters made" in said
    assert client.outside(lambda: db.session.scalars(select(LetterBatch.fault)).all()) == [""]


@pytest.mark.parametrize("mailed", [False, True])
def test_a_letter_on_its_way_by_email_and_one_to_who_chose_that_are_told_apart(
    client: Client,
    world: make.World,  # noqa: F811
    work: Callable[[], None],  # noqa: F811
    *,
    mailed: bool,
) -> None:
    def by_email() -> None:
        letter = db.session.scalars(select(Letter).order_by(Letter.id)).first()
        assert letter
        chose = {"letters_by": LettersBy.EMAIL, "letters_by_on": core_clock.today(), "email": "nan@example.nz"}
        db.session.execute(update(Caregiver).where(Caregiver.id == letter.caregiver_id).values(chose))
        db.session.commit()
        if mailed:
            waiting_mail(letter, world.ana)

    at = made(client, work)
    client.outside(by_email)
    page = client.get(at).text
    assert (page.count(MAILED), page.count(CHOSE)) == (mailed, not mailed)
    for address in (f"{at}posting-list", f"{at}posting-list.csv"):
        listed = client.get(address).text
        assert (listed.count(IN_MAIL), listed.count(CHOSE_EMAIL)) == (mailed, not mailed)
