"""Nothing of another caregiver, and nothing that the service notes for itself, is in a letter (LET-3)."""

import pikepdf
import pytest

from app.core import clock
from app.letters.dossiers import addressee_for
from app.letters.facts import Facts
from app.letters.gathering import gathered
from app.letters.readiness import readiness
from app.students.models import Caregiver
from tests import make
from tests.letters.conftest import Printed
from tests.letters.samples import DAY, Paper

OWN_NOTES = (
    *("contact_note", "relationship", "phone", "email", "language"),
    *("address_source", "phone_source", "email_source"),
)
TOLD = ("name", "address", *OWN_NOTES)


def marks(whom: str) -> dict[str, str]:
    """A mark in every field of a caregiver that holds a text."""
    return {field: f"zqxwv{whom}{field.replace('_', '')}" for field in TOLD}


@pytest.fixture
def to_one_of_two(world: make.World) -> Facts:
    case = make.open_case(world)
    make.letter_ready(world, case)
    make.caregiver(case, world.priya, **marks("other"), lives_with_student=True)
    addressee = make.caregiver(case, world.priya, **marks("addressee"))
    make.hold(world.ana, case, why="zqxwvotherhold").ended_at = clock.now()
    found = addressee_for(world.ana, case.number, addressee.public_id)
    assert found
    ready = readiness(found.dossier, clock.today())
    assert ready.is_ready, ready.points
    return gathered(found.dossier, DAY)


def everything(paper: Paper) -> str:
    """What anybody finds in the file: its text, what is read aloud, its properties, and every object of it unpacked."""
    unpacked = [
        each.read_bytes().decode("latin-1") if isinstance(each, pikepdf.Stream) else repr(each)
        for each in paper.pdf.objects
    ]
    return "\n".join([paper.text, paper.read_aloud(), repr(paper.pdf.docinfo), *unpacked])


def test_every_text_that_a_caregiver_has_is_marked() -> None:
    texts = {column.name for column in Caregiver.__table__.columns if column.type.python_type is str}
    of_few_words = {"address_state", "phone_state", "email_state", "letters_by"}
    assert texts - {"public_id", *of_few_words} == set(TOLD)


def test_a_letter_has_nothing_of_another_caregiver(to_one_of_two: Facts, printed: Printed) -> None:
    found = everything(printed(to_one_of_two)) + to_one_of_two.frozen()
    assert "zqxwvaddresseename" in found
    assert "zqxwvaddresseeaddress" in found
    assert "zqxwvother" not in found


def test_a_letter_has_nothing_of_what_is_noted_about_its_caregiver(to_one_of_two: Facts, printed: Printed) -> None:
    found = everything(printed(to_one_of_two))
    for field in OWN_NOTES:
        assert marks("addressee")[field] not in found
