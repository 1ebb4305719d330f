"""What somebody has to enter: organisations with their authorisers, catchments and services, and the year's lists."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select

from app.calendars.public_holidays import listed_years
from app.calendars.school_terms import TERMS, terms_of
from app.core import clock
from app.core.db import db
from app.doctor.findings import Finding, Patient, good, mend, note
from app.people.models import Catchment, Kind, Organisation, Person, Role, RoleHeld, School

NAMED = 3
OCTOBER = 10


def organisations(_patient: Patient) -> Iterable[Finding]:
    count = len(
        db.session.scalars(select(Organisation.id).where(Organisation.kind.in_((Kind.SCHOOL, Kind.SERVICE)))).all()
    )
    if not count:
        yield mend("organisations", "there are none yet", "enter schools and services: docs/self-hosting.md")
        return
    without = _without_authoriser()
    if without:
        yield mend(
            "organisations",
            f"{_named(without)} without a delegated authoriser: nobody there gives or ends roles",
            "run: flask people grant E-MAIL delegated_authoriser NUMBER",
        )
    else:
        yield good("organisations", f"{count:,}, each with a delegated authoriser")


def schools(_patient: Patient) -> Iterable[Finding]:
    lacking = (
        select(Organisation.name)
        .outerjoin(School, School.organisation_id == Organisation.id)
        .where(Organisation.kind == Kind.SCHOOL, School.organisation_id.is_(None))
    )
    unserved = (
        select(Organisation.name)
        .join(School, School.organisation_id == Organisation.id)
        .join(Catchment, Catchment.id == School.catchment_id)
        .where(Catchment.service_id.is_(None))
    )
    if found := db.session.scalars(lacking.order_by(Organisation.name)).all():
        yield mend(
            "schools", f"{_named(found)} in no catchment: requests go nowhere", "enter its row in the table school"
        )
    if found := db.session.scalars(unserved.order_by(Organisation.name)).all():
        yield mend(
            "schools",
            f"{_named(found)} in a catchment without a service: requests wait",
            "give the catchment a service",
        )


def calendars(_patient: Patient, today: date | None = None) -> Iterable[Finding]:
    """Next year's from 1 October."""
    today = today or clock.today()
    years = [today.year, *([today.year + 1] if today.month >= OCTOBER else [])]
    for year in years:
        if len(terms_of(year)) < TERMS:
            yield (mend if year == today.year else note)(
                "calendars",
                f"the school terms of {year} are not all known",
                "update Waharoa, or complete app/calendars/lists/school_terms.csv as the Ministry announces them",
            )
        if year not in listed_years():
            yield note(
                "calendars",
                f"the public holidays of {year} come from a library, not from our list",
                "check them, and complete app/calendars/lists/public_holidays.csv",
            )
    if all(len(terms_of(year)) == TERMS for year in years):
        yield good("calendars", f"school terms and holidays of {' and '.join(map(str, years))} are known")


def _without_authoriser() -> Sequence[str]:
    held = (
        select(RoleHeld.id)
        .join(Person, Person.id == RoleHeld.person_id)
        .where(
            RoleHeld.organisation_id == Organisation.id,
            RoleHeld.role == Role.DELEGATED_AUTHORISER,
            RoleHeld.ended_at.is_(None),
            Person.ended_at.is_(None),
        )
    )
    wanted = select(Organisation.name).where(Organisation.kind.in_((Kind.SCHOOL, Kind.SERVICE)), ~held.exists())
    return db.session.scalars(wanted.order_by(Organisation.name)).all()


def _named(names: Sequence[str]) -> str:
    """The first few, and how many more."""
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return f"{', '.join(names[:NAMED])}{more} {'is' if len(names) == 1 else 'are'}"
