"""A draft keeps what is typed; two people in it lose nothing (REQ-3, REQ-4)."""

import pytest
from sqlalchemy import select

from app.core.db import db
from app.core.errors import Conflict, Refused
from app.people.models import Role
from app.referrals import actions
from app.referrals.drafts.queries import drafts_for
from app.referrals.models import Answer
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


def test_a_field_another_page_changed_shows_both_and_holds_nothing_else_back(world: make.World) -> None:
    mine = make.draft(world.priya, world.whanau, reason="First")
    opened = dict(mine.versions)
    save_draft(mine, {"reason": "Theirs"}, page=Page(opened, "mere's"), by=world.mere)
    (clash,) = save_draft(mine, {"reason": "Mine", "plan": "Also mine"}, page=Page(opened, "mine"), by=world.priya)
    assert (clash.field, clash.theirs, clash.mine, clash.version) == ("reason", "Theirs", "Mine", 2)
    assert clash.by_id == world.mere.person_id
    assert clash.at == mine.answers["reason"].at
    now = make.request_now(world.priya, mine.referral.public_id)
    assert now.texts == {"reason": "Theirs", "plan": "Also mine"}


def test_whoever_has_seen_the_other_text_may_keep_their_own(world: make.World) -> None:
    mine = make.draft(world.priya, world.whanau, reason="First")
    save_draft(mine, {"reason": "Theirs"}, page=Page({"reason": 1}, "mere's"), by=world.mere)
    assert save_draft(mine, {"reason": "Mine"}, page=Page({"reason": 2}, "mine"), by=world.priya) == []
    assert mine.texts["reason"] == "Mine"


def test_a_text_that_changed_again_is_shown_again(world: make.World) -> None:
    mine = make.draft(world.priya, world.whanau, reason="First")
    for seen, text in ((1, "Theirs"), (2, "Theirs, longer")):
        save_draft(mine, {"reason": text}, page=Page({"reason": seen}, "mere's"), by=world.mere)
    (clash,) = save_draft(mine, {"reason": "Mine"}, page=Page({"reason": 2}, "mine"), by=world.priya)
    assert clash.theirs == "Theirs, longer"


def test_two_pages_of_one_person_are_two_pages(world: make.World) -> None:
    mine = make.draft(world.priya, world.whanau, reason="First")
    save_draft(mine, {"reason": "In one tab"}, page=Page({"reason": 1}, "one tab"), by=world.priya)
    (clash,) = save_draft(mine, {"reason": "In another"}, page=Page({"reason": 1}, "another"), by=world.priya)
    assert clash.by_id == world.priya.person_id


def test_a_page_never_conflicts_with_itself(world: make.World) -> None:
    """The answer to its first save was lost, so it still names the version before."""
    request = make.draft(world.priya, world.whanau, reason="First")
    for turn, text in enumerate(("Away", "Away most", "Away most Mondays"), start=1):
        assert save_draft(request, {"reason": text}, page=Page({"reason": 1}, "mine", turn), by=world.priya) == []
    assert request.texts["reason"] == "Away most Mondays"


@pytest.mark.parametrize("late", ["Away", "First"])
def test_a_save_that_was_overtaken_writes_nothing(world: make.World, late: str) -> None:
    request = make.draft(world.priya, world.whanau, reason="First")
    save_draft(request, {"reason": "Away most Mondays"}, page=Page({"reason": 1}, "mine", 2), by=world.priya)
    assert save_draft(request, {"reason": late}, page=Page({"reason": 1}, "mine", 1), by=world.priya) == []
    assert request.texts["reason"] == "Away most Mondays"
    assert request.versions["reason"] == 2


@pytest.mark.parametrize("first", ["First", ""])
def test_a_save_overtaken_by_taking_it_back_writes_nothing(world: make.World, first: str) -> None:
    """Typed, sent, not answered, deleted, sent; then the first of the two arrives."""
    request = make.draft(world.priya, world.whanau, reason=first)
    seen = dict(request.versions)
    save_draft(request, {"reason": first}, page=Page(seen, "mine", 2), by=world.priya)
    assert save_draft(request, {"reason": "Typed by mistake"}, page=Page(seen, "mine", 1), by=world.priya) == []
    assert request.texts["reason"] == first


def test_saying_the_same_again_is_no_change(world: make.World) -> None:
    request = make.draft(world.priya, world.whanau, reason="First")
    before = request.referral.changed_at
    save_draft(request, {"reason": "First"}, page=Page({"reason": 1}, "mine", 1), by=world.mere)
    assert request.versions["reason"] == 1
    assert (request.referral.changed_at, request.referral.changed_by_id) == (before, world.priya.person_id)


def test_long_texts_and_line_breaks_are_kept_whole(world: make.World) -> None:
    request = make.draft(world.priya, world.whanau)
    told = "Kāore i tae mai.\n\n  Second line\n" + "ā" * 40_000 + "."
    save_draft(request, {"reason": told}, page=Page({}, "mine", 1), by=world.priya)
    assert make.request_now(world.priya, request.referral.public_id).texts["reason"] == told


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
