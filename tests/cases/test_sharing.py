"""What is shared opens to others five minutes later; until then it can be undone, and nobody else has known (SHARE-2).
Edits keep the former text, retractions a mark (SHARE-5)."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select
from time_machine import Traveller

from app.audiences import LOG_WORDS
from app.cases.access.queries import access_log_for
from app.cases.comments.actions import change_audience, edit, retract, share_now, undo
from app.cases.comments.policy import can_change_own, can_read_former
from app.cases.comments.queries import SHOWING_ENTRIES, former_texts, readers_since
from app.cases.comments.rules import LAST_MOMENT
from app.cases.entries import Audience, Entry, EntryFile, Unsent, UnsentFile
from app.cases.models import Case
from app.cases.timeline import addressed_entry_for, audience_history, entry_for, shown_to_school, timeline_for
from app.core import clock as core_clock
from app.core.db import db
from app.core.errors import Conflict
from app.core.events import Audit, Outbox
from app.core.files.stored import Kept, Scan, add
from app.core.seen import ViewLog
from app.people.queries import Actor
from app.people.telling.queries import told_to
from tests import make
from tests.support.figures import UNDO_FOR

A_SECOND = timedelta(seconds=1)
SIDES = [("ana", "mere"), ("tom", "ruth")]
"""Who writes, and who reads on the other side."""


@pytest.fixture
def case(clock: Traveller, world: make.World) -> Case:
    """Hēmi's, with Ana; nobody has been told of anything yet."""
    made = make.open_case(world)
    db.session.execute(delete(Outbox))
    clock.shift(timedelta(minutes=1))
    return made


def texts(who: Actor, case: Case) -> set[str | None]:
    return {row.body for row in timeline_for(who, case.id) if row.kind == "comment"}


def count(who: Actor, case: Case) -> int:
    return len(timeline_for(who, case.id))


def opened(who: Actor, case: Case, page: str = "case") -> None:
    """As somebody who looked at this page of the case."""
    line = {"person_id": who.person_id, "role": who.role, "organisation_id": who.organisation_id}
    db.session.execute(insert(ViewLog).values(at=core_clock.now(), case_id=case.id, page=page, **line))


def undone(by: Actor, case: Case, entry: Entry) -> None:
    undo(make.head(by, case), entry, by=by)


def body_of(by: Actor, case: Case) -> list[str]:
    mine = select(Unsent.body).filter_by(case_id=case.id, person_id=by.person_id)
    return list(db.session.scalars(mine.order_by(Unsent.at, Unsent.id)))


@pytest.mark.parametrize(("writer", "reader"), SIDES)
def test_what_is_shared_exists_for_others_from_five_minutes_later(
    clock: Traveller, world: make.World, case: Case, writer: str, reader: str
) -> None:
    by, other = world.people[writer], world.people[reader]
    before = count(other, case)
    entry = make.note(by, case, waits=True)
    assert entry.body in texts(by, case)
    clock.shift(UNDO_FOR - A_SECOND)
    assert count(other, case) == before
    assert entry_for(other, case.number, entry.public_id) is None
    assert addressed_entry_for(other, case.number, entry.public_id) is None
    clock.shift(A_SECOND)
    assert entry.body in texts(other, case)


def test_colleagues_of_the_writer_read_it_at_once(world: make.World, case: Case) -> None:
    make.note(world.tom, case, waits=True)
    assert len(texts(world.mere, case)) == len(texts(world.priya, case)) == 1
    make.note(world.ana, case, body="Ours", waits=True)
    assert "Ours" in texts(world.ruth, case)


def test_what_the_service_is_shown_of_the_schools_page_does_not_hold_what_waits(world: make.World, case: Case) -> None:
    before = len(shown_to_school(case.id))
    make.note(world.tom, case, waits=True)
    make.note(world.ana, case, waits=True)
    assert len(shown_to_school(case.id)) == before


@pytest.mark.parametrize("audience", [Audience.SERVICE, Audience.RESTRICTED])
def test_what_is_not_shared_opens_at_once_and_cannot_be_undone(
    world: make.World, case: Case, audience: Audience
) -> None:
    entry = make.note(world.ana, case, audience, waits=True)
    assert entry.body in texts(world.ruth, case)
    with pytest.raises(Conflict):
        undone(world.ana, case, entry)
    assert entry.retracted_at is None


@pytest.mark.parametrize(("writer", "reader"), SIDES)
def test_nobody_is_told_in_the_app_before_it_opens(
    clock: Traveller, world: make.World, case: Case, writer: str, reader: str
) -> None:
    entry = make.note(world.people[writer], case, waits=True)
    told = db.session.scalars(select(Outbox)).all()
    assert told
    assert {(row.made_at, row.next_try_at) for row in told} == {(entry.opens_at, entry.opens_at)}
    somebody = next(who for who in world.people.values() if who.person_id == told[0].person_id)
    assert not told_to(somebody).lines
    clock.shift(UNDO_FOR)
    assert len(told_to(somebody).lines) == 1


@pytest.mark.parametrize(("writer", "reader"), SIDES)
def test_of_what_was_undone_others_never_learn(
    clock: Traveller, world: make.World, case: Case, writer: str, reader: str
) -> None:
    by, other = world.people[writer], world.people[reader]
    before = count(other, case)
    entry = make.note(by, case, waits=True)
    clock.shift(UNDO_FOR - LAST_MOMENT - A_SECOND)
    undone(by, case, entry)
    for _ in range(2):
        assert count(other, case) == before
        assert addressed_entry_for(other, case.number, entry.public_id) is None
        assert not db.session.scalars(select(Outbox)).all()
        lines = [line.what for line in access_log_for(world.ruth, case.id)]
        assert ("comment.undone" in lines) is (writer == "ana")
        assert ("comment.added" in lines) is (writer == "ana")
        clock.shift(timedelta(hours=1))


def test_the_writers_colleagues_see_that_something_was_taken_back_and_not_what(world: make.World, case: Case) -> None:
    undone(world.ana, case, make.note(world.ana, case, waits=True))
    row = timeline_for(world.ruth, case.id)[0]
    assert (row.was_undone, row.body, row.author_name) == (True, None, "Ana Tuhoro")
    entry = db.session.get_one(Entry, row.id)
    found = addressed_entry_for(world.ruth, case.number, entry.public_id)
    assert not can_read_former(world.ruth, found)
    assert can_read_former(world.ana, found)


def test_what_was_undone_stands_in_the_writers_box_again_after_what_stands_there(world: make.World, case: Case) -> None:
    first, second = (
        make.note(world.ana, case, body="First", waits=True),
        make.note(world.ana, case, body="2", waits=True),
    )
    undone(world.ana, case, first)
    assert body_of(world.ana, case) == ["First"]
    undone(world.ana, case, second)
    assert body_of(world.ana, case) == ["First", "2"]
    assert not body_of(world.ruth, case)


def test_files_come_back_with_the_text(world: make.World, case: Case) -> None:
    entry = make.note(world.tom, case, waits=True)
    kept = Kept("0" * 32, "photo.jpg", "image/jpeg", 10, "a" * 64, "b" * 64)
    file = add(kept, scan=Scan.NOT_SCANNED, by=world.tom)
    db.session.execute(insert(EntryFile).values(file_id=file.id, entry_id=entry.id))
    undone(world.tom, case, entry)
    assert not db.session.scalars(select(EntryFile)).all()
    mine = select(UnsentFile.file_id).join(Unsent, Unsent.id == UnsentFile.unsent_id)
    assert list(db.session.scalars(mine.where(Unsent.person_id == world.tom.person_id))) == [file.id]


@pytest.mark.parametrize("late", [-LAST_MOMENT, timedelta(), timedelta(days=1)])
def test_undoing_comes_too_late_from_two_seconds_before_it_opens(
    clock: Traveller, world: make.World, case: Case, late: timedelta
) -> None:
    entry = make.note(world.ana, case, waits=True)
    clock.shift(UNDO_FOR + late)
    with pytest.raises(Conflict):
        undone(world.ana, case, entry)
    assert entry.retracted_at is None
    assert not body_of(world.ana, case)
    assert len(db.session.scalars(select(Outbox)).all()) == 2


def test_undone_twice_it_comes_back_once(world: make.World, case: Case) -> None:
    entry = make.note(world.ana, case, body="Once", waits=True)
    undone(world.ana, case, entry)
    with pytest.raises(Conflict):
        undone(world.ana, case, entry)
    assert body_of(world.ana, case) == ["Once"]


def test_shared_now_it_is_open_and_told_at_once_and_cannot_be_undone(world: make.World, case: Case) -> None:
    entry = make.note(world.ana, case, waits=True)
    assert share_now(make.head(world.ana, case), entry, by=world.ana)
    assert entry.body in texts(world.mere, case)
    assert {row.next_try_at for row in db.session.scalars(select(Outbox))} == {core_clock.now()}
    assert len(told_to(world.tom).lines) == 1
    assert not share_now(make.head(world.ana, case), entry, by=world.ana)
    with pytest.raises(Conflict):
        undone(world.ana, case, entry)


def test_what_was_undone_is_not_shared_by_a_page_that_is_still_open(world: make.World, case: Case) -> None:
    entry = make.note(world.ana, case, waits=True)
    undone(world.ana, case, entry)
    with pytest.raises(Conflict):
        share_now(make.head(world.ana, case), entry, by=world.ana)
    with pytest.raises(Conflict):
        change_audience(make.head(world.ana, case), entry, Audience.SERVICE, by=world.ana)


def test_widened_to_shared_it_opens_five_minutes_later_and_can_be_undone(
    clock: Traveller, world: make.World, case: Case
) -> None:
    entry = make.note(world.ana, case, Audience.RESTRICTED)
    clock.shift(timedelta(days=2))
    change_audience(make.head(world.ana, case), entry, Audience.SHARED, by=world.ana)
    assert entry.body not in texts(world.mere, case)
    assert {row.next_try_at for row in db.session.scalars(select(Outbox))} == {core_clock.now() + UNDO_FOR}
    undone(world.ana, case, entry)
    assert (entry.audience, entry.retracted_at) == (Audience.RESTRICTED, None)
    assert not db.session.scalars(select(Outbox)).all()
    clock.shift(UNDO_FOR)
    assert entry.body not in texts(world.mere, case)
    assert entry.body in texts(world.ruth, case)


def test_narrowed_and_widened_again_it_waits_again_and_is_told_once(
    clock: Traveller, world: make.World, case: Case
) -> None:
    entry = make.note(world.ana, case, waits=True)
    for audience in (Audience.SERVICE, Audience.SHARED):
        clock.shift(timedelta(minutes=1))
        change_audience(make.head(world.ana, case), entry, audience, by=world.ana)
    told = [row.person_id for row in db.session.scalars(select(Outbox))]
    assert sorted(told) == sorted({world.tom.person_id, world.mere.person_id})
    clock.shift(UNDO_FOR - A_SECOND)
    assert entry.body not in texts(world.mere, case)
    clock.shift(A_SECOND)
    assert entry.body in texts(world.mere, case)


def test_a_wider_circle_in_the_service_reads_it_at_once(world: make.World, case: Case) -> None:
    entry = make.note(world.ana, case, Audience.RESTRICTED)
    change_audience(make.head(world.ana, case), entry, Audience.SERVICE, by=world.ana)
    assert entry.body in texts(make.seeing_service_cases(world.david), case)


def test_narrowing_says_who_of_the_other_side_has_opened_the_case_since(
    clock: Traveller, world: make.World, case: Case
) -> None:
    opened(world.mere, case)
    entry = make.note(world.ana, case, waits=True)
    clock.shift(timedelta(minutes=1))
    opened(world.tom, case)
    assert not readers_since(entry)
    clock.shift(UNDO_FOR)
    opened(world.ruth, case)
    opened(world.priya, case, page="request")
    assert not readers_since(entry)
    opened(world.tom, case)
    first = core_clock.now()
    clock.shift(timedelta(hours=1))
    opened(world.tom, case)
    assert [(row.name, row.role, row.organisation_name, row.at) for row in readers_since(entry)] == [
        ("Tom Hargreaves", "primary_contact", "Tawa Awa College", first)
    ]


@pytest.mark.parametrize("page", SHOWING_ENTRIES)
def test_who_opened_any_page_that_shows_entries_has_read_it(world: make.World, case: Case, page: str) -> None:
    entry = make.note(world.ana, case)
    opened(world.mere, case, page=page)
    assert [row.name for row in readers_since(entry)] == [world.mere.name]


def test_every_page_that_shows_entries_stands_in_the_log_under_such_a_name() -> None:
    assert set(SHOWING_ENTRIES) <= LOG_WORDS.keys()


@pytest.mark.parametrize("is_read", [False, True])
def test_a_narrowed_audience_keeps_whether_it_was_read(world: make.World, case: Case, is_read: bool) -> None:
    entry = make.note(world.ana, case)
    if is_read:
        opened(world.tom, case)
    change_audience(make.head(world.ana, case), entry, Audience.SERVICE, by=world.ana)
    change_audience(make.head(world.ana, case), entry, Audience.RESTRICTED, by=world.ana)
    assert [row.was_read for row in audience_history(entry)] == [is_read, None]


def test_an_edit_keeps_what_it_said_and_tells_nobody(clock: Traveller, world: make.World, case: Case) -> None:
    entry = make.note(world.ana, case, body="First")
    db.session.execute(delete(Outbox))
    clock.shift(timedelta(minutes=1))
    assert edit(make.head(world.ana, case), entry, "Second", version="", by=world.ana)
    assert not edit(make.head(world.ana, case), entry, "Second", version=entry.version, by=world.ana)
    for who in (world.ana, world.mere):
        assert "Second" in texts(who, case)
        assert [(row.was, row.name) for row in former_texts(who, entry)] == [("First", "Ana Tuhoro")]
    assert not db.session.scalars(select(Outbox)).all()
    assert "comment.edited" in db.session.scalars(select(Audit.event)).all()


def test_an_edit_of_an_older_text_is_a_conflict_and_changes_nothing(
    clock: Traveller, world: make.World, case: Case
) -> None:
    entry = make.note(world.ana, case, body="First")
    seen = entry.version
    edit(make.head(world.ana, case), entry, "Second", version=seen, by=world.ana)
    clock.shift(A_SECOND)
    with pytest.raises(Conflict):
        edit(make.head(world.ana, case), entry, "Third", version=seen, by=world.ana)
    assert entry.body == "Second"


def test_what_it_said_before_it_opened_stays_with_the_writers_organisation(
    clock: Traveller, world: make.World, case: Case
) -> None:
    entry = make.note(world.ana, case, body="Never to be read there", waits=True)
    clock.shift(timedelta(minutes=1))
    edit(make.head(world.ana, case), entry, "Shared", version=entry.version, by=world.ana)
    clock.shift(UNDO_FOR)
    assert not former_texts(world.mere, entry)
    assert timeline_for(world.mere, case.id)[0].edited_at is None
    assert [row.was for row in former_texts(world.ruth, entry)] == ["Never to be read there"]
    edit(make.head(world.ana, case), entry, "Shared, and mended", version=entry.version, by=world.ana)
    assert [row.was for row in former_texts(world.mere, entry)] == ["Shared"]
    assert timeline_for(world.mere, case.id)[0].edited_at == core_clock.now()


def test_what_was_restricted_when_it_said_so_stays_restricted(clock: Traveller, world: make.World, case: Case) -> None:
    david = make.seeing_service_cases(world.david)
    entry = make.note(world.ana, case, Audience.RESTRICTED, "For few")
    for body in ("For the service", "For the service, mended"):
        clock.shift(timedelta(minutes=1))
        edit(make.head(world.ana, case), entry, body, version=entry.version, by=world.ana)
        clock.shift(timedelta(minutes=1))
        change_audience(make.head(world.ana, case), entry, Audience.SERVICE, by=world.ana)
    assert [row.was for row in former_texts(david, entry)] == ["For the service"]
    assert [row.was for row in former_texts(world.ruth, entry)] == ["For the service", "For few"]


def test_a_retracted_text_is_nobodys_to_read_and_its_mark_stays(
    clock: Traveller, world: make.World, case: Case
) -> None:
    entry = make.note(world.ana, case, body="Not any more")
    before = count(world.mere, case)
    clock.shift(timedelta(minutes=1))
    retract(make.head(world.ana, case), entry, by=world.ana)
    for who in (world.mere, world.ana, world.ruth):
        row = timeline_for(who, case.id)[0]
        assert (row.body, row.is_readable, row.was_undone, row.retracted_at) == (None, False, False, core_clock.now())
        assert entry_for(who, case.number, entry.public_id) is None
        assert not can_read_former(who, addressed_entry_for(who, case.number, entry.public_id))
    assert count(world.mere, case) == before
    assert not told_to(world.tom).lines
    assert entry.body == "Not any more"
    with pytest.raises(Conflict):
        edit(make.head(world.ana, case), entry, "Again", version=entry.version, by=world.ana)


def test_of_a_restricted_entry_that_was_retracted_a_school_sees_no_mark(world: make.World, case: Case) -> None:
    entry = make.note(world.ana, case, Audience.RESTRICTED)
    before = count(world.mere, case)
    retract(make.head(world.ana, case), entry, by=world.ana)
    assert count(world.mere, case) == before


def test_retracted_before_it_opened_others_never_learn_of_it(clock: Traveller, world: make.World, case: Case) -> None:
    entry = make.note(world.ana, case, waits=True)
    before = count(world.mere, case)
    retract(make.head(world.ana, case), entry, by=world.ana)
    clock.shift(UNDO_FOR)
    assert count(world.mere, case) == before
    assert not db.session.scalars(select(Outbox)).all()


def test_only_the_writer_undoes_edits_and_retracts(world: make.World, case: Case) -> None:
    ours, theirs = make.note(world.ana, case), make.note(world.tom, case)
    request = next(row for row in timeline_for(world.priya, case.id) if row.kind == "request")
    for who, public_id, may in (
        (world.ana, ours.public_id, True),
        (world.ruth, ours.public_id, False),
        (world.mere, ours.public_id, False),
        (world.tom, theirs.public_id, True),
        (world.mere, theirs.public_id, False),
        (world.ana, theirs.public_id, False),
        (world.priya, request.public_id, False),
    ):
        assert can_change_own(who, addressed_entry_for(who, case.number, public_id)) is may, who.name
