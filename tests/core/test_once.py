"""A form that changes something is carried out once, however often it arrives."""

from datetime import timedelta

import pytest
from flask.ctx import AppContext
from sqlalchemy import select, update

from app.core import clock, once
from app.core.db import db
from app.people.queries import Actor
from tests import make

CONTENT = once.content_digest("/there", [("body", "Kia ora")])


def claim(who: Actor, content: str = CONTENT) -> once.Earlier | None:
    return once.claim("a-key", person_id=who.person_id, content=content)


@pytest.fixture(autouse=True)
def first(world: make.World) -> None:
    assert claim(world.mere) is None
    once.remember("a-key", "/answer", person_id=world.mere.person_id)


def test_the_same_key_and_content_finds_the_first_answer(world: make.World) -> None:
    assert claim(world.mere) == once.Earlier("/answer", is_same=True)


def test_the_same_key_with_other_content_is_told_apart(world: make.World) -> None:
    found = claim(world.mere, once.content_digest("/there", [("body", "Something else")]))
    assert found is not None
    assert not found.is_same


def test_somebody_elses_key_is_not_mine(world: make.World) -> None:
    found = claim(world.tom)
    assert found is not None
    assert not found.is_same


def test_the_answer_to_somebody_elses_key_is_not_mine_to_give(world: make.World) -> None:
    once.remember("a-key", "/elsewhere", person_id=world.tom.person_id)
    assert claim(world.mere) == once.Earlier("/answer", is_same=True)


def test_what_is_rolled_back_uses_up_no_key(world: make.World) -> None:
    db.session.rollback()
    assert claim(world.mere) is None


def test_tokens_do_not_count_as_content() -> None:
    fields = [("body", "Kia ora"), ("csrf_token", "x"), ("once", "y")]
    assert once.content_digest("/there", fields) == CONTENT


def test_the_order_of_fields_does_not_count_and_the_address_does() -> None:
    assert once.content_digest("/a", [("x", "1"), ("y", "2")]) == once.content_digest("/a", [("y", "2"), ("x", "1")])
    assert once.content_digest("/b", [("body", "Kia ora")]) != CONTENT


def test_a_key_is_forgotten_after_a_week(context: AppContext, own_world: make.World) -> None:
    claim(own_world.mere)
    db.session.commit()
    for days, is_known in ((6, True), (8, False)):
        db.session.execute(update(once.OnceKey).values(used_at=clock.now() - timedelta(days=days)))
        db.session.commit()
        once.forget_old()
        assert (db.session.scalar(select(once.OnceKey.key)) is not None) is is_known
