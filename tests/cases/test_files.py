"""Files of a case: whoever may read what they hang on sees and opens them, and nobody else; notes not sent yet."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.cases.comments.actions import add_comment, change_audience, retract, undo
from app.cases.entries import Audience, Unsent, UnsentFile
from app.cases.files.queries import file_for, files_for, files_on
from app.cases.models import Case
from app.cases.policy import visible
from app.cases.timeline import A_LEAD
from app.cases.unsent import actions as unsent
from app.cases.unsent.queries import unsent_for
from app.cases.unsent.rules import Window, opened
from app.core import clock, once
from app.core.db import begin_write, db
from app.core.errors import Refused
from app.core.files.stored import StoredFile
from app.people.queries import Actor
from tests import make
from tests.support.figures import MOST_FILES

WINDOW, THE_FORM = Window("one"), Window("the form's", turn=1, key="the form's")
READERS = {
    Audience.SHARED: {"ana", "ruth", "mere", "priya", "tom"},
    Audience.SERVICE: {"ana", "ruth"},
    Audience.RESTRICTED: {"ana", "ruth"},
}


def opens(who: Actor, case: Case, file: str) -> bool:
    return file_for(who, case.number, file) is not None


def listed(who: Actor, case: Case) -> list[str]:
    """The names in the list of all files, for whoever may see the case."""
    is_seen = db.session.scalar(select(Case.id).where(Case.id == case.id, visible(who)))
    return [file.name for file in files_for(who, case.id)] if is_seen else []


@pytest.mark.parametrize("audience", Audience)
def test_a_file_is_for_whoever_may_read_its_note(world: make.World, audience: Audience) -> None:
    case = make.open_case(world)
    entry = make.note_with(world.ana, case, audience, "plan.txt")
    (file,) = make.files_of_entry(world.ana, entry)
    assert {key for key, who in world.people.items() if opens(who, case, file)} == READERS[audience]
    assert {key for key, who in world.people.items() if "plan.txt" in listed(who, case)} == READERS[audience]


def test_what_a_school_adds_is_shared(world: make.World) -> None:
    case = make.open_case(world)
    entry = make.note_with(world.tom, case, Audience.SHARED, "timetable.txt")
    (file,) = make.files_of_entry(world.tom, entry)
    assert opens(world.ana, case, file)
    assert opens(world.mere, case, file)


def test_with_the_setting_a_restricted_file_is_not_even_named(world: make.World) -> None:
    case = make.open_case(world)
    service = make.note_with(world.ana, case, Audience.SERVICE, "service.txt")
    restricted = make.note_with(world.ana, case, Audience.RESTRICTED, "restricted.txt")
    david = make.seeing_service_cases(world.david)
    assert listed(david, case) == ["service.txt"]
    assert list(files_on(david, as_rows(service, restricted))) == [service.id]
    assert not opens(david, case, make.files_of_entry(world.ana, restricted)[0])


def test_the_school_view_names_only_files_of_open_shared_notes(world: make.World) -> None:
    case = make.open_case(world)
    shared, waiting = (
        make.note_with(world.ana, case, Audience.SHARED, "a.txt", waits=waits) for waits in (False, True)
    )
    service = make.note_with(world.ana, case, Audience.SERVICE, "b.txt")
    assert list(files_on(A_LEAD, as_rows(shared, waiting, service))) == [shared.id]


def test_a_file_opens_to_others_when_its_note_does(world: make.World) -> None:
    case = make.open_case(world)
    (file,) = make.files_of_entry(world.ana, make.note_with(world.ana, case, Audience.SHARED, "a.txt", waits=True))
    assert opens(world.ruth, case, file)
    assert not opens(world.mere, case, file)
    assert listed(world.mere, case) == []


def test_narrowed_a_note_takes_its_files_along(world: make.World) -> None:
    case = make.open_case(world)
    entry = make.note_with(world.ana, case, Audience.SHARED, "a.txt")
    (file,) = make.files_of_entry(world.ana, entry)
    change_audience(make.head(world.ana, case), entry, Audience.SERVICE, by=world.ana)
    assert not opens(world.mere, case, file)
    assert opens(world.ruth, case, file)


def test_retracted_a_note_has_no_files_for_anybody(world: make.World) -> None:
    case = make.open_case(world)
    entry = make.note_with(world.ana, case, Audience.SHARED, "a.txt")
    (file,) = make.files_of_entry(world.ana, entry)
    retract(make.head(world.ana, case), entry, by=world.ana)
    assert not [key for key, who in world.people.items() if opens(who, case, file) or listed(who, case)]


def test_undone_a_note_gives_text_and_files_back_to_its_writer(world: make.World) -> None:
    case = make.open_case(world)
    entry = make.note_with(world.ana, case, Audience.SHARED, "a.txt", body="Too soon", waits=True)
    (file,) = make.files_of_entry(world.ana, entry)
    undo(make.head(world.ana, case), entry, by=world.ana)
    note = unsent_for(world.ana, case.id)
    assert (note.body, [each.public_id for each in note.files]) == ("Too soon", [file])
    assert opens(world.ana, case, file)
    assert not opens(world.ruth, case, file)


def test_a_file_of_another_case_does_not_exist_on_this_one(world: make.World) -> None:
    case = make.open_case(world)
    another = make.assigned(make.submitted(world.priya, world.ng, contact=world.tom), to=world.ana, by=world.ruth)
    (file,) = make.files_of_entry(world.ana, make.note_with(world.ana, case, Audience.SHARED, "a.txt"))
    assert opens(world.ana, case, file)
    assert not opens(world.ana, another, file)
    assert listed(world.ana, another) == []


def test_whoever_loses_the_student_loses_the_files(world: make.World) -> None:
    case = make.open_case(world)
    (file,) = make.files_of_entry(world.ana, make.note_with(world.ana, case, Audience.SHARED, "a.txt"))
    (own,) = make.unsent_with(world.mere, case, "mine.txt")
    make.left(world.whanau, world.tawa)
    assert not opens(world.mere, case, file)
    assert not opens(world.mere, case, own)


def test_all_files_are_listed_newest_first_by_pages(world: make.World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cases.files.queries.PAGE", 2)
    case = make.open_case(world)
    for name in ("1.txt", "2.txt", "3.txt", "4.txt"):
        make.note_with(world.ana, case, Audience.SHARED, name)
    first = files_for(world.mere, case.id)
    assert [file.name for file in first] == ["4.txt", "3.txt", "2.txt"]
    second = files_for(world.mere, case.id, before=first[1].public_id)
    assert [file.name for file in second] == ["2.txt", "1.txt"]


def test_after_a_file_one_may_not_read_comes_nothing(world: make.World) -> None:
    case = make.open_case(world)
    make.note_with(world.ana, case, Audience.SHARED, "a.txt")
    (hidden,) = make.files_of_entry(world.ana, make.note_with(world.ana, case, Audience.SERVICE, "b.txt"))
    assert files_for(world.mere, case.id, before=hidden) == []


# A note that is not sent yet


def test_a_note_being_written_is_its_writers_alone(world: make.World) -> None:
    case = make.open_case(world)
    head = make.head(world.ana, case)
    (file,) = make.unsent_with(world.ana, case, "draft.txt", body="Half a thought")
    assert unsent_for(world.ana, case.id).body == "Half a thought"
    assert {key for key, who in world.people.items() if opens(who, case, file)} == {"ana"}
    assert not [key for key, who in world.people.items() if key != "ana" and unsent_for(who, case.id).body]
    assert not [key for key, who in world.people.items() if key != "ana" and unsent.take_off(head, file, by=who)]
    assert listed(world.ana, case) == []


def test_in_another_role_elsewhere_the_writer_does_not_see_it(world: make.World) -> None:
    case = make.open_case(world)
    make.unsent_with(world.ana, case, body="Half a thought")
    elsewhere = make.actor(world.ana, world.wiremu.role, world.maunga)
    assert unsent_for(elsewhere, case.id).body == ""


def test_sent_a_note_takes_its_files_and_leaves_nothing(world: make.World) -> None:
    case = make.open_case(world)
    files = make.unsent_with(world.ana, case, "a.txt", "b.txt", body="Here")
    entry = sent(world.ana, case, files)
    assert make.files_of_entry(world.ana, entry) == files
    assert rows(Unsent, UnsentFile) == [0, 0]


def test_a_file_of_another_window_stays_behind(world: make.World) -> None:
    case = make.open_case(world)
    shown, other = make.unsent_with(world.ana, case, "a.txt", "b.txt", body="Here")
    entry = sent(world.ana, case, [shown])
    note = unsent_for(world.ana, case.id)
    assert make.files_of_entry(world.ana, entry) == [shown]
    assert (note.body, [each.public_id for each in note.files]) == ("", [other])


def test_a_file_that_is_gone_is_not_left_out_silently(world: make.World) -> None:
    case = make.open_case(world)
    (file,) = make.unsent_with(world.ana, case, "a.txt", body="Here")
    unsent.take_off(make.head(world.ana, case), file, by=world.ana)
    with pytest.raises(Refused):
        sent(world.ana, case, [file])


def test_nobody_sends_a_file_of_somebody_elses_note(world: make.World) -> None:
    case = make.open_case(world)
    (file,) = make.unsent_with(world.ana, case, "a.txt")
    with pytest.raises(Refused):
        sent(world.ruth, case, [file])
    assert unsent.take_off(make.head(world.ruth, case), file, by=world.ruth) == ""
    assert unsent_for(world.ana, case.id).files


def test_an_emptied_note_is_forgotten_but_not_its_files(world: make.World) -> None:
    case = make.open_case(world)
    head = make.head(world.ana, case)
    unsent.save(head, "Something", window=WINDOW, by=world.ana)
    unsent.save(head, "  \n", window=WINDOW, by=world.ana)
    assert unsent_for(world.ana, case.id).body == ""
    make.unsent_with(world.ana, case, "a.txt", body="Something")
    unsent.save(head, "", window=adopting(world.ana, case), by=world.ana)
    assert [file.name for file in unsent_for(world.ana, case.id).files] == ["a.txt"]


def test_a_save_that_comes_after_sending_does_not_bring_the_text_back(world: make.World) -> None:
    case = make.open_case(world)
    head = make.head(world.ana, case)
    assert unsent.save(head, "Half a tho", window=THE_FORM, by=world.ana)
    once.claim("the form's", person_id=world.ana.person_id, content="x")
    sent(world.ana, case, [])
    assert not unsent.save(head, "Half a thought", window=THE_FORM, by=world.ana)
    assert rows(Unsent) == [0]
    assert unsent.save(head, "The next one", window=Window("the next", key="the next form's"), by=world.ana)


def test_two_windows_keep_what_is_typed_in_each(world: make.World) -> None:
    case = make.open_case(world)
    head = make.head(world.ana, case)
    for window, body in ((WINDOW, "A long note in window one"), (THE_FORM, "x")):
        unsent.save(head, body, window=window, by=world.ana)
    assert unsent_for(world.ana, case.id).body == "A long note in window one\n\nx"
    sent(world.ana, case, [], window=THE_FORM)
    assert unsent_for(world.ana, case.id).body == "A long note in window one"


def test_a_window_takes_over_what_it_showed_unless_it_was_changed_since(world: make.World) -> None:
    case = make.open_case(world)
    head = make.head(world.ana, case)
    unsent.save(head, "One", window=WINDOW, by=world.ana)
    second, third = adopting(world.ana, case), adopting(world.ana, case)
    unsent.save(head, "One, and two", window=second, by=world.ana)
    assert unsent_for(world.ana, case.id).body == "One, and two"
    unsent.save(head, "One goes on", window=replace(WINDOW, turn=1), by=world.ana)
    unsent.save(head, "One, and two, and more", window=replace(second, turn=1), by=world.ana)
    assert unsent_for(world.ana, case.id).body == "One goes on\n\nOne, and two, and more"
    sent(world.ana, case, [], window=third)
    assert unsent_for(world.ana, case.id).body == "One goes on\n\nOne, and two, and more"
    sent(world.ana, case, [])
    assert rows(Unsent) == [0]


def test_a_save_that_was_overtaken_changes_nothing(world: make.World) -> None:
    case = make.open_case(world)
    head = make.head(world.ana, case)
    for turn, body in ((2, "newer and longer"), (1, "newer")):
        assert unsent.save(head, body, window=Window("one", turn=turn), by=world.ana)
    assert unsent_for(world.ana, case.id).body == "newer and longer"
    for turn, body in ((4, ""), (3, "newest")):
        unsent.save(head, body, window=Window("one", turn=turn), by=world.ana)
    assert unsent_for(world.ana, case.id).body == ""


def test_nobody_clears_what_somebody_else_writes(world: make.World) -> None:
    case = make.open_case(world)
    make.unsent_with(world.ana, case, body="Ana's")
    hers = Window("guessed", unsent_for(world.ana, case.id).versions)
    unsent.save(make.head(world.ruth, case), "Ruth's", window=hers, by=world.ruth)
    sent(world.ruth, case, [], window=hers)
    assert unsent_for(world.ana, case.id).body == "Ana's"


def test_what_is_gone_on_with_keeps_its_files(own_world: make.World) -> None:
    case = make.open_case(own_world)
    make.unsent_with(own_world.ana, case, "old.txt", body="Old")
    db.session.commit()
    with time_machine.travel(clock.now() + timedelta(days=6)):
        make.unsent_with(own_world.ana, case, body="New")
        db.session.commit()
    with time_machine.travel(clock.now() + timedelta(days=8)):
        unsent.forget_old()
    note = unsent_for(own_world.ana, case.id)
    assert (note.body, [each.name for each in note.files]) == ("Old\n\nNew", ["old.txt"])


def test_a_save_uses_up_no_key(world: make.World) -> None:
    case = make.open_case(world)
    unsent.save(make.head(world.ana, case), "Half", window=THE_FORM, by=world.ana)
    assert once.claim("the form's", person_id=world.ana.person_id, content="x") is None


def test_there_are_twenty_files_at_most(world: make.World) -> None:
    case = make.open_case(world)
    files = make.unsent_with(world.ana, case, *[f"{number}.txt" for number in range(MOST_FILES)])
    head = make.head(world.ana, case)
    with pytest.raises(Refused, match="20 files"):
        unsent.attach(head, make.arrived("one more.txt"), by=world.ana)
    more = make.arrived("one more.txt")
    with pytest.raises(Refused, match="20 files"):
        add_comment(head, by=world.ana, body="", audience=Audience.SERVICE, files=files, arrived=more)


def test_a_file_taken_off_is_gone(world: make.World) -> None:
    case = make.open_case(world)
    (file,) = make.unsent_with(world.ana, case, "a.txt")
    assert unsent.take_off(make.head(world.ana, case), file, by=world.ana) == "a.txt"
    assert not opens(world.ana, case, file)
    assert rows(Unsent, UnsentFile, StoredFile) == [0, 0, 0]


def test_what_nobody_went_on_with_for_a_week_is_forgotten(own_world: make.World) -> None:
    case = make.open_case(own_world)
    make.unsent_with(own_world.ana, case, "old.txt", body="Old")
    db.session.commit()
    with time_machine.travel(clock.now() + timedelta(days=6)):
        make.unsent_with(own_world.tom, case, "new.txt", body="New")
        db.session.commit()
    with time_machine.travel(clock.now() + timedelta(days=8)):
        unsent.forget_old()
    assert unsent_for(own_world.ana, case.id).body == ""
    assert unsent_for(own_world.tom, case.id).body == "New"
    assert db.session.scalars(select(StoredFile.name)).all() == ["new.txt"]


def sent(by: Actor, case: Case, files: Sequence[str], *, window: Window | None = None) -> Any:
    """From a window that shows what is there."""
    window = window or adopting(by, case)
    return add_comment(make.head(by, case), by=by, body="Sent", audience=Audience.SERVICE, files=files, window=window)


def adopting(by: Actor, case: Case) -> Window:
    return opened(unsent_for(by, case.id).versions)


def rows(*tables: Any) -> list[int]:
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def as_rows(*entries: Any) -> Any:
    """Entries stand in for the rows of a timeline: only their ids are asked."""
    return entries


def test_a_save_waits_for_the_note_that_is_being_sent(app: Flask, own_world: make.World) -> None:
    """Whichever comes first: afterwards nothing of what was sent stands there as not sent."""
    case = make.open_case(own_world)
    db.session.commit()
    db.session.refresh(case)  # else both threads would load it, by the session of neither
    both, ana = Barrier(2), own_world.ana

    def send() -> None:
        with app.app_context():
            both.wait()
            begin_write()
            once.claim("the form's", person_id=ana.person_id, content="x")
            sent(ana, case, [], window=THE_FORM)
            db.session.commit()

    def save() -> None:
        with app.app_context():
            both.wait()
            begin_write()
            unsent.save(make.head(ana, case), "Half a thought", window=THE_FORM, by=ana)
            db.session.commit()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(send), pool.submit(save)]:
            done.result()
    assert rows(Unsent) == [0]
