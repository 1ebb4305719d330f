"""Whether a whānau can be reached, and each change of that (CASE-14)."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select
from time_machine import Traveller

from app.cases.models import Case
from app.core import clock as core_clock
from app.core.db import db
from app.core.versions import version_of
from app.students.caregivers.actions import change_caregiver, end_caregiver, mark_detail, name_caregiver
from app.students.caregivers.queries import reach_of
from app.students.caregivers.rules import Reach, details_of, is_reachable, mark_of
from app.students.models import Caregiver, Tried
from app.students.records.models import ReachableChange
from app.students.rules import DETAILS, CaregiverFacts, facts_of
from tests import make

NOBODY = {"address": "", "phone": "", "email": "", **{f"{detail}_state": Tried.NOT_TRIED for detail in DETAILS}}


def somebody(**known: Any) -> SimpleNamespace:
    return SimpleNamespace(**{**NOBODY, "may_be_contacted": None, "lives_with_student": None, **known})


@pytest.mark.parametrize(
    ("known", "home", "answer"),
    [
        ({}, "12 Kōwhai Street", False),
        ({"phone": "04 555 0100"}, "", True),
        ({"phone": "04 555 0100", "phone_state": Tried.CURRENT}, "", True),
        ({"phone": "04 555 0100", "phone_state": Tried.NOT_CURRENT}, "", False),
        ({"phone": "04 555 0100", "phone_state": Tried.NOT_CURRENT, "email": "a@b.nz"}, "", True),
        ({"phone": "04 555 0100", "may_be_contacted": False}, "", False),
        ({"phone": "04 555 0100", "may_be_contacted": True}, "", True),
        ({"lives_with_student": True}, "12 Kōwhai Street", True),
        ({"lives_with_student": True}, "", False),
        ({"lives_with_student": True, "address_state": Tried.NOT_CURRENT}, "12 Kōwhai Street", False),
    ],
)
def test_any_detail_that_is_current_or_not_tried_reaches_somebody(
    known: dict[str, Any], home: str, answer: bool
) -> None:
    assert is_reachable(Reach([somebody(**known)], home, was_reachable=True)) is answer
    assert not is_reachable(Reach([], home, was_reachable=True))


def changes(case: Case) -> Sequence[tuple[bool, int]]:
    of_student = select(ReachableChange.is_reachable, ReachableChange.by_id)
    found = of_student.where(ReachableChange.student_id == case.student_id).order_by(ReachableChange.id)
    return [(row.is_reachable, row.by_id) for row in db.session.execute(found)]


def only_caregiver(case: Case) -> Caregiver:
    return db.session.scalars(select(Caregiver).where(Caregiver.student_id == case.student_id)).one()


def test_each_change_of_the_answer_is_dated_and_nothing_else(clock: Traveller, world: make.World) -> None:
    case, ana = make.open_case(world), world.ana
    head, ngaire = make.head(ana, case), only_caregiver(case)
    assert changes(case) == []
    assert mark_detail(head, ngaire.id, "phone", Tried.NOT_CURRENT, mark=mark_of(ngaire, "phone"), by=ana)
    assert changes(case) == [(False, ana.person_id)]
    assert not reach_of(case.student_id).was_reachable
    assert make.head(ana, case).unreachable_since == core_clock.now()
    nan = name_caregiver(head, CaregiverFacts("Rina", "nan", phone="04 555 0111"), by=world.ruth)
    assert changes(case)[1:] == [(True, world.ruth.person_id)]
    assert make.head(ana, case).unreachable_since is None
    refused = CaregiverFacts("Rina", "nan", may_be_contacted=False, contact_note="No", phone="04 555 0111")
    change_caregiver(head, nan.id, refused, version=version_of(facts_of(nan).texts), by=ana)
    assert len(changes(case)) == 3
    end_caregiver(head, nan.id, by=ana)
    assert len(changes(case)) == 3, "the answer is the same"


def test_a_request_without_details_says_so_at_once(world: make.World) -> None:
    lacking = {"no_caregiver_details": "yes", **dict.fromkeys(NAMED, "")}
    case = make.submitted(world.priya, world.ng, contact=world.tom, **lacking)
    assert changes(case) == [(False, world.priya.person_id)]


NAMED = ("caregiver_name", "caregiver_relationship", "caregiver_phone")


def test_what_stood_there_before_is_known_with_the_day(world: make.World, clock: Traveller) -> None:
    case = make.open_case(world)
    ngaire = only_caregiver(case)
    began = ngaire.added_at
    former = [
        SimpleNamespace(address="", phone=phone, email="", until=core_clock.now())
        for phone in ("04 555 0100", "04 555 0101", "04 555 0100")
    ]
    ngaire.phone = "04 555 0100"
    _, phone, email = details_of(ngaire, former)
    assert (phone.added_at, phone.earlier) == (former[1].until, [("04 555 0101", former[1].until)])
    assert (email.added_at, email.earlier) == (began, [])
