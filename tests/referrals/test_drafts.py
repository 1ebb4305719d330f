"""A draft keeps what is typed; two people in it lose nothing (REQ-3, REQ-4)."""

import pytest
from sqlalchemy import select

from app.core.db import db
from app.core.errors import Conflict, Refused
from app.people.models import Role
from app.referrals import actions
from app.referrals.models import Answer
from app.referrals.drafts.queries import drafts_for
from app.referrals.queries import draft_of, request_for
from app.referrals.saving import Page, save_draft
from tests import make


def test_a_draft_begins_with_what_is_known(world: make.World) -> None:
    request = make.draft(world.priya, world.whanau, address="12 Kōwhai Street", reason="")
    assert request.texts == {"address": "12 Kōwhai Street"}


def test_saving_writes_only_the_fields_that_changed(world: make.World) -> None:
    request = make.draft(world.priya, world.whanau, address="Here", reason="Why")
    texts = {"address": "Here", "reason": "Why not", "engagement": ""}
    assert save_draft(request, texts, page=Page(request.versions), by=world.mere) == []
    answers = {answer.field: answer for answer in db.session.scalars(select(Answer))}
    assert {field: answer.version for field, answer in answers.items()} == {"address": 1, "reason": 2}
    assert answers["reason"].by_id == world.mere.person_id
    assert answers["address"].by_id == world.priya.person_id


def test_who_changed_a_draft_last_is_kept(world: make.World) -> None:
    request = make.draft(world.priya, world.whanau)
    save_draft(request, {"reason": "Why"}, page=Page({}), by=world.mere)
    assert request.referral.changed_by_id == world.mere.person_id
    assert request.referral.maker_id == world.priya.person_id


def test_an_invalid_answer_is_kept_in_a_draft(world: make.World) -> None:
    request = make.draft(world.priya, world.whanau)
    save_draft(request, {"caregiver_email": "ngaire@"}, page=Page({}), by=world.priya)
    assert make.request_now(world.priya, request.referral.public_id).texts["caregiver_email"] == "ngaire@"


def test_an_answer_can_be_emptied(world: make.World) -> None:
    request = make.draft(world.priya, world.whanau, reason="Why")
    assert save_draft(request, {"reason": ""}, page=Page(request.versions), by=world.priya) == []
    assert request.texts["reason"] == ""


def test_macrons_are_kept_in_one_form(world: make.World) -> None:
    request = make.draft(world.priya, world.whanau)
    save_draft(request, {"reason": "Wha\u0304nau"}, page=Page({}), by=world.priya)
    assert request.texts["reason"] == "Wh\u0101nau"


def test_a_field_somebody_else_changed_shows_both_and_writes_nothing_over(world: make.World) -> None:
    mine = make.draft(world.priya, world.whanau, reason="First")
    opened = dict(mine.versions)
    save_draft(mine, {"reason": "Theirs"}, page=Page(opened), by=world.mere)
    clashes = save_draft(mine, {"reason": "Mine", "plan": "Also mine"}, page=Page(opened), by=world.priya)
    assert clashes == [actions.Clash("reason", "Theirs", "Mine")]
    now = make.request_now(world.priya, mine.referral.public_id)
    assert now.texts == {"reason": "Theirs"}


def test_the_same_words_from_two_people_are_no_clash(world: make.World) -> None:
    request = make.draft(world.priya, world.whanau, reason="First")
    opened = dict(request.versions)
    save_draft(request, {"reason": "Same"}, page=Page(opened), by=world.mere)
    assert save_draft(request, {"reason": "Same"}, page=Page(opened), by=world.priya) == []


def test_different_fields_of_two_people_are_no_clash(world: make.World) -> None:
    request = make.draft(world.priya, world.whanau)
    save_draft(request, {"reason": "Theirs"}, page=Page({}), by=world.mere)
    assert save_draft(request, {"plan": "Mine"}, page=Page({}), by=world.priya) == []


def test_a_sent_request_is_not_saved_any_more(world: make.World) -> None:
    request = make.filled(world.priya, world.whanau, contact=world.tom)
    actions.submit(request, version=request.version, by=world.mere)
    with pytest.raises(Conflict):
        save_draft(request, {"reason": "Later"}, page=Page(request.versions), by=world.priya)


def test_a_second_draft_of_one_student_is_refused_with_who_can_help(world: make.World) -> None:
    """A primary contact does not see the draft of a colleague, and cannot begin another."""
    make.draft(world.priya, world.whanau)
    assert draft_of(world.tom, world.whanau.id) is None
    with pytest.raises(Refused) as refused:
        actions.start_draft(world.whanau.id, prefill={}, by=world.tom)
    assert refused.value.who_can


@pytest.mark.parametrize("who", ["priya", "mere"])
def test_office_and_leads_see_their_schools_drafts(world: make.World, who: str) -> None:
    draft = make.draft(world.tom, world.whanau)
    assert request_for(getattr(world, who), draft.referral.public_id)
    assert len(drafts_for(getattr(world, who))[0]) == 1


@pytest.mark.parametrize(
    "who", ["jin", "sione", "kahu", "ruth", "ana", "lupe", "hana", "moana", "rachel", "oscar", "aroha"]
)
def test_nobody_else_sees_a_draft(world: make.World, who: str) -> None:
    draft = make.draft(world.tom, world.whanau, primary_contact=world.tom.public_id)
    assert request_for(getattr(world, who), draft.referral.public_id) is None
    assert drafts_for(getattr(world, who)) == ([], [])


def test_a_primary_contact_sees_what_names_them(world: make.World) -> None:
    draft = make.draft(world.priya, world.whanau, primary_contact=world.tom.public_id)
    assert request_for(world.tom, draft.referral.public_id)


def test_a_primary_contact_of_two_schools_sees_each_from_its_own_role(world: make.World) -> None:
    at_puna = make.actor(world.tom, Role.PRIMARY_CONTACT, world.puna)
    draft = make.draft(world.tom, world.whanau)
    assert request_for(at_puna, draft.referral.public_id) is None
