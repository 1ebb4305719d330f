"""Who is told of what was shared is told when it opens, and of what was undone by then never (SHARE-2)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import select, update
from time_machine import Traveller

from app.cases.comments.actions import change_audience, retract, share_now, undo
from app.cases.comments.rules import LAST_MOMENT
from app.cases.entries import Audience, Entry
from app.cases.models import Case
from app.cases.queries import CaseHead
from app.core import clock as core_clock
from app.core.db import begin_write, db
from app.core.events import Outbox
from app.core.unread import mark_all
from app.deliveries import deliver_due
from app.people.queries import Actor
from app.settings import Settings
from tests import make
from tests.support.databases import Database
from tests.support.figures import UNDO_FOR
from tests.support.settings import settings_for
from tests.support.smtp import Mailbox

A_SECOND = timedelta(seconds=1)


@pytest.fixture
def settings(database: Database, tmp_path: Path, mailbox: Mailbox) -> Settings:
    return settings_for(database.url, tmp_path, SMTP_URL=mailbox.url)


@pytest.fixture
def shared(clock: Traveller, own_world: make.World) -> Entry:
    """Ana has shared a note just now; everything before it was told."""
    case = make.open_case(own_world)
    db.session.execute(update(Outbox).values(done_at=core_clock.now(), read_at=core_clock.now()))
    entry = make.note(own_world.ana, case, waits=True)
    db.session.commit()
    return entry


def head(world: make.World, entry: Entry, who: Actor | None = None) -> CaseHead:
    return make.head(who or world.ana, db.session.get_one(Case, entry.case_id))


def unread(who: Actor) -> int:
    """What the page's number says, as the sign-in's statement counts it."""
    rows = select(Outbox.id).where(
        Outbox.person_id == who.person_id, Outbox.made_at <= core_clock.now(), Outbox.read_at.is_(None)
    )
    return len(db.session.scalars(rows).all())


def test_a_mail_leaves_when_the_note_opens_and_once(
    clock: Traveller, own_world: make.World, shared: Entry, mailbox: Mailbox
) -> None:
    deliver_due()
    clock.shift(UNDO_FOR - A_SECOND)
    deliver_due()
    assert not mailbox.arrived
    clock.shift(A_SECOND)
    deliver_due()
    deliver_due()
    assert [message["To"] for message in mailbox.arrived] == [own_world.tom.email]


def test_shared_now_its_mail_leaves_now(own_world: make.World, shared: Entry, mailbox: Mailbox) -> None:
    share_now(head(own_world, shared), shared, by=own_world.ana)
    db.session.commit()
    deliver_due()
    assert len(mailbox.arrived) == 1


@pytest.mark.parametrize("how", ["undone", "narrowed", "retracted"])
def test_of_what_did_not_open_no_mail_ever_leaves(
    clock: Traveller, own_world: make.World, shared: Entry, mailbox: Mailbox, how: str
) -> None:
    by, case = own_world.ana, head(own_world, shared)
    if how == "undone":
        undo(case, shared, by=by)
    elif how == "narrowed":
        change_audience(case, shared, Audience.SERVICE, by=by)
    else:
        retract(case, shared, by=by)
    db.session.commit()
    clock.shift(timedelta(days=1))
    deliver_due()
    assert not mailbox.arrived
    assert (unread(own_world.tom), unread(own_world.mere)) == (0, 0)


def test_who_marks_everything_as_read_has_not_read_what_was_not_told_yet(
    clock: Traveller, own_world: make.World, shared: Entry
) -> None:
    mark_all(own_world.mere)
    assert unread(own_world.mere) == 0
    clock.shift(UNDO_FOR)
    assert unread(own_world.mere) == 1


def test_an_undo_that_is_under_way_when_the_note_would_open_is_waited_for(
    app: Flask, clock: Traveller, own_world: make.World, shared: Entry, mailbox: Mailbox
) -> None:
    """The worker comes while the undoing has not been committed: it sends nothing, neither then nor after."""
    entry_id, is_undone, may_commit = shared.id, Event(), Event()
    db.session.rollback()

    def undoing() -> None:
        with app.app_context():
            begin_write()
            entry = db.session.get_one(Entry, entry_id)
            undo(head(own_world, entry), entry, by=own_world.ana)
            is_undone.set()
            assert may_commit.wait(10)
            db.session.commit()

    def delivering() -> None:
        with app.app_context():
            deliver_due()

    clock.shift(UNDO_FOR - LAST_MOMENT - A_SECOND)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(undoing)
        assert is_undone.wait(10)
        clock.shift(LAST_MOMENT + A_SECOND)
        second = pool.submit(delivering)
        with pytest.raises(TimeoutError):
            first.result(timeout=0.3)
        may_commit.set()
        first.result(timeout=10)
        second.result(timeout=20)
    deliver_due()
    assert not mailbox.arrived
