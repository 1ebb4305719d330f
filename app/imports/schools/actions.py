"""Services, catchments and schools come to be, or change. What is in no file stays as it is; cases stay with the service that has
them, and only what is asked for from now on goes by what the file says (REQ-6)."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select

from app.attendance.tallies.actions import ask_to_count
from app.attendance.tallies.queries import marked_since
from app.calendars.regions import regions
from app.core import events
from app.core.db import Base, db
from app.core.reach import fault_of_email, fault_of_phone
from app.imports.columns import Brought, Faulty, Row
from app.imports.queries import Operator, organisations
from app.imports.schools.rules import (
    ADDED,
    BECAME,
    CHANGED,
    LONGEST_CATCHMENT,
    LONGEST_NAME,
    LONGEST_NUMBER,
    NEW,
    SAME,
)
from app.people.models import Catchment, Kind, Organisation, School


class Places:
    """What there is by now, and what the file makes of it."""

    def __init__(self, by: Operator) -> None:
        self.by = by
        self.organisations = dict(organisations())
        self.catchments = {each.name: each for each in db.session.scalars(select(Catchment))}
        self.schools = {each.organisation_id: each for each in db.session.scalars(select(School))}
        self._seen: set[str] = set()

    def take_service(self, row: Row) -> str:
        return self._organisation(row, Kind.SERVICE)[1]

    def take_catchment(self, row: Row) -> str:
        name = self._once(row.filled("name", LONGEST_CATCHMENT))
        told: dict[str, Any] = {"region": _region(row["region"])}
        if row.has("service"):
            service = self._service(row, "service")
            told["service_id"] = service.id if service else None
        if known := self.catchments.get(name):
            return _change(known, told)
        self.catchments[name] = made = Catchment(name=name, **told)
        db.session.add(made)
        db.session.flush()
        return NEW

    def take_school(self, row: Row) -> str:
        if (catchment := self.catchments.get(row["catchment"])) is None:
            raise Faulty("There is no catchment of this name; bring the catchments first")
        told: dict[str, Any] = {"catchment_id": catchment.id}
        if row.has("provision"):
            provision = self._service(row, "provision")
            told["provision_id"] = provision.id if provision else None
        organisation, became = self._organisation(row, Kind.SCHOOL)
        if known := self.schools.get(organisation.id):
            is_other = _change(known, told) == CHANGED
            if is_other and became == SAME:
                events.record(BECAME, by=self.by, on=organisation)
            return CHANGED if is_other else became
        self.schools[organisation.id] = made = School(organisation_id=organisation.id, **told)
        db.session.add(made)
        return NEW

    def regions(self) -> dict[int, str]:
        """Whose holidays hold at each school."""
        of = {each.id: each.region for each in self.catchments.values()}
        return {school_id: of[each.catchment_id] for school_id, each in self.schools.items()}

    def _organisation(self, row: Row, kind: Kind) -> tuple[Organisation, str]:
        number, told = self._once(row.filled("number", LONGEST_NUMBER)), _told(row)
        known = self.organisations.get(number)
        if known and known.kind is not kind:
            raise Faulty(f"This number is that of a {known.kind}")
        if known:
            became = _change(known, told)
            if became == CHANGED:
                events.record(BECAME, by=self.by, on=known)
            return known, became
        self.organisations[number] = made = Organisation(kind=kind, number=number, **told)
        db.session.add(made)
        db.session.flush()
        events.record(ADDED, by=self.by, on=made)
        return made, NEW

    def _service(self, row: Row, column: str) -> Organisation | None:
        """None where none is named."""
        if not row[column]:
            return None
        found = self.organisations.get(row[column])
        if found is None or found.kind is not Kind.SERVICE:
            raise Faulty(f"“{column}” is the number of no service; bring the services first")
        return found

    def _once(self, which: str) -> str:
        if which in self._seen:
            raise Faulty("A line above says something of the same one")
        self._seen.add(which)
        return which


def bring_services(rows: Sequence[Row], brought: Brought, *, by: Operator) -> None:
    brought.take_each(rows, Places(by).take_service)


def bring_catchments(rows: Sequence[Row], brought: Brought, *, by: Operator) -> None:
    places = Places(by)
    with _counting_anew(places):
        brought.take_each(rows, places.take_catchment)


def bring_schools(rows: Sequence[Row], brought: Brought, *, by: Operator) -> None:
    places = Places(by)
    with _counting_anew(places):
        brought.take_each(rows, places.take_school)


@contextmanager
def _counting_anew(places: Places) -> Iterator[None]:
    """Other holidays hold at a school that lies in another region now (CAL-3)."""
    before = places.regions()
    yield
    now = places.regions()
    for school_id in before:
        if before[school_id] != now[school_id] and (monday := marked_since(school_id)):
            ask_to_count(school_id, monday)


def _told(row: Row) -> dict[str, str]:
    """Of an organisation; a column that the file has not says nothing."""
    told = {"name": row.filled("name", LONGEST_NAME)}
    if row.has("phone"):
        told["phone"] = row.text("phone", 40)
    if row.has("email"):
        told["email"] = row.text("email", 254)
    for fault in (fault_of_phone(told.get("phone", "")), fault_of_email(told.get("email", ""))):
        if fault:
            raise Faulty(fault)
    return told


def _region(text: str) -> str:
    """By its code, or its name."""
    for each in regions():
        if text.casefold() in {each.code.casefold(), each.name.casefold()}:
            return each.code
    raise Faulty(f"“region” is none of: {', '.join(each.code for each in regions())}")


def _change(known: Base, told: Mapping[str, Any]) -> str:
    others = {name: value for name, value in told.items() if getattr(known, name) != value}
    for name, value in others.items():
        setattr(known, name, value)
    return CHANGED if others else SAME
