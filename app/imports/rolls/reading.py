"""A OneRoster 1.2 export: CSV files in a zip, of which only what makes up a roll is read (https://www.imsglobal.org/spec/oneroster/v1p2)."""

import zipfile
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import cast

from app.core.files.archives import NO_ARCHIVE
from app.core.files.lines import MOST_BYTES, Line, lines_of
from app.core.files.spool import PIECE, Spool
from app.core.files.unfit import Unfit
from app.core.text import one_line
from app.imports.columns import Brought, Faulty, NotBrought, Row
from app.imports.rolls.rules import LONGEST_ID, LONGEST_TUTOR, MOST_DIGITS, OfRoll, checked, year_level_of
from app.students.models import EnrolmentType

VERSION = "1.2"
NEEDED = {
    "orgs": ("sourcedId", "name", "type", "identifier"),
    "users": ("sourcedId", "givenName", "familyName", "grades"),
    "roles": ("userSourcedId", "roleType", "role", "orgSourcedId"),
    "demographics": ("sourcedId", "birthDate"),
}
OPTIONAL = {
    "classes": ("sourcedId", "title", "classType"),
    "enrollments": ("classSourcedId", "userSourcedId", "role"),
}
BROKEN = "{name} is no zip archive that can be read: it is broken, or not complete. Nothing was changed."
STUDENT, HOMEROOM, BULK, ABSENT = "student", "homeroom", "bulk", "absent"
GONE = "tobedeleted"
OF_NSN = "nsn"


@dataclass(frozen=True)
class Export:
    """The files of it that make up a roll, each with its rows."""

    files: Mapping[str, Sequence[Row]]

    @property
    def schools(self) -> dict[str, str]:
        """SourcedId → the school's number."""
        found = {each["sourcedId"]: each["identifier"] for each in self.files["orgs"] if each["type"] == "school"}
        if lacking := [of for of, number in found.items() if not number]:
            raise NotBrought(f"orgs.csv: the school {lacking[0][:40]} has no “identifier”, its school number.")
        return found

    @property
    def born(self) -> dict[str, Row]:
        return {each["sourcedId"]: each for each in self.files["demographics"]}

    @property
    def tutors(self) -> dict[str, str]:
        """SourcedId of a student → the title of the homeroom class."""
        rooms = {each["sourcedId"]: each["title"] for each in self.files["classes"] if each["classType"] == HOMEROOM}
        return {
            each["userSourcedId"]: rooms[each["classSourcedId"]]
            for each in self.files["enrollments"]
            if each["role"] == STUDENT and each["classSourcedId"] in rooms
        }

    @property
    def roles(self) -> Iterator[Row]:
        return (each for each in self.files["roles"] if each["role"] == STUDENT)


def rolls_in(file: Spool, name: str, brought: Brought) -> dict[str, list[OfRoll]]:
    """By the numbers of the schools. Raises `NotBrought` where it is none, or holds only what has changed."""
    export = _export(file, name)
    schools, born, tutors = export.schools, export.born, export.tutors
    users = {each["sourcedId"]: each for each in export.files["users"]}
    rolls: dict[str, list[OfRoll]] = {number: [] for number in schools.values()}
    for role in export.roles:
        user, school = users.get(role["userSourcedId"]), schools.get(role["orgSourcedId"])
        if school is None:
            continue
        try:
            rolls[school].append(_of_role(role, user, born, tutors))
        except Faulty as why:
            brought.refuse(user.line if user else role.line, f"{'users' if user else 'roles'}.csv: {why}")
    return rolls


def _of_role(role: Row, user: Row | None, born: Mapping[str, Row], tutors: Mapping[str, str]) -> OfRoll:
    if user is None:
        raise Faulty("“userSourcedId” is nobody of users.csv")
    if (facts := born.get(user["sourcedId"])) is None:
        raise Faulty("demographics.csv has no date of birth of this student")
    preferred = _called(user["preferredGivenName"], "", user["preferredFamilyName"] or user["familyName"])
    return checked(
        OfRoll(
            user.line,
            _called(user["givenName"], user["middleName"], user["familyName"]),
            preferred if user["preferredGivenName"] or user["preferredFamilyName"] else "",
            facts.needed_day("birthDate"),
            year_level_of(user["grades"].split(",")[0]),
            _nsn(user),
            (user["identifier"] or user["sourcedId"])[:LONGEST_ID],
            tutors.get(user["sourcedId"], "")[:LONGEST_TUTOR],
            role.day("beginDate"),
            role.day("endDate"),
            role["roleType"] != "secondary",
            EnrolmentType.REGULAR,
            where="users.csv: ",
        )
    )


def _called(given: str, middle: str, family: str) -> str:
    return " ".join(filter(None, (given, middle, family)))


def _nsn(user: Row) -> str:
    """`userIds` are a list like {NSN:123456789},{Fed:abc}; else the master identifier, where it is a number."""
    for each in user["userIds"].split(","):
        kind, _, number = each.strip(" {}").partition(":")
        if kind.strip().casefold() == OF_NSN:
            return number.strip()
    master = user["userMasterIdentifier"]
    return master if master.isascii() and master.isdigit() and len(master) <= MOST_DIGITS else ""


def _export(file: Spool, name: str) -> Export:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            said = {row["propertyName"]: row["value"] for row in _rows(archive, "manifest", ("propertyName", "value"))}
            _refuse_other(said, name)
            files = {each: _rows(archive, each, columns) for each, columns in NEEDED.items()}
            files |= {each: _rows(archive, each, OPTIONAL[each]) for each in OPTIONAL if _is_there(said, each)}
    except (*NO_ARCHIVE, RuntimeError) as reason:  # also of one with a password
        raise NotBrought(BROKEN.format(name=name)) from reason
    return Export({**dict.fromkeys(OPTIONAL, ()), **files})


def _refuse_other(said: Mapping[str, str], name: str) -> None:
    if said.get("oneroster.version") != VERSION:
        raise NotBrought(f"{name} is no OneRoster {VERSION} export, as its manifest.csv says.")
    for each in NEEDED:
        if said.get(f"file.{each}") != BULK:
            raise NotBrought(f"{name}: {each}.csv must be there as a whole (“bulk”), not only what has changed.")


def _is_there(said: Mapping[str, str], each: str) -> bool:
    return said.get(f"file.{each}", ABSENT) == BULK


def _rows(archive: zipfile.ZipFile, which: str, columns: Sequence[str]) -> list[Row]:
    """What a file says beyond these columns is not read; nor rows that are to be deleted."""
    with _unpacked(archive, f"{which}.csv") as spool:
        try:
            with closing(cast("Generator[Line]", lines_of(spool, f"{which}.csv"))) as lines:
                _, headings = next(lines)
                if lacking := [each for each in columns if each not in headings]:
                    raise NotBrought(f"{which}.csv lacks the column “{lacking[0]}”.")
                rows = [Row(line, dict(zip(headings, map(one_line, cells), strict=False))) for line, cells in lines]
        except Unfit as reason:
            raise NotBrought(f"{which}.csv: {reason}") from reason
    return [row for row in rows if row["status"] != GONE]


def _unpacked(archive: zipfile.ZipFile, member: str) -> Spool:
    """No more of it than is read at most, whatever it says itself of its size."""
    spool = Spool(largest=MOST_BYTES)
    if member not in archive.namelist():
        raise NotBrought(f"There is no {member} in the archive.")
    with archive.open(member) as packed:
        while not spool.is_too_large and (piece := packed.read(PIECE)):
            spool.write(piece)
    return spool
