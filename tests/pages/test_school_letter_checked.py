"""A file that is a letter of a school is known to whoever works the case of its student, and to the school; and the record of such a
letter (L8), without scripts."""

import io
from hashlib import sha256
from html import unescape

import pytest
from sqlalchemy import select
from time_machine import Traveller

from app.cases.models import Case
from app.core.db import db
from app.core.files.stored import StoredFile
from app.letters.actions import void_letter
from app.letters.models import Letter
from app.students.models import Caregiver
from tests import make
from tests.letters import school
from tests.support.client import Client
from tests.support.databases import Database, Scene

MOST_OF_RECORD = 6
CHECK = "/workspace/letters/check"
PDF = b"%PDF-1.7"
"""What the file of a letter is here."""


class Told:
    """A letter that a school sent about a student who has a case with Ana."""

    def __init__(self) -> None:
        self.world = of = make.world()
        self.letter = school.sent(of.mere, of.ng, school.ready(of)).public_id
        asked = make.submitted(of.priya, of.ng, contact=of.tom)
        self.number = make.assigned(asked, to=of.ana, by=of.ruth).number


@pytest.fixture
def scene() -> Scene:
    return Told


def test_who_works_the_case_is_told_and_nobody_else(clock: Traveller, client: Client, database: Database) -> None:
    told: Told = database.made
    client.sign_in(told.world.ana.person_id)
    said = unescape(looks(client))
    assert "of the school to Wai Ling Ng" in said
    assert f"/workspace/cases/{told.number}/letters/school/{told.letter}/letter.pdf" in said
    for who in (told.world.david, told.world.lupe):
        client.sign_in(who.person_id)
        said = unescape(looks(client))
        assert "Not one of the letters that you may see" in said
        assert "Wai Ling" not in said


OURS = "/portal/letters/check"
NOT_OURS = "Not one of the letters that you may see"


def test_the_school_knows_its_own_letter(clock: Traveller, client: Client, database: Database) -> None:
    told: Told = database.made
    world = told.world
    here = f"/portal/students/{world.ng.public_id}/letters/{told.letter}"
    for who in (world.mere, world.priya, world.tom):
        client.sign_in(who.person_id)
        said = unescape(looks(client, at=OURS))
        assert "Unchanged: this is letter 1 about Grace Ng to Wai Ling Ng" in said
        assert f'href="{here}"' in said
        assert "Posted on" in said
        assert told.number not in said
    assert f'href="{OURS}"' in client.get(here).text


def test_of_others_a_school_learns_nothing(clock: Traveller, client: Client, database: Database) -> None:
    """Of a file that is changed, of another school's letter, of a service's, and of a student whom this person may not see: one
    answer, and as much work."""
    told: Told = database.made
    world, texts, counts = told.world, [], []
    client.outside(lambda: other_letters(told))
    for who, sent in (
        (world.mere, PDF + b"\n"),
        (world.mere, b"%PDF-1.7 of the service"),
        (world.mere, b"%PDF-1.7 of the other school"),
        (world.jin, PDF),
        (world.aroha, PDF),
    ):
        client.sign_in(who.person_id)
        shown = unescape(looks(client, sent, at=OURS))
        counts.append(client.statements.count)
        texts.append(shown[shown.index(NOT_OURS) : shown.index('<form method="post" action="/portal/letters')])
        for secret in ("Grace", "Wai Ling", told.letter, "Unchanged", "Zqxwv"):
            assert secret not in shown
    assert len(set(texts)) == 1
    assert len(set(counts)) == 1


def other_letters(told: Told) -> None:
    """One of the service about the same student, and one of another school; each with a file of its own."""
    world = told.world
    case = db.session.scalars(select(Case).where(Case.number == told.number)).one()
    of_service = make.letter_made(world.ana, case, make.letter_ready(world, case))
    pupil = make.student("Zqxwv Tāne", world.puna)
    make.letterhead(world.puna, by=world.jin)
    school.absent(world.jin, pupil, 10)
    of_school = school.made(world.jin, pupil, school.caregiver(world.jin, pupil, "Zqxwv Pere"))
    for letter, content in ((of_service, b" of the service"), (of_school, b" of the other school")):
        file = db.session.get_one(StoredFile, letter.file_id)
        file.kept_sha256 = sha256(PDF + content).hexdigest()


def test_a_void_letter_says_so_and_a_preview_is_none(clock: Traveller, client: Client, database: Database) -> None:
    told: Told = database.made
    world = told.world

    def void_and_preview() -> str:
        letter = db.session.scalars(select(Letter).where(Letter.public_id == told.letter)).one()
        void_letter(school.now(world.mere, world.ng, letter), "Zqxwv wrong address", by=world.mere)
        to = db.session.get_one(Caregiver, letter.caregiver_id)
        return school.preview(world.mere, world.ng, to).public_id

    preview = client.outside(void_and_preview)
    client.sign_in(world.mere.person_id)
    said = unescape(looks(client, at=OURS))
    assert "Void since" in said
    assert "Zqxwv wrong address" in said
    assert client.get(f"/portal/students/{world.ng.public_id}/letters/{preview}/record").status_code == 404


def test_the_record_says_everything_that_was_done_and_known(
    clock: Traveller, client: Client, database: Database
) -> None:
    told: Told = database.made
    here = f"/portal/students/{told.world.ng.public_id}/letters/{told.letter}"
    client.sign_in(told.world.mere.person_id)
    page = client.get(f"{here}/record")
    assert client.statements.count <= MOST_OF_RECORD, client.statements.count
    said = unescape(page.text)
    digest = client.outside(lambda: db.session.scalars(select(StoredFile.kept_sha256)).all())
    for words in (
        *("Record of letter 1 to Wai Ling Ng", "Tawa Awa College", "Grace Ng", "Asked for", "Made", "Posted on"),
        *("WeasyPrint 70.0", "Our register", "Waharoa’s ladder, term 1 of 2026", "In English;", "For our school only"),
        *("Enrolment form", "Signed by", "Attendance lead"),
    ):
        assert words in said, words
    assert any(each in said for each in digest)
    assert told.number not in said
    assert f'href="{here}/record"' in client.get(here).text


def test_a_file_that_is_missing_is_said(clock: Traveller, client: Client, database: Database) -> None:
    told: Told = database.made
    client.sign_in(told.world.mere.person_id)
    assert "Choose a file first" in client.fill(client.get(OURS), "Look").text


def looks(client: Client, content: bytes = PDF, *, at: str = CHECK) -> str:
    answer = client.fill(client.get(at), "Look", file=(io.BytesIO(content), "letter.pdf"))
    assert answer.status_code == 200
    return answer.text
