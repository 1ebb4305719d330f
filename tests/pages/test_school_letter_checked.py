"""A file that is a letter of a school is known to whoever works the case of its student (L8), without scripts."""

import io
from html import unescape

import pytest
from time_machine import Traveller

from tests import make
from tests.letters import school
from tests.support.client import Client
from tests.support.databases import Database, Scene

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


def looks(client: Client) -> str:
    answer = client.fill(client.get(CHECK), "Look", file=(io.BytesIO(PDF), "letter.pdf"))
    assert answer.status_code == 200
    return answer.text
