from datetime import date

import pytest

from app.core.text import nfc, words
from demo.invented import InventedStudent, comments_for, request_for, roll
from demo.invented_names import LEVELS
from demo.invented_words import COMMENTS

ON = date(2026, 11, 22)
SCHOOLS = list(LEVELS)


@pytest.mark.parametrize("school", SCHOOLS)
def test_rolls_are_the_same_every_time_and_only_grow(school: str) -> None:
    assert roll(school, 60, ON)[:20] == roll(school, 20, ON)


def test_students_the_journey_looks_for_are_on_the_roll() -> None:
    names = [student.legal_name for student in roll("9001", 4, ON)]
    assert names == ["Whānau Te Rangi-Smith", "Mei Ng", "Jin Wu", "Hēmi Waititi-Lafaele"]


def test_nobody_stands_twice_on_any_roll() -> None:
    everyone = [student for school in SCHOOLS for student in roll(school, 500, ON)]
    assert len({student.national_number for student in everyone}) == len(everyone)
    for school in SCHOOLS:
        called = [student.preferred_name or student.legal_name for student in roll(school, 500, ON)]
        assert len(set(called)) == len(called)


@pytest.mark.parametrize("school", SCHOOLS)
def test_students_are_as_old_as_their_year_level(school: str) -> None:
    for student in roll(school, 200, ON):
        assert student.year_level in LEVELS[school]
        assert ON.year - student.born_on.year == student.year_level + 5


def test_every_year_level_from_one_to_thirteen_is_there() -> None:
    levels = {student.year_level for school in SCHOOLS for student in roll(school, 100, ON)}
    assert levels == set(range(1, 14))


@pytest.mark.parametrize("school", SCHOOLS)
def test_numbers_and_addresses_reach_nobody(school: str) -> None:
    for student in roll(school, 200, ON):
        assert student.caregivers
        for caregiver in student.caregivers:
            assert caregiver.phone.startswith(("04 555 01", "027 555 01"))
            assert not caregiver.email or (caregiver.email.isascii() and caregiver.email.endswith(".example"))


@pytest.mark.parametrize("school", SCHOOLS)
def test_names_are_in_the_stored_form_and_can_be_found(school: str) -> None:
    for student in roll(school, 200, ON):
        assert student.legal_name == nfc(student.legal_name)
        assert set(words(student.preferred_name)) <= set(words(student.legal_name))


def test_requests_are_whole_and_the_same_every_time() -> None:
    for student in roll("9001", 100, ON):
        request = request_for(student)
        assert request == request_for(student)
        assert str(request.days_absent) in request.reason
        assert request.actions
        assert [ago for _, ago in request.actions] == sorted((ago for _, ago in request.actions), reverse=True)
        assert not any("{" in text for text in _texts(student))


def test_comments_about_one_student_differ_and_every_voice_and_audience_is_heard() -> None:
    mei = roll("9001", 2, ON)[1]
    comments = comments_for(mei, 99)
    assert len({comment.text for comment in comments}) == len(comments) == len(COMMENTS)
    assert {comment.voice for comment in comments} == {"school", "case_manager", "workflow_lead"}
    assert {comment.audience for comment in comments} == {"shared", "service", "restricted"}
    assert all(comment.audience == "shared" for comment in comments if comment.voice == "school")


def _texts(student: InventedStudent) -> list[str]:
    request = request_for(student)
    comments = [comment.text for comment in comments_for(student, 99)]
    return [request.reason, request.engagement, request.urgent_why, *(text for text, _ in request.actions), *comments]
