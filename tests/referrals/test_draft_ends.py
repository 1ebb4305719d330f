"""A draft is handed over, discarded, brought back; announced after 83 days without a change, deleted after 90 (REQ-3)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, insert, select
from time_machine import Traveller

from app.core import clock as clocks
from app.core.db import db
from app.core.errors import Conflict, Refused, Unseen
from app.core.events import Audit, Outbox
from app.core.files.stored import Change, Scan, StoredFile
from app.core.security import random_token, row_of_link
from app.deliveries import deliver_due
from app.people.models import Role
from app.people.queries import Actor
from app.people.telling.queries import told_to
from app.referrals import actions as requests
from app.referrals.drafts import actions
from app.referrals.drafts.queries import drafts_for, first_drafts
from app.referrals.drafts.rules import END_ANNOUNCED, HANDED_OVER, ends_on, in_short
from app.referrals.models import Answer, Referral, ReferralFile
from app.referrals.queries import (
    Request,
    draft_of,
    draft_there,
    drafts_of,
    held_request_for,
    kept_request_for,
    request_for,
)
from app.referrals.rules import missing
from app.referrals.saving import Page, save_draft
from app.rounds import end_drafts
from app.settings import Settings
from tests import make
from tests.support.databases import Database
from tests.support.figures import FIGURES
from tests.support.meanwhile import somebody_writing
from tests.support.settings import settings_for
from tests.support.smtp import Mailbox

A_DAY = timedelta(days=1)


@pytest.fixture
def settings(database: Database, tmp_path: Path, mailbox: Mailbox) -> Settings:
    return settings_for(database.url, tmp_path, SMTP_URL=mailbox.url)


def told(event: str) -> set[int]:
    rows = db.session.scalars(select(Outbox.person_id).where(Outbox.event == event)).all()
    assert len(rows) == len(set(rows)), "somebody is told twice"
    return set(rows)


def drafts() -> int:
    return int(db.session.scalar(select(func.count()).select_from(Referral)) or 0)


def days_later(clock: Traveller, days: float) -> None:
    """The clock moves, and the worker goes its round, twice."""
    clock.shift(timedelta(days=days))
    end_drafts()
    end_drafts()


def begun(world: make.World, **answers: str) -> Request:
    """Tom's draft for Hēmi, committed."""
    request = make.draft(world.tom, world.whanau, **answers)
    db.session.commit()
    return request


def with_file(request: Request) -> Request:
    row = StoredFile(public_id=random_token()[:20], key=random_token()[:40], name="plan.pdf", media="application/pdf", size=1, arrived_sha256="0" * 64, kept_sha256="0" * 64, change=Change.NONE, scan=Scan.NOT_SCANNED, by_id=request.referral.owner_id, organisation_id=request.referral.school_id, at=clocks.now())  # fmt: skip
    db.session.add(row)
    db.session.flush()
    db.session.execute(insert(ReferralFile).values(file_id=row.id, referral_id=request.referral.id))
    db.session.commit()
    return request


def left() -> list[int]:
    """How many answers, files and hangings there are."""
    return [
        db.session.scalar(select(func.count()).select_from(table)) or 0 for table in (Answer, ReferralFile, StoredFile)
    ]


# Handing over


def test_a_draft_handed_over_is_seen_by_its_new_owner_who_is_told(world: make.World) -> None:
    request = make.draft(world.priya, world.whanau)
    assert request_for(world.aroha, request.referral.public_id) is None
    to = world.aroha.person_id
    assert actions.hand_over(request, to=to, by=world.priya, instead_of=world.priya.public_id)
    assert request_for(world.aroha, request.referral.public_id)
    assert told(HANDED_OVER) == {to}
    (row,) = db.session.scalars(select(Outbox))
    assert (row.channel.value, row.role, row.case_id) == ("app+email", Role.PRIMARY_CONTACT, None)


def test_its_maker_keeps_a_draft_that_was_handed_over(world: make.World) -> None:
    request = make.draft(world.tom, world.whanau)
    actions.hand_over(request, to=world.aroha.person_id, by=world.tom, instead_of=world.tom.public_id)
    assert request_for(world.tom, request.referral.public_id)


def test_a_former_owner_who_neither_began_it_nor_is_named_loses_it(world: make.World) -> None:
    request = make.draft(world.priya, world.whanau)
    actions.hand_over(request, to=world.tom.person_id, by=world.priya, instead_of=world.priya.public_id)
    actions.hand_over(request, to=world.aroha.person_id, by=world.tom, instead_of=world.tom.public_id)
    assert request_for(world.tom, request.referral.public_id) is None
    assert drafts_for(world.tom) == ([], [])


def test_who_takes_a_draft_over_is_not_told_of_it(world: make.World) -> None:
    request = make.draft(world.tom, world.whanau)
    assert actions.hand_over(request, to=world.mere.person_id, by=world.mere, instead_of=world.tom.public_id)
    assert told(HANDED_OVER) == set()


def test_handing_over_twice_to_the_same_person_tells_once(world: make.World) -> None:
    request = make.draft(world.priya, world.whanau)
    to, now = world.aroha.person_id, world.priya.public_id
    assert actions.hand_over(request, to=to, by=world.priya, instead_of=now)
    assert not actions.hand_over(request, to=to, by=world.mere, instead_of=now)
    assert told(HANDED_OVER) == {to}


def test_a_draft_that_somebody_else_has_now_is_not_handed_over(world: make.World) -> None:
    request = make.draft(world.priya, world.whanau)
    actions.hand_over(request, to=world.aroha.person_id, by=world.priya, instead_of=world.priya.public_id)
    with pytest.raises(Conflict, match="Aroha Ngata"):
        actions.hand_over(request, to=world.tom.person_id, by=world.mere, instead_of=world.priya.public_id)


@pytest.mark.parametrize("who", ["jin", "ruth", "hana"])
def test_only_who_has_a_role_at_the_school_is_given_a_draft(world: make.World, who: str) -> None:
    request = make.draft(world.priya, world.whanau)
    with pytest.raises(Refused):
        actions.hand_over(request, to=getattr(world, who).person_id, by=world.priya, instead_of=world.priya.public_id)


def test_a_sent_request_is_neither_handed_over_nor_discarded(world: make.World) -> None:
    request = make.filled(world.priya, world.whanau, contact=world.tom)
    requests.submit(request, version=request.version, by=world.mere)
    with pytest.raises(Conflict):
        actions.hand_over(request, to=world.tom.person_id, by=world.priya, instead_of=world.priya.public_id)
    with pytest.raises(Conflict):
        actions.discard(request, by=world.priya)


# Discarding


def test_a_discarded_draft_is_nowhere_but_among_the_discarded(world: make.World) -> None:
    request = make.draft(world.priya, world.whanau)
    public_id = request.referral.public_id
    assert actions.discard(request, by=world.priya)
    assert request_for(world.priya, public_id) is None
    assert kept_request_for(world.priya, public_id)
    assert draft_of(world.priya, world.whanau.id) is None
    assert drafts_of(world.priya, [world.whanau.id]) == {}
    assert draft_there(world.priya, world.whanau.id) is None
    here, discarded = drafts_for(world.mere)
    assert here == []
    assert [(draft.name, draft.row.discarded_by_name) for draft in discarded] == [("Hēmi Whānau", "Priya Nair")]


def test_a_discarded_draft_takes_neither_answers_nor_another_owner_and_is_not_sent(world: make.World) -> None:
    request = make.filled(world.priya, world.whanau, contact=world.tom)
    actions.discard(request, by=world.mere)
    with pytest.raises(Conflict):
        save_draft(request, {"reason": "Later"}, page=Page(request.versions), by=world.priya)
    with pytest.raises(Conflict):
        requests.submit(request, version=request.version, by=world.priya)
    with pytest.raises(Conflict):
        actions.hand_over(request, to=world.tom.person_id, by=world.priya, instead_of=world.priya.public_id)


def test_discarding_and_bringing_back_twice_do_it_once(world: make.World) -> None:
    request = make.draft(world.priya, world.whanau)
    assert actions.discard(request, by=world.priya)
    assert not actions.discard(request, by=world.mere)
    assert request.referral.discarded_by_id == world.priya.person_id
    assert actions.bring_back(request, by=world.mere)
    assert not actions.bring_back(request, by=world.priya)
    events = db.session.scalars(
        select(Audit.event).where(Audit.thing_id == request.referral.id, Audit.thing == "referral")
    )
    assert [event for event in events if event.startswith("draft.")] == ["draft.discarded", "draft.brought_back"]


def test_a_draft_brought_back_is_as_it_was(world: make.World, clock: Traveller) -> None:
    request = make.draft(world.priya, world.whanau, reason="Why")
    actions.discard(request, by=world.priya)
    clock.shift(A_DAY - timedelta(minutes=1))
    actions.bring_back(make_kept(world.mere, request), by=world.mere)
    again = make.request_now(world.priya, request.referral.public_id)
    assert again.texts == {"reason": "Why"}
    assert (again.referral.discarded_at, again.referral.discarded_by_id) == (None, None)


def make_kept(by: Actor, request: Request) -> Request:
    found = kept_request_for(by, request.referral.public_id)
    assert found is not None
    return found


def test_beside_another_draft_of_the_student_none_is_brought_back(world: make.World) -> None:
    request = make.draft(world.priya, world.whanau)
    actions.discard(request, by=world.priya)
    make.draft(world.mere, world.whanau)
    with pytest.raises(Refused, match="Another draft"):
        actions.bring_back(request, by=world.priya)


def test_after_a_day_a_discarded_draft_is_out_of_reach_and_deleted(own_world: make.World, clock: Traveller) -> None:
    request = with_file(begun(own_world, reason="Why"))
    public_id = request.referral.public_id
    actions.discard(request, by=own_world.tom)
    db.session.commit()
    days_later(clock, 0.9)
    assert kept_request_for(own_world.tom, public_id)
    clock.shift(timedelta(days=0.1))
    assert kept_request_for(own_world.tom, public_id) is None
    assert held_request_for(own_world.tom, public_id) is None
    with pytest.raises(Unseen):
        actions.bring_back(request, by=own_world.tom)
    end_drafts()
    assert (drafts(), left()) == (0, [0, 0, 0])


# The end of a draft that nobody touches


def test_after_83_days_those_who_may_finish_a_draft_are_told_once(own_world: make.World, clock: Traveller) -> None:
    request = begun(own_world, primary_contact=own_world.aroha.public_id)
    actions.hand_over(request, to=own_world.priya.person_id, by=own_world.tom, instead_of=own_world.tom.public_id)
    db.session.commit()
    days_later(clock, 82)
    assert told(END_ANNOUNCED) == set()
    days_later(clock, 1)
    days_later(clock, 1)
    assert told(END_ANNOUNCED) == {own_world.priya.person_id, own_world.tom.person_id, own_world.aroha.person_id}


def test_others_write_while_it_is_looked_for_whose_end_comes(own_world: make.World) -> None:
    begun(own_world)
    with somebody_writing():
        assert actions.announce_ends() == 0


def test_a_day_begins_at_midnight_in_new_zealand(own_world: make.World, clock: Traveller) -> None:
    """Changed at half past eleven at night; 83 days later, just after midnight, there is summer time no more."""
    clock.move_to(datetime(2026, 3, 3, 10, 30, tzinfo=UTC))
    begun(own_world)
    clock.move_to(datetime(2026, 5, 24, 11, 59, tzinfo=UTC))
    end_drafts()
    assert told(END_ANNOUNCED) == set()
    clock.move_to(datetime(2026, 5, 24, 12, 1, tzinfo=UTC))
    end_drafts()
    assert told(END_ANNOUNCED) == {own_world.tom.person_id}


def test_after_90_days_a_draft_is_deleted_with_all_that_hangs_on_it_and_the_count_is_logged(
    own_world: make.World, clock: Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    with_file(begun(own_world, reason="Zqxwvwhy", address="Zqxwvhome"))
    kept = make.draft(own_world.tom, own_world.ng)
    db.session.commit()
    days_later(clock, 83)
    save_draft(kept, {"reason": "Still needed"}, page=Page({}), by=own_world.tom)
    db.session.commit()
    days_later(clock, 6)
    assert drafts() == 2
    days_later(clock, 1)
    assert [line for line in caplog.messages if "deleted" in line] == ["drafts deleted: 1"]
    assert drafts() == 1
    assert left() == [1, 0, 0]
    assert db.session.scalar(select(func.count()).where(Outbox.event == END_ANNOUNCED)) == 1
    audit = db.session.scalars(select(Audit).where(Audit.event == "draft.deleted")).one()
    assert (audit.person_id, audit.role, audit.organisation_id) == (None, "waharoa", own_world.tawa.id)


def test_a_change_takes_the_announcement_back_and_the_days_begin_anew(own_world: make.World, clock: Traveller) -> None:
    request = begun(own_world)
    public_id = request.referral.public_id
    days_later(clock, 83)
    (told,) = told_to(own_world.tom).lines
    assert (told.event, told.place.path) == (END_ANNOUNCED, f"/portal/referrals/{public_id}/")
    save_draft(make.request_now(own_world.tom, public_id), {"reason": "Why"}, page=Page({}), by=own_world.tom)
    db.session.commit()
    assert not told_to(own_world.tom).lines
    days_later(clock, 82)
    assert drafts() == 1
    days_later(clock, 1)
    assert db.session.scalar(select(func.count()).where(Outbox.event == END_ANNOUNCED)) == 2
    days_later(clock, 6)
    assert drafts() == 1
    days_later(clock, 1)
    assert drafts() == 0


@pytest.mark.parametrize("act", ["hand over", "bring back"])
def test_whoever_hands_a_draft_over_or_brings_it_back_cares_for_it(
    own_world: make.World, clock: Traveller, act: str
) -> None:
    request = begun(own_world)
    days_later(clock, 89)
    if act == "hand over":
        actions.hand_over(request, to=own_world.aroha.person_id, by=own_world.tom, instead_of=own_world.tom.public_id)
    else:
        actions.discard(request, by=own_world.tom)
        actions.bring_back(request, by=own_world.tom)
    db.session.commit()
    days_later(clock, 8)
    assert drafts() == 1


def test_a_worker_that_was_off_announces_first_and_gives_the_week(own_world: make.World, clock: Traveller) -> None:
    begun(own_world)
    days_later(clock, 130)
    assert drafts() == 1
    assert told(END_ANNOUNCED) == {own_world.tom.person_id}
    days_later(clock, 6)
    assert drafts() == 1
    days_later(clock, 1)
    assert drafts() == 0


def test_where_nobody_of_them_is_left_the_leads_are_told_else_the_office(
    own_world: make.World, clock: Traveller
) -> None:
    begun(own_world)
    make.end_roles(own_world.tom)
    db.session.commit()
    days_later(clock, 83)
    assert told(END_ANNOUNCED) == {own_world.mere.person_id}


def test_the_office_is_told_where_there_is_no_lead(own_world: make.World, clock: Traveller) -> None:
    begun(own_world)
    make.end_roles(own_world.tom)
    make.end_roles(own_world.mere)
    db.session.commit()
    days_later(clock, 83)
    assert told(END_ANNOUNCED) == {own_world.priya.person_id}


def test_sent_and_discarded_ones_are_not_announced(own_world: make.World, clock: Traveller) -> None:
    make.submitted(own_world.priya, own_world.ng, contact=own_world.tom)
    db.session.commit()
    days_later(clock, 200)
    assert told(END_ANNOUNCED) == set()
    assert drafts() == 1


def test_the_mail_leads_to_the_draft_and_names_nobody(
    app: Flask, own_world: make.World, mailbox: Mailbox, clock: Traveller
) -> None:
    request = begun(own_world, reason="Zqxwvwhy")
    actions.hand_over(request, to=own_world.aroha.person_id, by=own_world.tom, instead_of=own_world.tom.public_id)
    db.session.commit()
    deliver_due()
    days_later(clock, 83)
    deliver_due()
    first, *others = mailbox.arrived
    assert first["Subject"] == "A draft of a support request is yours to finish"
    assert {mail["Subject"] for mail in others} == {"A draft of a support request will be deleted on Mon 1 June"}
    for mail in mailbox.arrived:
        text = mail.get_content()
        code = text.split("/notifications/to/")[1].split()[0]
        told = row_of_link(app.extensions["settings"].secret_key, code)
        assert db.session.get_one(Outbox, told).thing_id == request.referral.id
        assert not [word for word in ("Hēmi", "Whānau", "Zqxwv", "Tom", "Aroha") if word in text]


def test_who_may_not_see_the_draft_any_more_gets_no_mail(
    own_world: make.World, mailbox: Mailbox, clock: Traveller
) -> None:
    request = begun(own_world)
    actions.hand_over(request, to=own_world.aroha.person_id, by=own_world.tom, instead_of=own_world.tom.public_id)
    actions.hand_over(request, to=own_world.priya.person_id, by=own_world.tom, instead_of=own_world.aroha.public_id)
    db.session.commit()
    deliver_due()
    assert [mail["To"] for mail in mailbox.arrived] == [own_world.priya.email]


@pytest.mark.parametrize("meanwhile", ["changed", "discarded"])
def test_of_an_end_that_was_taken_back_no_mail_is_sent(
    own_world: make.World, mailbox: Mailbox, clock: Traveller, meanwhile: str
) -> None:
    request = begun(own_world)
    days_later(clock, 83)
    if meanwhile == "changed":
        save_draft(request, {"reason": "Why"}, page=Page({}), by=own_world.tom)
    else:
        actions.discard(request, by=own_world.tom)
    db.session.commit()
    deliver_due()
    assert mailbox.arrived == []
    assert db.session.scalars(select(Outbox.result)).one() == "not sent: may not see it now"


# Rules and the list


def test_the_end_is_90_days_after_the_last_change_and_a_week_after_it_was_announced(clock: Traveller) -> None:
    changed, today = clocks.now(), clocks.today()
    assert ends_on(changed, None, today, FIGURES) == today + timedelta(days=90)
    late = today + timedelta(days=100)
    assert ends_on(changed, None, late, FIGURES) == late + timedelta(days=7)
    announced = changed + timedelta(days=100)
    assert ends_on(changed, announced, late + timedelta(days=3), FIGURES) == late + timedelta(days=7)
    again = changed + timedelta(days=101)
    assert ends_on(again, announced, late + timedelta(days=3), FIGURES) == late + timedelta(days=91)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ([], ""),
        (["reason"], "the reason"),
        (["reason", "plan"], "the reason and the plan"),
        (["address", "reason", "plan", "barriers"], "the home address, the reason, the plan and barriers"),
        (["address", "reason", "plan", "barriers", "engagement"], "the home address, the reason, the plan and 2 more"),
        (["action_2", "action_3_when"], "an action or its date"),
    ],
)
def test_what_is_missing_is_said_in_a_few_words(fields: list[str], words: str) -> None:
    assert in_short(fields) == words


def test_the_list_says_what_the_draft_itself_would(world: make.World) -> None:
    """Long texts are read only as far as needed to judge them."""
    make.filled(world.priya, world.whanau, contact=world.tom, reason="x" * 10_001, caregiver_email="no address")
    make.draft(world.mere, world.ng, primary_contact=world.jin.public_id, plan="x" * 9_000, needs="y" * 400)
    here, _ = drafts_for(world.mere)
    assert {draft.name for draft in here} == {"Hēmi Whānau", "Grace Ng"}
    for draft in here:
        request = make.request_now(world.mere, draft.row.public_id)
        contacts = {world.tom.public_id, world.mere.public_id}
        assert draft.missing == list(missing(request.texts, contacts=contacts))


def test_drafts_that_end_soon_come_first_and_say_when(own_world: make.World, clock: Traveller) -> None:
    begun(own_world)
    days_later(clock, 80)
    make.draft(own_world.mere, own_world.ng)
    db.session.commit()
    days_later(clock, 3)
    first, second = drafts_for(own_world.mere)[0]
    assert (first.name, first.is_ending, first.ends_on) == ("Hēmi Whānau", True, clocks.today() + timedelta(days=7))
    assert (second.name, second.is_ending) == ("Grace Ng", False)


def test_page_after_page_each_draft_stands_once_those_that_end_soon_before_the_others(
    own_world: make.World, clock: Traveller
) -> None:
    names = iter(("Āwhina Rata", "Tama Rata", "Zoe Rata", "Hana Rata", "Mia Rata", "Niko Rata"))
    for days in (0, 1, 0, 83, 1, 0):
        days_later(clock, days)
        make.draft(own_world.mere, make.student(next(names), own_world.tawa))
        db.session.commit()
    discarded = make.draft(own_world.mere, own_world.ng)
    actions.discard(discarded, by=own_world.mere)
    seen, after = [], ""
    while True:
        here, gone = drafts_for(own_world.mere, after=after, most=2)
        assert len(gone) is int(not after), "on the first page"
        seen += here[:2]
        if len(here) <= 2:
            break
        after = here[1].row.public_id
    assert [draft.name.split()[0] for draft in seen] == ["Āwhina", "Tama", "Zoe", "Niko", "Mia", "Hana"]
    assert [draft.is_ending for draft in seen] == [True] * 3 + [False] * 3
    first, count = first_drafts(own_world.mere, 4)
    assert ([draft.name for draft in first], count) == ([draft.name for draft in seen[:4]], 6)
    assert first_drafts(own_world.jin, 4) == ([], 0)
    assert drafts_for(own_world.jin, after=after) == ([], [])
