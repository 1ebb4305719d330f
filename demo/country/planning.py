"""The plan of each case, drawn from the seed and the number of the case alone."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from app.cases.models import Status
from app.people.models import Kind, Role
from app.people.rules import ROLES_OF
from demo.country.chances import chance
from demo.country.country import Country
from demo.country.days import MORNING, moment
from demo.country.fates import Fate
from demo.country.places import School
from demo.country.plans import Asked, Plan, Sent, Step
from demo.country.pupils import pupil, pupil_without_case
from demo.country.stories import story
from demo.country.students import Pupil
from demo.country.voices import Cast
from demo.data_answers import from_roll, typed
from demo.invented import request_for

CHECKING = timedelta(minutes=12)
"""From the last answer to sending."""


def plans(country: Country) -> Iterator[Plan]:
    """All of them, the earliest request first, but for the hour."""
    for number in range(1, country.cases + 1):
        yield plan(country, number)


def plan(country: Country, number: int) -> Plan:
    """One case from its request to today."""
    first = country.fates.earlier(number)
    of_whom = number if first is None else first
    school = country.schools.draw(chance(country.seed, "school", of_whom))
    fate = _fate(country, number, school)
    student = pupil(
        country,
        of_whom,
        school,
        fate if first is None else _fate(country, of_whom, school),
        may_move=_may_move(country, number, school, fate),
    )
    drawn = chance(country.seed, "case", number)
    cast = _cast(drawn, country, school)
    steps = (*_request(drawn, student, fate, cast), *story(drawn, student, school, fate, cast))
    return Plan(number, student, first is None, school, steps)


def pupils_without(country: Country) -> Iterator[Pupil]:
    return (pupil_without_case(country, number) for number in country.without_case)


def _may_move(country: Country, number: int, school: School, fate: Fate) -> bool:
    """Whoever has one case, in which not only their school writes."""
    fates = country.fates
    has_two = fates.earlier(number) is not None or fates.has_later(number)
    return not has_two and school.catchment.service is not None and fate.status is not Status.QUEUE


def _fate(country: Country, number: int, school: School) -> Fate:
    return country.fates.fate(number, school.catchment.region, is_served=school.catchment.service is not None)


def _cast(drawn: Random, country: Country, school: School) -> Cast:
    at_school = country.staff.with_role(school.id, *ROLES_OF[Kind.SCHOOL])
    contacts = country.staff.with_role(school.id, Role.PRIMARY_CONTACT) or at_school
    service = school.catchment.service
    leads = country.staff.with_role(service.id, Role.WORKFLOW_LEAD) if service else []
    managers = country.staff.with_role(service.id, Role.CASE_MANAGER) if service else []
    investigators = country.staff.with_role(country.places.ministry.id, Role.INVESTIGATOR)
    return Cast(
        sender=drawn.choice(at_school),
        contact=drawn.choice(contacts if drawn.random() < 0.8 else at_school),
        lead=drawn.choice(leads or investigators),
        managers=drawn.sample(managers, 2) if managers else [],
    )


def _request(drawn: Random, student: Pupil, fate: Fate, cast: Cast) -> Iterator[Step]:
    asked_at = moment(drawn, fate.asked_on, MORNING)
    answers = typed(request_for(student.invented), cast.contact.public_id, fate.asked_on)
    yield Asked(asked_at, cast.sender, from_roll(student.invented), answers, cast.contact)
    yield Sent(asked_at + CHECKING, cast.sender)
