"""The rows of places, staff and students: what is there before any request."""

from datetime import datetime
from functools import cache

from app.core.text import fold, index_words
from app.people.models import Source
from app.students.models import EnrolmentSource, EnrolmentType, Tried
from app.students.words import address_words, phone_words
from demo.country.country import Country
from demo.country.sheet import Row, Sheet
from demo.country.staff import Member
from demo.country.students import Pupil, Stay
from demo.invented import InventedCaregiver, InventedStudent

known_words = cache(index_words)
NEVER_ENDED = {"ended_at": None}
MAILED = {"mail_failed_at": None, "mail_failed_why": ""}
NOT_REVIEWED = {"reviewed_at": None, "reviewed_by_id": None}


def write_places(sheet: Sheet, country: Country) -> None:
    """Organisations, catchments, and which school lies where."""
    at = country.began_at
    for each in country.places.organisations:
        values = {"id": each.id, "kind": each.kind.value, "number": each.number, "name": each.name}
        sheet.add(
            "organisation",
            at,
            **values,
            phone=each.phone,
            email="",
            case_managers_see_cases=False,
            has_other_pauses=False,
        )
    for area in country.places.catchments:
        service_id = area.service.id if area.service else None
        sheet.add("catchment", at, id=area.id, name=area.name, region=area.region, service_id=service_id)
    for school in country.places.schools:
        sheet.add("school", at, organisation_id=school.id, catchment_id=school.catchment.id, provision_id=None)


def write_staff(sheet: Sheet, country: Country) -> None:
    for member in country.staff.members:
        _write_member(sheet, country.began_at, member)


def _write_member(sheet: Sheet, at: datetime, member: Member) -> None:
    known = {"id": member.id, "public_id": member.public_id, "name": member.name, "email": member.email}
    sheet.add("person", at, **known, phone=member.phone, made_at=at, **NEVER_ENDED, **MAILED)
    for role in member.roles:
        held = {"person_id": member.id, "organisation_id": member.organisation_id, "role": role.value}
        given = {"source": Source.CLAIM.value, "given_at": at, "given_by_id": None, "given_by_command": False}
        sheet.add("role_held", at, **held, **given, **NEVER_ENDED, **NOT_REVIEWED, ended_by_id=None)


def write_pupil(sheet: Sheet, country: Country, pupil: Pupil) -> None:
    """With enrolments, and the caregivers that the first school knows."""
    who = pupil.invented
    sheet.add(
        "student",
        pupil.known_at,
        id=pupil.id,
        public_id=pupil.public_id,
        legal_name=who.legal_name,
        preferred_name=who.preferred_name,
        sort_key=_sort_key(who.legal_name),
        born_on=who.born_on,
        national_number=who.national_number,
        address=who.address,
        phone=who.phone,
        language="",
    )
    for stay in pupil.stays:
        _write_stay(sheet, pupil, stay)
    for number, caregiver in enumerate(who.caregivers):
        public_id = country.names.public_id("caregiver", pupil.id, number)
        who_said = {"student_id": pupil.id, "given_by_id": pupil.school.id}
        write_caregiver(sheet, pupil.known_at, caregiver, public_id=public_id, **who_said)


def make_findable(sheet: Sheet, at: datetime, pupil: Pupil, organisation_id: int) -> None:
    """The people of this organisation can look for the student by both names, and by what they know of how to reach them: a
    school that they came to later has said nothing of that."""
    is_elsewhere = organisation_id in {stay.school.id for stay in pupil.stays[1:]}
    details: set[str] = set() if is_elsewhere else find_by_details(pupil)
    for table, words in (("student_name_word", find_by(pupil)), ("student_detail_word", sorted(details))):
        for word in words:
            sheet.add(table, at, organisation_id=organisation_id, word=word, student_id=pupil.id)


def find_by_details(pupil: Pupil) -> set[str]:
    """By every address and phone that the first school gave."""
    return _details(pupil.invented).union(*map(_details, pupil.invented.caregivers))


def find_by_caregiver(
    sheet: Sheet, at: datetime, pupil: Pupil, named: InventedCaregiver, *known_to: int | None
) -> None:
    """Whom another school named: the service, which knew the others, and that school, which knew none."""
    known: tuple[set[str], set[str]] = (find_by_details(pupil), set())
    for organisation_id, already in zip(known_to, known, strict=True):
        for word in sorted(_details(named) - already) if organisation_id else ():
            sheet.add("student_detail_word", at, organisation_id=organisation_id, word=word, student_id=pupil.id)


def _details(of: InventedStudent | InventedCaregiver) -> set[str]:
    return {*address_words(of.address), *phone_words(of.phone)}


def find_by(pupil: Pupil) -> list[str]:
    """Every word of every name; most names are many people's."""
    names = f"{pupil.invented.legal_name} {pupil.invented.preferred_name}"
    return sorted({word for name in names.split() for word in known_words(name)})


def write_caregiver(sheet: Sheet, at: datetime, named: InventedCaregiver, **who: object) -> Row:
    """As an organisation named them; nobody has asked more yet. `who`: public id, student, and which organisation."""
    unknown = dict.fromkeys(("has_responsibility", "may_be_contacted", "lives_with_student", "address_checked_on"))
    unchanged = dict.fromkeys(("changed_at", "changed_by_id", "ended_at"))
    return sheet.add(
        "caregiver",
        at,
        **vars(named),
        **unknown,
        **unchanged,
        **who,
        added_at=at,
        contact_note="",
        address_source="",
        address_state=Tried.NOT_TRIED.value,
    )


def _write_stay(sheet: Sheet, pupil: Pupil, stay: Stay) -> None:
    sheet.add(
        "enrolment",
        stay.known_at,
        student_id=pupil.id,
        school_id=stay.school.id,
        from_on=stay.from_on,
        to_on=stay.to_on,
        type=EnrolmentType.REGULAR.value,
        is_main=stay.is_main,
        year_level=stay.year_level,
        tutor=stay.tutor,
        source=EnrolmentSource.ROLL.value,
        as_of=stay.known_at,
        cases_from=None,
    )
    make_findable(sheet, stay.known_at, pupil, stay.school.id)


def _sort_key(legal_name: str) -> str:
    *given, family = legal_name.split()
    return fold(f"{family} {' '.join(given)}")
