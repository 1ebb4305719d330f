"""A request that goes on in a case with a primary contact says whom it replaces, and puts them back when it is withdrawn (CASE-3)."""

import pytest
from sqlalchemy import delete, select

from app.cases.actions import close_case
from app.cases.contacts.actions import change_primary
from app.cases.contacts.rules import Whom
from app.cases.models import Case, CasePerson
from app.core.db import db
from app.core.events import Outbox
from app.people.queries import Actor
from app.referrals.matches.actions import same_student
from app.referrals.models import LikelyMatch, Outcome, Referral
from app.referrals.present_contact import becomes, prefilled
from app.referrals.queries import Request
from app.referrals.routing import known_case
from app.referrals.withdrawing.actions import withdraw
from tests import make

WHY = "Asked by mistake."
RINA = {"primary_contact": "", "contact_name": "Rina Tau", "contact_email": "rina@tawa.example.nz"}


def last(by: Actor) -> Request:
    """The request that this school sent last."""
    sent = select(Referral.public_id).where(Referral.school_id == by.organisation_id).order_by(Referral.id.desc())
    return make.request_now(by, str(db.session.scalar(sent.limit(1))))


def contact(case: Case, of: make.World) -> str | None:
    return make.head(of.ruth, case).contact_name


def told(*events: str) -> set[tuple[str, int]]:
    rows = db.session.execute(select(Outbox.event, Outbox.person_id).where(Outbox.event.in_(events)))
    return {(row.event, row.person_id) for row in rows}


def change(case: Case, to: Actor, instead_of: Actor, *, by: Actor) -> None:
    whom = Whom(person_id=to.person_id)
    change_primary(make.head(by, case), whom, best_times="", instead_of=instead_of.public_id, by=by)


def prefill(who: Actor, of: make.World) -> dict[str, str]:
    return prefilled(known_case(who, of.whanau.id), who.organisation_id)


class TestTheFormBegins:
    def test_with_the_contact_of_the_case(self, world: make.World) -> None:
        make.open_case(world)
        assert prefill(world.mere, world) == {"primary_contact": world.tom.public_id}

    def test_with_that_of_a_closed_case_that_would_open_again(self, world: make.World) -> None:
        close_case(make.open_case(world), "attending_regularly", by=world.ruth, why="Well again.")
        assert prefill(world.mere, world) == {"primary_contact": world.tom.public_id}

    @pytest.mark.parametrize("reason", ["rejected", "duplicate", "deceased"])
    def test_not_with_that_of_a_case_that_closed_for_good(self, world: make.World, reason: str) -> None:
        close_case(make.open_case(world), reason, by=world.ruth, why="Ended.")
        assert prefill(world.mere, world) == {}

    @pytest.mark.parametrize("who", ["aroha", "jin"])
    def test_with_nothing_where_the_case_is_not_theirs_to_see(self, world: make.World, who: str) -> None:
        """A colleague who is not named on it, and another school."""
        make.open_case(world)
        assert known_case(world.people[who], world.whanau.id) is None
        assert prefill(world.people[who], world) == {}

    def test_at_another_school_that_sees_the_case_with_nobody_and_says_who_it_is(self, world: make.World) -> None:
        make.open_case(world)
        make.enrolled(world.whanau.id, world.puna)
        known = known_case(world.jin, world.whanau.id)
        assert prefilled(known, world.puna.id) == {}
        assert becomes(known, {"primary_contact": world.jin.public_id}, {world.jin.public_id: "Jin"}) == "Jin"

    def test_with_who_was_written_and_waits_for_a_role(self, world: make.World) -> None:
        make.submitted(world.priya, world.whanau, contact=world.tom, **RINA)
        assert prefill(world.mere, world) == {field: RINA[field] for field in ("contact_name", "contact_email")}

    def test_without_somebody_whose_role_has_ended(self, world: make.World) -> None:
        make.open_case(world)
        make.end_roles(world.tom)
        assert prefill(world.mere, world) == {}

    def test_where_the_student_left_the_contact_behind_with_nobody(self, world: make.World) -> None:
        make.moved(world, world.whanau)
        known = known_case(world.jin, world.whanau.id)
        assert known is not None
        assert (known.contact, prefilled(known, world.puna.id)) == (None, {})
        assert becomes(known, {"primary_contact": world.jin.public_id}, {world.jin.public_id: "Jin"}) == ""


def test_who_takes_their_place_is_said_by_name(world: make.World) -> None:
    make.open_case(world)
    known, names = known_case(world.mere, world.whanau.id), {world.aroha.public_id: "Aroha Ngata"}
    assert becomes(known, {"primary_contact": world.aroha.public_id}, names) == "Aroha Ngata"
    assert becomes(known, RINA, names) == "Rina Tau"
    assert becomes(known, {"contact_email": "rina@tawa.example.nz"}, names) == "rina@tawa.example.nz"
    same: tuple[dict[str, str], ...] = (
        {"primary_contact": world.tom.public_id},
        {"contact_email": world.tom.email.upper()},
        {},
    )
    assert [becomes(known, texts, names) for texts in same] == ["", "", ""]
    assert becomes(None, RINA, names) == ""


class TestWithdrawn:
    def test_it_puts_back_whom_it_replaced_and_both_are_told(self, world: make.World) -> None:
        case = make.open_case(world)
        make.submitted(world.mere, world.whanau, contact=world.aroha)
        request = last(world.mere)
        replaced = db.session.get_one(CasePerson, request.referral.replaced_id)
        assert (replaced.person_id, contact(case, world)) == (world.tom.person_id, "Aroha Ngata")
        db.session.execute(delete(Outbox))
        withdraw(request, WHY, by=world.mere)
        assert contact(case, world) == "Tom Hargreaves"
        assert ("contact.changed", world.tom.person_id) in told("contact.changed")
        assert told("contact.replaced") == {("contact.replaced", world.aroha.person_id)}

    def test_nobody_is_put_back_where_it_replaced_nobody(self, world: make.World) -> None:
        case = make.open_case(world)
        make.submitted(world.mere, world.whanau, contact=world.tom)
        assert last(world.mere).referral.replaced_id is None
        change(case, world.aroha, world.tom, by=world.mere)
        withdraw(last(world.mere), WHY, by=world.mere)
        assert contact(case, world) == "Aroha Ngata"

    @pytest.mark.parametrize("back", [False, True])
    def test_nor_where_somebody_changed_it_since(self, world: make.World, back: bool) -> None:
        """Also where it was changed to somebody else and back again: whoever did that meant it."""
        case = make.open_case(world)
        make.submitted(world.mere, world.whanau, contact=world.aroha)
        change(case, world.priya, world.aroha, by=world.mere)
        if back:
            change(case, world.aroha, world.priya, by=world.mere)
        withdraw(last(world.mere), WHY, by=world.mere)
        assert contact(case, world) == ("Aroha Ngata" if back else "Priya Nair")

    def test_nor_where_their_role_has_ended(self, world: make.World) -> None:
        case = make.open_case(world)
        make.submitted(world.mere, world.whanau, contact=world.aroha)
        make.end_roles(world.tom)
        withdraw(last(world.mere), WHY, by=world.mere)
        assert contact(case, world) == "Aroha Ngata"

    def test_nor_where_another_request_has_named_the_same_since(self, world: make.World) -> None:
        case = make.open_case(world)
        make.submitted(world.mere, world.whanau, contact=world.aroha)
        first = last(world.mere)
        make.submitted(world.mere, world.whanau, contact=world.aroha)
        withdraw(first, WHY, by=world.mere)
        assert contact(case, world) == "Aroha Ngata"

    def test_who_was_written_and_waits_for_a_role_comes_back_too(self, world: make.World) -> None:
        case = make.submitted(world.priya, world.whanau, contact=world.tom, **RINA)
        make.submitted(world.mere, world.whanau, contact=world.aroha)
        withdraw(last(world.mere), WHY, by=world.mere)
        assert contact(case, world) == "Rina Tau"

    def test_of_a_case_that_it_opened_again(self, world: make.World) -> None:
        case = make.open_case(world)
        close_case(case, "attending_regularly", by=world.ruth, why="Well again.")
        make.submitted(world.mere, world.whanau, contact=world.aroha)
        withdraw(last(world.mere), WHY, by=world.mere)
        assert contact(case, world) == "Tom Hargreaves"

    def test_of_a_case_that_it_moved_where_the_other_school_still_has_the_student(self, world: make.World) -> None:
        case = make.open_case(world)
        make.enrolled(world.whanau.id, world.bay)
        make.submitted(world.kahu, world.whanau, contact=world.kahu)
        request = last(world.kahu)
        assert request.referral.outcome is Outcome.MOVED
        withdraw(request, WHY, by=world.kahu)
        assert (make.head(world.lupe, case).contact_name, case.school_id) == ("Tom Hargreaves", world.tawa.id)

    def test_and_not_where_the_student_has_left_that_school(self, world: make.World) -> None:
        case = make.open_case(world)
        make.enrolled(world.whanau.id, world.bay)
        make.submitted(world.kahu, world.whanau, contact=world.kahu)
        make.left(world.whanau, world.tawa)
        withdraw(last(world.kahu), WHY, by=world.kahu)
        assert make.head(world.lupe, case).contact_name == "Kahu Rangihuna"

    def test_a_request_that_came_to_the_case_by_a_likely_match_too(self, world: make.World) -> None:
        earlier = make.open_case(world)
        twin = make.student("Hēmi Whānau", world.tawa)
        make.submitted(world.mere, twin, contact=world.aroha)
        match = db.session.scalars(select(LikelyMatch)).one()
        same_student(match, by=world.ruth)
        assert contact(earlier, world) == "Aroha Ngata"
        withdraw(last(world.mere), WHY, by=world.mere)
        assert contact(earlier, world) == "Tom Hargreaves"
