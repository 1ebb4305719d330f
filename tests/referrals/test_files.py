"""Files of a request: put with the draft, taken off it, brought along to the case; two at once keep the limit."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.cases.files import queries as case_files
from app.cases.timeline import timeline_for
from app.core.db import begin_write, db
from app.core.errors import Conflict, Refused
from app.core.files.stored import StoredFile
from app.referrals.actions import submit
from app.referrals.files.actions import attach, take_off
from app.referrals.files.queries import draft_file_for, file_for, files_of
from app.referrals.models import ReferralFile
from app.referrals.queries import Request
from tests import make
from tests.support.figures import MOST_FILES


def names(request: Request) -> list[str]:
    return [file.name for file in files_of([request.referral.id]).get(request.referral.id, [])]


def test_a_draft_and_its_files_are_for_whoever_may_see_it(world: make.World) -> None:
    request = make.draft(world.priya, world.whanau, primary_contact=world.tom.public_id)
    (file,) = make.request_with(world.priya, request, "letter.txt")
    seen = {key for key, who in world.people.items() if file_for(who, request.referral.public_id, file)}
    assert seen == {"priya", "mere", "tom"}
    assert {key for key, who in world.people.items() if draft_file_for(who, request.referral.public_id, file)} == seen


def test_a_file_of_another_request_does_not_exist_on_this_one(world: make.World) -> None:
    request, another = make.draft(world.priya, world.whanau), make.draft(world.priya, world.ng)
    (file,) = make.request_with(world.priya, request, "letter.txt")
    assert file_for(world.priya, another.referral.public_id, file) is None
    assert take_off(another.referral, file, by=world.priya) == ""
    assert names(request) == ["letter.txt"]


def test_a_file_taken_off_a_draft_is_gone(world: make.World) -> None:
    request = make.draft(world.priya, world.whanau)
    first, _ = make.request_with(world.priya, request, "a.txt", "b.txt")
    assert take_off(request.referral, first, by=world.mere) == "a.txt"
    assert names(request) == ["b.txt"]
    assert request.referral.changed_by_id == world.mere.person_id
    assert db.session.scalars(select(StoredFile.name)).all() == ["b.txt"]


def test_sent_a_request_brings_its_files_to_the_case(world: make.World) -> None:
    request = make.filled(world.priya, world.whanau, contact=world.tom)
    (file,) = make.request_with(world.priya, request, "letter.txt")
    with pytest.raises(Conflict):
        submit(request, version=request.version, by=world.priya)
    case = submit(request, version=request.version, files=[file], by=world.priya)
    make.assigned(case, to=world.ana, by=world.ruth)
    opened = {key for key, who in world.people.items() if case_files.file_for(who, case.number, file)}
    assert opened == {"priya", "mere", "tom", "ruth", "ana"}
    on_timeline = case_files.files_on(world.ana, timeline_for(world.ana, case.id))
    assert [[each.name for each in files] for files in on_timeline.values()] == [["letter.txt"]]


def test_before_it_is_sent_a_file_is_on_no_case(world: make.World) -> None:
    case = make.open_case(world)
    request = make.draft(world.priya, world.whanau)
    (file,) = make.request_with(world.priya, request, "letter.txt")
    assert not [key for key, who in world.people.items() if case_files.file_for(who, case.number, file)]


def test_a_second_request_brings_its_own_files(world: make.World) -> None:
    first = make.filled(world.priya, world.whanau, contact=world.tom)
    seen = make.request_with(world.priya, first, "first.txt")
    case = submit(first, version=first.version, files=seen, by=world.priya)
    second = make.filled(world.priya, world.whanau, contact=world.tom)
    seen = make.request_with(world.priya, second, "second.txt")
    assert submit(second, version=second.version, files=seen, by=world.priya).id == case.id
    assert [file.name for file in case_files.files_for(world.mere, case.id)] == ["second.txt", "first.txt"]
    assert (names(first), names(second)) == (["first.txt"], ["second.txt"])


def test_what_is_sent_is_not_changed_any_more(world: make.World) -> None:
    request = make.filled(world.priya, world.whanau, contact=world.tom)
    (file,) = make.request_with(world.priya, request, "letter.txt")
    submit(request, version=request.version, files=[file], by=world.priya)
    with pytest.raises(Conflict):
        take_off(request.referral, file, by=world.priya)
    late = make.arrived("late.txt")
    with pytest.raises(Conflict):
        attach(request.referral, late, by=world.priya)


def test_there_are_twenty_files_at_most(world: make.World) -> None:
    request = make.draft(world.priya, world.whanau)
    make.request_with(world.priya, request, *[f"{number}.txt" for number in range(MOST_FILES)])
    more = make.arrived("one more.txt")
    with pytest.raises(Refused, match="20 files"):
        attach(request.referral, more, by=world.priya)


def test_two_at_once_keep_the_limit(app: Flask, own_world: make.World) -> None:
    request = make.draft(own_world.priya, own_world.whanau)
    make.request_with(own_world.priya, request, *[f"{number}.txt" for number in range(MOST_FILES - 1)])
    public_id = request.referral.public_id
    db.session.commit()
    both = Barrier(2)

    def add(name: str) -> bool:
        with app.app_context():
            arrived = make.arrived(name)
            both.wait()
            begin_write()
            try:
                attach(make.request_now(own_world.priya, public_id).referral, arrived, by=own_world.priya)
            except Refused:
                return False
            db.session.commit()
            return True

    assert sorted(at_once(add, "a.txt", "b.txt")) == [False, True]
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(ReferralFile)) == MOST_FILES


def at_once(work: Callable[[str], bool], *names: str) -> list[bool]:
    with ThreadPoolExecutor(len(names)) as pool:
        return list(pool.map(work, names))
