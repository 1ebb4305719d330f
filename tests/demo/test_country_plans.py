"""What the plans of the country hold: everything that there is, and nothing that belongs to anybody."""

from collections import Counter, defaultdict
from datetime import date

import pytest

from app.calendars.regions import regions
from app.cases.models import Status
from app.core.text import nfc
from app.people.models import Kind, Role
from demo.country.country import Country
from demo.country.days import midnight
from demo.country.planning import plan, pupils_without
from demo.country.plans import Became, Edited, Given, Plan, Retracted, Sent, Undone, Wrote
from demo.country.scale import ENTRIES

COUNTRY = Country(seed=1, cases=1_500, today=date(2026, 3, 3))
LARGEST = (0.055, 0.065)
"""Of all cases, the largest service's."""


@pytest.fixture(scope="module")
def cases() -> list[Plan]:
    return [plan(COUNTRY, number) for number in range(1, COUNTRY.cases + 1)]


def status_of(case: Plan) -> Status:
    became = [step.status for step in case.steps if isinstance(step, Became)]
    if became:
        return became[-1]
    if not case.school.catchment.service:
        return Status.TRIAGE
    return Status.OPEN if any(isinstance(step, Given) for step in case.steps) else Status.QUEUE


def test_the_country_has_its_size() -> None:
    places = COUNTRY.places
    sizes = len(places.catchments), len(places.services), len(places.schools), len(COUNTRY.staff.members)
    assert sizes == (84, 75, 2_500, 8_000)
    assert {area.region for area in places.catchments} == {region.code for region in regions()}
    assert {school.catchment.id for school in places.schools} == {area.id for area in places.catchments}
    assert [area.service for area in places.catchments].count(None) == 2


def test_loads_are_uneven() -> None:
    loads: defaultdict[int, float] = defaultdict(float)
    for school in COUNTRY.places.schools:
        if school.catchment.service:
            loads[school.catchment.service.id] += school.load
    least, most = LARGEST
    assert least < max(loads.values()) < most
    assert min(area.load for area in COUNTRY.places.catchments) < 0.001


def test_nothing_that_must_be_unique_stands_twice() -> None:
    places, members = COUNTRY.places, COUNTRY.staff.members
    for listed in (
        [each.number for each in places.organisations],
        [each.name for each in places.organisations],
        [each.name for each in places.catchments],
        [member.email for member in members],
        [member.public_id for member in members],
    ):
        assert len(set(listed)) == len(listed)


def test_numbers_and_addresses_reach_nobody(cases: list[Plan]) -> None:
    for member in COUNTRY.staff.members:
        assert member.email.isascii()
        assert member.email.endswith(".example")
    for case in cases:
        for caregiver in case.pupil.invented.caregivers:
            assert caregiver.phone.startswith(("04 555 01", "027 555 01"))
            assert not caregiver.email or (caregiver.email.isascii() and caregiver.email.endswith(".example"))


def test_every_organisation_has_whom_it_needs() -> None:
    for school in COUNTRY.places.schools:
        assert COUNTRY.staff.with_role(school.id, Role.ATTENDANCE_LEAD)
        assert COUNTRY.staff.with_role(school.id, Role.PRIMARY_CONTACT)
    for service in COUNTRY.places.services:
        assert COUNTRY.staff.with_role(service.id, Role.WORKFLOW_LEAD)
        assert len(COUNTRY.staff.with_role(service.id, Role.CASE_MANAGER)) > 1


def test_each_case_has_twenty_entries_in_the_order_of_time_before_today(cases: list[Plan]) -> None:
    for case in cases:
        assert sum(isinstance(step, (Sent, Given, Became, Wrote)) for step in case.steps) == ENTRIES
        times = [step.at for step in case.steps]
        assert times == sorted(set(times))
        assert times[-1] < midnight(COUNTRY.today)


def test_cases_stand_in_every_status(cases: list[Plan]) -> None:
    statuses = Counter(map(status_of, cases))
    assert set(statuses) == set(Status)
    assert 0.5 < 1 - statuses[Status.CLOSED] / len(cases) < 0.6
    closed = [case.steps[-1].at.year for case in cases if status_of(case) is Status.CLOSED]
    assert set(closed) >= {2023, 2024, 2025, 2026}


def test_things_happen_to_comments_and_students(cases: list[Plan]) -> None:
    kinds = {type(step) for case in cases for step in case.steps}
    assert kinds >= {Edited, Retracted, Undone}
    moved = sum(stay.to_on is not None for case in cases for stay in case.pupil.stays)
    assert 0.05 < moved / len(cases) < 0.1
    twice = [case for case in cases if not case.is_first]
    assert twice
    for second in twice:
        first = cases[second.pupil.id - 1]
        assert first.pupil == second.pupil
        assert status_of(first) is Status.CLOSED
        assert (second.steps[0].at - first.steps[-1].at).days > 95


def test_names_are_of_all_kinds_and_in_the_stored_form(cases: list[Plan]) -> None:
    names = [case.pupil.invented.legal_name for case in cases]
    assert all(name == nfc(name) for name in names)
    together = " ".join(names)
    for letter in "āēīōū‘ʻ-’":
        assert letter in together
    assert {"Ng", "Wu", "Li", "O"} <= {name.split()[-1] for name in names}
    assert any(case.pupil.invented.preferred_name for case in cases)


def test_some_students_have_no_case() -> None:
    others = list(pupils_without(COUNTRY))
    assert len(others) == COUNTRY.cases // 4
    assert not {pupil.id for pupil in others} & set(range(1, COUNTRY.cases + 1))


def test_only_service_people_write_for_the_service_alone(cases: list[Plan]) -> None:
    for case in cases[::5]:
        for step in case.steps:
            if isinstance(step, Wrote) and step.by.organisation.kind is Kind.SCHOOL:
                assert step.audience == "shared"
                assert step.by.organisation_id == case.school.id
