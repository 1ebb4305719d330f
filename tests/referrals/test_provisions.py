"""A service in a school refers a case on to the provider of the catchment, with everything filled in (CASE-11)."""

import pytest
from sqlalchemy import func, select, update

from app.cases.models import Case, CasePerson, Part, Status
from app.cases.plans.actions import write_plan
from app.cases.plans.models import ReviewOutcome
from app.cases.plans.queries import plan_in_force
from app.cases.plans.rules import Review
from app.core.db import db
from app.core.errors import Conflict
from app.core.events import Outbox
from app.people.models import Catchment
from app.people.queries import Actor
from app.referrals.models import Answer, Outcome, Referral, State
from app.referrals.provisions.actions import refer_to_provider
from app.referrals.provisions.queries import Referable, referable_for, texts_for
from app.referrals.provisions.rules import MORE, request_texts
from app.referrals.queries import contacts_of, requests_on_case
from app.referrals.rules import missing
from tests import make


@pytest.fixture
def case(world: make.World) -> Case:
    return make.at_provision(world, world.whanau)


def found(who: Actor, case: Case) -> Referable:
    referable = referable_for(who, case.number)
    assert referable is not None
    return referable


def reviewed(world: make.World, case: Case, outcome: ReviewOutcome) -> None:
    told = make.planned(world.wiremu, case)
    was, review = plan_in_force(case.id), Review(outcome, "So it is.")
    write_plan(make.head(world.wiremu, case), told, was=was, by=world.wiremu, review=review)


def test_the_case_goes_to_the_provider_with_a_request_in_the_schools_place(world: make.World, case: Case) -> None:
    refer_to_provider(found(world.wiremu, case), by=world.wiremu)
    assert (case.service_id, case.status) == (world.te_awa.id, Status.QUEUE)
    sent = db.session.scalars(select(Referral).order_by(Referral.id.desc())).first()
    assert sent
    assert (sent.school_id, sent.service_id, sent.state, sent.outcome) == (
        world.tawa.id,
        world.maunga.id,
        State.SUBMITTED,
        Outcome.MOVED,
    )
    assert make.head(world.wiremu, case), "who managed it reads on"
    assert make.head(world.ruth, case).contact_name == world.tom.name
    shown = requests_on_case(case.id)[0]
    assert (shown.row.school_name, shown.row.in_place, shown.row.name) == (
        world.tawa.name,
        world.maunga.name,
        world.wiremu.name,
    )


def test_nothing_is_missing_from_the_request_and_what_the_case_knows_stands_in_it(
    world: make.World, case: Case
) -> None:
    make.barrier(world.wiremu, case, about="No car on Mondays.")
    reviewed(world, case, ReviewOutcome.NOT_SUSTAINED)
    refer_to_provider(found(world.wiremu, case), by=world.wiremu)
    last = db.session.scalars(select(func.max(Referral.id))).one()
    texts = {row.field: row.text for row in db.session.scalars(select(Answer).where(Answer.referral_id == last))}
    assert not missing(texts, contacts=contacts_of(world.tawa.id), has_choice=True)
    assert texts["service_choice"] == "provider"
    assert texts["reason"].startswith(f"{MORE} The plan was reviewed: better for a while, then not.")
    assert make.ANSWERS["reason"] in texts["reason"]
    assert "No car on Mondays." in texts["barriers"]
    assert texts["caregiver_name"] == make.ANSWERS["caregiver_name"]


def test_a_case_without_an_earlier_request_says_what_is_not_known() -> None:
    texts = request_texts({}, outcome=None, barriers=(), contact="tom")
    assert not missing(texts, contacts={"tom"}, has_choice=True)


def test_a_long_reason_stays_within_its_limit() -> None:
    texts = request_texts({"reason": "x" * 10_000}, outcome=None, barriers=("y" * 20_000,), contact="tom")
    assert not {"reason", "barriers"} & missing(texts, contacts={"tom"}, has_choice=True).keys()


def test_everyone_concerned_is_told_once(world: make.World, case: Case) -> None:
    before = db.session.scalar(select(func.max(Outbox.id))) or 0
    refer_to_provider(found(world.lupe, case), by=world.lupe)
    told = db.session.scalars(select(Outbox.person_id).where(Outbox.id > before)).all()
    assert sorted(told) == sorted(
        who.person_id for who in (world.lupe, world.wiremu, world.tom, world.ruth, world.mere)
    )


def test_the_second_time_nothing_happens(world: make.World, case: Case) -> None:
    twice = found(world.lupe, case)
    refer_to_provider(twice, by=world.lupe)
    with pytest.raises(Conflict):
        refer_to_provider(twice, by=world.lupe)
    assert referable_for(world.lupe, case.number) is None
    assert db.session.scalar(select(func.count()).select_from(Referral)) == 2


def test_at_a_provider_there_is_nothing_to_refer(world: make.World) -> None:
    case = make.open_case(world)
    assert referable_for(world.ana, case.number) is None


def test_where_no_provider_is_there_yet_or_the_student_has_left_it_is_not_offered(
    world: make.World, case: Case
) -> None:
    db.session.execute(update(Catchment).values(service_id=None))
    assert referable_for(world.wiremu, case.number) is None
    db.session.execute(update(Catchment).values(service_id=world.te_awa.id))
    assert referable_for(world.wiremu, case.number)
    make.left(world.whanau, world.tawa)
    assert referable_for(world.wiremu, case.number) is None


def test_the_contact_of_now_stands_in_the_request(world: make.World, case: Case) -> None:
    named = select(CasePerson).where(CasePerson.case_id == case.id, CasePerson.part == Part.PRIMARY_CONTACT)
    db.session.scalars(named).one().person_id = world.aroha.person_id
    db.session.flush()
    assert texts_for(make.head(world.wiremu, case))["primary_contact"] == world.aroha.public_id
