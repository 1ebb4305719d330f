"""Search finds what one would find by reading every name: the same cases, in the same order."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.cases.models import Case, Status
from app.cases.policy import visible
from app.cases.search.queries import MOST, cases_found
from app.cases.search.rules import MOST_WORDS, sought
from app.core.db import db
from app.core.text import index_words, words
from app.people.queries import Actor
from app.students.models import Student
from tests import make

NAMES = (
    ("Hēmi Whānau", ""),
    ("Hemi Wu", "Hēmi"),
    ("Whaanga Hemi", "Wha"),
    ("Alexandra Fa‘asavalu", "Lexi"),
    ("Grace Ng", ""),
    ("Ngaire Adams", ""),
    ("Ng Ngata-Ng", "Nga"),
    ("Mia O’Brien", "Mi"),
    ("Te Ariki Te Rangi-Smith", "Te"),
)
PIECES = sorted(
    {word[:size] for names in NAMES for name in names for word in index_words(name) for size in (1, 2, 3, 9)}
)
TYPED = st.lists(st.sampled_from([*PIECES, "zz", "Ngā", "WHĀNAU", "-"]) | st.text(max_size=3), max_size=MOST_WORDS).map(
    " ".join
)


@pytest.fixture
def cases(world: make.World) -> make.World:
    """Every second student has a closed case too."""
    for number, (legal, preferred) in enumerate(NAMES):
        pupil = make.student(legal, world.tawa, preferred=preferred)
        case = make.submitted(world.priya, pupil, contact=world.tom if number % 3 else world.aroha)
        if number % 2:
            make.closed(case, by=world.ruth)
            another = make.submitted(world.priya, make.student(legal, world.tawa), contact=world.tom)
            another.student_id = pupil.id
    db.session.flush()
    return world


def read_through(actor: Actor, text: str) -> list[str]:
    """The rule, said in Python."""
    typed = words(text)
    if not typed:
        return []
    longest = max(typed, key=lambda word: (len(word), -typed.index(word)))
    found = []
    everybody = select(Case, Student).join(Student, Student.id == Case.student_id).where(visible(actor))
    for case, student in db.session.execute(everybody, {"me": actor.person_id, "here": actor.organisation_id}):
        own = {*index_words(student.legal_name), *index_words(student.preferred_name)}
        if all(any(word.startswith(each) for word in own) for each in typed):
            first = min(word for word in own if word.startswith(longest))
            found.append((first, student.sort_key, student.id, case.status is Status.CLOSED, -case.id, case.number))
    return [number for *_, number in sorted(found)][:MOST]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TYPED)
def test_what_is_found_is_what_reading_every_name_finds(cases: make.World, text: str) -> None:
    for who in (cases.ruth, cases.mere, cases.tom):
        assert [row.number for row in cases_found(who, sought(text)).cases] == read_through(who, text)
