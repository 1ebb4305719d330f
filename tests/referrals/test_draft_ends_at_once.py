"""Two at one draft in the same moment, each in a transaction of its own: what both are told is true (REQ-3, REQ-8)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from time_machine import Traveller

from app.core.db import db
from app.core.errors import Conflict, Refused
from app.people.queries import Actor
from app.referrals import actions as requests
from app.referrals.drafts import actions
from app.referrals.models import Answer, Referral, State
from app.referrals.queries import Request, held_request_for, kept_request_for
from app.referrals.saving import Page, save_draft
from tests import make
from tests.referrals.test_at_once import at_once


def kept(by: Actor, public_id: str) -> Request:
    found = kept_request_for(by, public_id)
    assert found is not None
    return found


def test_a_request_is_either_sent_or_discarded(app: Flask, own_world: make.World) -> None:
    request = make.filled(own_world.priya, own_world.whanau, contact=own_world.tom)
    public_id, version = request.referral.public_id, request.version
    db.session.commit()
    sent, gone = at_once(
        app,
        lambda: requests.submit(kept(own_world.priya, public_id), version=version, by=own_world.priya).number,
        lambda: actions.discard(kept(own_world.mere, public_id), by=own_world.mere),
    )
    referral = db.session.scalars(select(Referral)).one()
    if gone is True:
        assert isinstance(sent, Conflict)
        assert (referral.state, referral.case_id) == (State.DRAFT, None)
    else:
        assert isinstance(gone, Conflict)
        assert (referral.state, referral.discarded_at) == (State.SUBMITTED, None)


def test_of_two_who_discard_one_does_it(app: Flask, own_world: make.World) -> None:
    public_id = make.draft(own_world.priya, own_world.whanau).referral.public_id
    db.session.commit()

    def discard(by: Actor) -> Callable[[], Any]:
        return lambda: actions.discard(kept(by, public_id), by=by)

    assert sorted(at_once(app, discard(own_world.priya), discard(own_world.mere))) == [False, True]


def test_of_two_who_hand_it_to_different_people_the_second_is_told(app: Flask, own_world: make.World) -> None:
    public_id = make.draft(own_world.priya, own_world.whanau).referral.public_id
    db.session.commit()

    def hand(by: Actor, to: Actor) -> Callable[[], Any]:
        now = own_world.priya.public_id
        return lambda: actions.hand_over(kept(by, public_id), to=to.person_id, by=by, instead_of=now)

    results = at_once(app, hand(own_world.priya, own_world.tom), hand(own_world.mere, own_world.aroha))
    assert sorted(isinstance(result, Conflict) for result in results) == [False, True], results


def test_one_is_brought_back_or_another_begun_never_both(app: Flask, own_world: make.World) -> None:
    request = make.draft(own_world.priya, own_world.whanau)
    public_id = request.referral.public_id
    actions.discard(request, by=own_world.priya)
    db.session.commit()
    results = at_once(
        app,
        lambda: actions.bring_back(kept(own_world.priya, public_id), by=own_world.priya),
        lambda: requests.start_draft(own_world.whanau.id, prefill={}, by=own_world.mere).public_id,
    )
    assert sorted(isinstance(result, Refused) for result in results) == [False, True], results
    there = select(func.count()).where(Referral.state == State.DRAFT, Referral.discarded_at.is_(None))
    assert db.session.scalar(there) == 1


def test_a_draft_is_changed_or_deleted_never_half(app: Flask, own_world: make.World, clock: Traveller) -> None:
    public_id = make.draft(own_world.priya, own_world.whanau, reason="Why").referral.public_id
    db.session.commit()
    clock.shift(timedelta(days=83))
    actions.announce_ends()
    clock.shift(timedelta(days=7))

    def save() -> Any:
        found = held_request_for(own_world.priya, public_id)
        return found and save_draft(found, {"plan": "Now"}, page=Page({}), by=own_world.priya)

    saved, deleted = at_once(app, save, actions.delete_ended)
    answers = db.session.scalar(select(func.count()).select_from(Answer))
    assert (saved, deleted, answers) in [([], 0, 2), (None, 1, 0)]
