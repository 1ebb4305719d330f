"""A OneRoster 1.2 export, as a student management system packs it; and files that are broken in any way."""

import io
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from sqlalchemy import select

from app.core.db import db
from app.core.files.spool import Spool
from app.imports.columns import Brought, NotBrought, rows_of
from app.imports.rolls.reading import rolls_in
from app.imports.rolls.rules import ROLL
from app.imports.schools.rules import SERVICES
from app.students.models import Enrolment, Student
from app.students.queries import students_found
from tests import make
from tests.imports.conftest import Bring

FILES: Mapping[str, str] = {
    "manifest": (
        "propertyName,value\nmanifest.version,1.0\noneroster.version,1.2\nfile.academicSessions,absent\n"
        "file.orgs,bulk\nfile.users,bulk\nfile.roles,bulk\nfile.demographics,bulk\nfile.classes,bulk\n"
        "file.enrollments,bulk\nsource.systemName,A system\n"
    ),
    "orgs": (
        "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n"
        "o1,,,Tawa Awa College,school,9001,d1\no2,,,Puna Street School,school,9002,d1\nd1,,,Kāhui Ako,district,,\n"
    ),
    "users": (
        "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,"
        "email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,resourceSourcedIds,preferredGivenName,"
        "preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns,metadata.nz.iwi\n"
        'u1,,,true,hw,"{Fed:x1},{NSN:101}",Hēmi,Whānau,,77,,,,,10,,,,,,,o1,,\n'
        "u2,,,true,gn,,Grace,Ng,,78,,,,,10,,102,,,,,o1,,\n"
        'u3,,,true,zq,{NSN:103},Zqxwvia,Tamihana,Mere,79,,,,,"09,10",,,,Zia,,,o1,,Zqxwviwi\n'
        "u4,,,true,mw,,Mikaere,Whānau,,80,,,,,Year 10,,,,,,,o2,,\n"
        "t1,,,true,teach,,Somebody,Else,,,,,,,,,,,,,,o1,,\n"
    ),
    "roles": (
        "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,userProfileSourcedId\n"
        "r1,,,u1,primary,student,2025-01-30,,o1,\nr2,,,u2,primary,student,2025-01-30,,o1,\n"
        "r3,,,u3,primary,student,2026-02-02,,o1,\nr4,,,u4,primary,student,,,o2,\n"
        "r5,,,u3,secondary,student,2026-02-03,,o2,\nr6,,,t1,primary,teacher,,,o1,\n"
    ),
    "demographics": (
        "sourcedId,status,dateLastModified,birthDate,sex\nu1,,,2011-05-04,\nu2,,,2011-05-04,\nu3,,,2012-01-02,\n"
        "u4,,,2011-05-04,\n"
    ),
    "classes": (
        "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId\n"
        "c1,,,9 Miro,9,x,9MIR,homeroom,,o1\nc2,,,Maths,9,x,MAT,scheduled,,o1\n"
    ),
    "enrollments": (
        "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate\n"
        "e1,,,c1,o1,u3,student,,,\ne2,,,c2,o1,u3,student,,,\ne3,,,c1,o1,t1,teacher,true,,\n"
    ),
}


def packed(files: Mapping[str, str | bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.csv", text)
    return held.getvalue()


def spool_of(content: bytes) -> Spool:
    spool = Spool()
    spool.write(content)
    spool.seek(0)
    return spool


def test_a_whole_export_is_the_roll_of_each_of_its_schools(app: Flask, peopled: make.World, bring: Bring) -> None:
    done = bring("rolls", packed(FILES), "--keep", name="export.zip")
    assert done.output == "Kept: 1 came from elsewhere, 3 changed, 1 new.\n"
    assert bring("rolls", packed(FILES), "--keep", name="export.zip").output == "Kept: 5 as before.\n"
    with app.app_context():
        new = db.session.scalars(select(Student).where(Student.national_number == "103")).one()
        assert (new.legal_name, new.preferred_name, new.born_on) == (
            "Zqxwvia Mere Tamihana",
            "Zia Tamihana",
            date(2012, 1, 2),
        )
        of_it = select(Enrolment).where(Enrolment.student_id == new.id).order_by(Enrolment.id)
        first, second = db.session.scalars(of_it)
        assert (first.school_id, first.is_main, first.tutor, first.year_level, first.local_id) == (
            *(peopled.tawa.id, True, "9 Miro", 9),
            "79",
        )
        assert (second.school_id, second.is_main, second.from_on) == (peopled.puna.id, False, date(2026, 2, 3))
        numbers = select(Student.national_number).where(Student.id.in_([peopled.whanau.id, peopled.ng.id]))
        assert set(db.session.scalars(numbers)) == {"101", "102"}
        assert not students_found(peopled.kahu, "zqxwvia")


@pytest.mark.parametrize(
    ("file", "text", "why"),
    [
        ("manifest", FILES["manifest"].replace("version,1.2", "version,1.1"), "is no OneRoster 1.2 export"),
        ("manifest", FILES["manifest"].replace("users,bulk", "users,delta"), "users.csv must be there as a whole"),
        ("orgs", FILES["orgs"].replace("9001", "9999"), "9999 is the number of no school"),
        ("orgs", FILES["orgs"].replace("9001", ""), "has no “identifier”, its school number"),
        (
            "users",
            FILES["users"].replace("givenName,familyName", "first,last"),
            "users.csv lacks the column “givenName”",
        ),
        ("users", "\n", "users.csv: It is empty."),
        (
            "demographics",
            FILES["demographics"].replace("u3,,,2012-01-02,\n", ""),
            "has no date of birth of this student",
        ),
        ("demographics", FILES["demographics"].replace("2012-01-02", "soon"), "“birthDate” is no day like"),
        ("roles", FILES["roles"].replace("r3,,,u3", "r3,,,u9"), "“userSourcedId” is nobody of users.csv"),
    ],
)
def test_what_is_wrong_with_an_export_is_said_in_plain_words(
    app: Flask, bring: Bring, file: str, text: str, why: str
) -> None:
    done = bring("rolls", packed({**FILES, file: text}), "--keep", name="export.zip")
    assert done.exit_code == 1
    assert why in done.output
    assert "Zqxwv" not in done.output
    with app.app_context():
        assert db.session.scalars(select(Student).where(Student.national_number.is_not(None))).all() == []


def test_a_bomb_is_one_plain_message(bring: Bring) -> None:
    bomb = packed({**FILES, "users": b"a," * (40 * 1024**2)})
    assert len(bomb) < 200_000
    done = bring("rolls", bomb, "--keep", name="export.zip")
    assert done.exit_code == 1
    assert done.output.startswith("Error: users.csv: It is larger than 60 MB")
    assert done.output.count("\n") == 1


@given(data=st.data())
@tried(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
def test_however_a_file_is_broken_it_is_a_roll_or_one_plain_message(data: st.DataObject) -> None:
    whole = packed(FILES)
    at = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(
        st.one_of(
            st.just(whole[:at]),
            st.binary(max_size=8).map(lambda some: whole[:at] + some + whole[at + len(some) :]),
            st.binary(max_size=300),
            st.sampled_from(sorted(FILES)).flatmap(
                lambda name: st.text(max_size=80).map(lambda text: packed({**FILES, name: text}))
            ),
        )
    )
    with suppress(NotBrought):
        rolls_in(spool_of(other), "export.zip", Brought())


@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: f"number,name\n{text}".encode())))
@tried(deadline=None, max_examples=100)
def test_any_bytes_are_rows_or_one_plain_message(content: bytes) -> None:
    for columns in (SERVICES, ROLL):
        with suppress(NotBrought):
            assert isinstance(rows_of(spool_of(content), "file.csv", columns), list)


def test_the_examples_of_the_guide_can_be_brought_in(bring: Bring) -> None:
    examples = Path(__file__).parents[2] / "docs" / "examples"
    for kind, name, more in (
        ("schools", "schools", ()),
        ("rolls", "roll", ("--school", "9001")),
        ("cases", "cases", ()),
    ):
        done = bring(kind, (examples / f"{name}.csv").read_bytes(), *more, "--keep")
        assert done.output.startswith("Kept: "), done.output
