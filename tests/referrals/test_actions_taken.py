"""A school's own list of what it has done: days as people write them, columns by name, rows of other students left alone (R9)."""

from datetime import date

import pytest

from app.core.errors import Conflict, Refused
from app.core.files.tables import read_text
from app.referrals.actions_taken.actions import add_steps
from app.referrals.actions_taken.columns import Column, apart, chosen, columns_of
from app.referrals.actions_taken.rules import (
    NO_WHAT,
    NO_WHEN,
    THERE_ALREADY,
    Reading,
    read,
    room_in,
)
from app.referrals.actions_taken.whose import Whose, whose
from app.referrals.days import (
    A_NUMBER,
    NO_SUCH_DAY,
    STILL_TO_COME,
    as_written,
    day_in,
    fault_of_when,
    is_dated,
)
from app.referrals.drafts.actions import discard
from app.referrals.queries import kept_request_for
from app.referrals.questions import ACTIONS
from tests import make

TODAY = date(2026, 6, 10)
WHAT, WHEN, WHO, NOTE, STUDENT, NOTHING = Column
HEMI = ("Hēmi Rāwiri Whānau", "Hemi")


def test_days_are_read_with_the_day_first() -> None:
    third_of_february = [
        "3/2/26",
        "03/02/2026",
        "3.2.26",
        "3-2-2026",
        "2026-02-03",
        "3 Feb",
        "3rd February",
        "Feb 3",
    ]
    third_of_february += [
        "Tue 3 Feb 2026",
        "Tuesday, 3 Feb.",
        "3-Feb-26",
        "2026-02-03 09:15:00",
        "3/2/26 9:15 am",
        "3/2",
    ]
    assert {text: day_in(text, today=TODAY) for text in third_of_february} == dict.fromkeys(
        third_of_february, date(2026, 2, 3)
    )
    assert day_in("3 Dec", today=TODAY) == date(2025, 12, 3)
    assert day_in("29 Feb", today=TODAY) is None
    about = [
        "last week",
        "week of 2 March",
        "Term 1",
        "3 Feb - 5 Feb",
        "3 times",
        "May",
        "",
        "31/2/26",
        "2/13/26",
        "3 Fax",
    ]
    assert [text for text in about if day_in(text, today=TODAY)] == []
    assert as_written("3/2/26", today=TODAY) == "3 February 2026"
    assert as_written("last week", today=TODAY) == "last week"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("2/13/26", NO_SUCH_DAY),
        ("31-2-2026", NO_SUCH_DAY),
        ("31/9", NO_SUCH_DAY),
        ("1/1/20266", NO_SUCH_DAY),
        ("29 February 2025", NO_SUCH_DAY),
        ("Sat 31 Sept", NO_SUCH_DAY),
        ("Feb 30, 2026", NO_SUCH_DAY),
        ("29 February 2024", ""),
        ("tomorrow", STILL_TO_COME),
        ("Next week", STILL_TO_COME),
        ("3 weeks", ""),
        ("the week 31", ""),
        ("11/6/26", STILL_TO_COME),
        ("10/6/26", ""),
        ("last week", ""),
        ("Term 1, week 3", ""),
        ("46055", A_NUMBER),
        ("46055.375", A_NUMBER),
        ("460551", A_NUMBER),
        ("2025", ""),
    ],
)
def test_a_day_that_cannot_be_is_a_fault_and_words_are_none(text: str, fault: str) -> None:
    assert fault_of_when(text, today=TODAY) == fault


@pytest.mark.parametrize(
    ("text", "kinds", "is_sure"),
    [
        ("Date\tAction\tStaff\tComment", [WHEN, WHAT, WHO, NOTE], True),
        (
            "Date of response;Response;Entered by;Response notes",
            [WHEN, WHAT, WHO, NOTE],
            True,
        ),
        ("Ākonga,Event type,When?,Room", [STUDENT, WHAT, WHEN, NOTHING], True),
        ("Date,Date entered,Action", [WHEN, WHEN, WHAT], False),
        ("Name,Date,Action\nGrace Ng,3/2/26,Rang", [STUDENT, WHEN, WHAT], True),
        ("First name,Last name,NSN,Date,Action", [STUDENT, STUDENT, STUDENT, WHEN, WHAT], True),
        ("Legal name,Preferred name,Date,Action,Staff name", [STUDENT, STUDENT, WHEN, WHAT, WHO], True),
        ("Whom,Date,Action\nGrace Ng,3/2/26,Rang", [NOTHING, WHEN, WHAT], False),
        ("Code,Date,Action\n1234,3/2/26,Rang\n1235,3/2/26,Rang", [NOTHING, WHEN, WHAT], False),
        ("Mood,Date,Action\nso so,3/2/26,Rang\ngood,3/2/26,Rang", [NOTHING, WHEN, WHAT], True),
        ("Action,Period", [WHAT, NOTHING], False),
        ("3/2/26\tRang home, nobody there\n4/2/26\tWrote", [WHEN, WHAT], True),
        (
            "3/2/26\tRang home, nobody there\tAN\n4/2/26\tWrote\tPN",
            [WHEN, WHAT, NOTE],
            False,
        ),
        ("Rang home\nWrote", [WHAT], False),
        ("Opened,Closed,Mahi\n3/2/26,4/2/26,Rang home", [WHEN, WHEN, WHAT], False),
        ("Opened,Action\n3/2/26,Rang home", [WHEN, WHAT], False),
    ],
)
def test_columns_are_known_by_name_or_by_what_stands_in_them(text: str, kinds: list[Column], is_sure: bool) -> None:
    found = columns_of(read_text(text).rows, today=TODAY)
    assert (list(found.kinds), found.is_sure) == (kinds, is_sure)


def test_what_a_person_says_of_a_column_counts() -> None:
    found = chosen(
        columns_of(read_text("Date,Date entered,Action").rows, today=TODAY),
        ["", "when"],
    )
    assert (found.kinds, found.not_taken, found.is_sure) == (
        (NOTHING, WHEN, WHAT),
        ["Date"],
        True,
    )
    assert not chosen(found, ["", "", "note"]).is_sure
    assert chosen(found, ["nonsense"] * 9).kinds == found.kinds


def test_what_says_about_when_or_a_day_to_come_is_not_counted_as_a_day() -> None:
    counted = [
        text for text in ("3/2/26", "in May", "1/1/2099", "46055", "last week", "") if is_dated(text, today=TODAY)
    ]
    assert counted == ["3/2/26"]


def taken(text: str, *, there: list[tuple[str, str]] | None = None) -> Reading:
    rows = apart(read_text(text).rows, today=TODAY)
    return read(rows, columns_of(rows, today=TODAY), names=HEMI, there=there or [], today=TODAY)


def test_a_row_is_one_text_of_what_note_and_who() -> None:
    found = taken("Date,Action,Comment,By\n3/2/26,Rang home,no answer,A Ngata\nlast week,Wrote,,\n,,,\n4 Feb,,,P Nair")
    assert [(each.what, each.when) for each in found.proposals] == [
        ("Rang home: no answer (A Ngata)", "3 February 2026"),
        ("Wrote", "last week"),
        ("", "4 February 2026"),
    ]
    assert found.proposals[-1].faults == {"what": "Say what was done"}


def test_a_plain_list_is_parted_at_its_days() -> None:
    found = taken("3/2/26: rang home, no answer\n3 Feb 2026 – wrote\nMet the whānau")
    assert [(each.what, each.when) for each in found.proposals] == [
        ("rang home, no answer", "3 February 2026"),
        ("wrote", "3 February 2026"),
        ("Met the whānau", ""),
    ]


def test_rows_of_other_students_are_left_alone() -> None:
    text = "Student,Date,Action\n{}"
    names = [
        "Whanau, Hemi",
        "HĒMI WHĀNAU",
        "Hēmi",
        "",
        "Mikaere Whānau",
        "Grace Ng",
        "Hēmi Whānau & Grace Ng",
    ]
    found = taken(text.format("\n".join(f'"{name}",3/2/26,Rang {at}' for at, name in enumerate(names))))
    assert [each.what for each in found.proposals] == [
        "Rang 0",
        "Rang 1",
        "Rang 2",
        "Rang 3",
    ]
    assert found.of_others == 3


@pytest.mark.parametrize(
    ("cells", "judgement"),
    [
        (["Hēmi Whānau (10RT)"], Whose.OWN),
        (["Hēmi", "Whānau", "4711"], Whose.OWN),
        (["123 456 789"], Whose.OWN),
        (["H Whānau", "0123456789"], Whose.OWN),
        (["Grace Ng", "123456789"], Whose.UNSURE),
        (["Whānau H"], Whose.UNSURE),
        (["Whānau"], Whose.UNSURE),
        ([], Whose.UNSAID),
        (["Hēmi Whānau", "987654321"], Whose.OTHER),
        (["Whānau G"], Whose.OTHER),
        (["Grace", "Whānau"], Whose.OTHER),
        (["10RT"], Whose.OTHER),
    ],
)
def test_whose_row_it_is_says_the_number_else_the_name(cells: list[str], judgement: Whose) -> None:
    assert whose(cells, names=HEMI, number="123456789") is judgement


def test_what_may_be_of_somebody_else_is_left_out_until_a_person_takes_it_in() -> None:
    found = taken("Name,Date,Action\nWhānau H,3/2/26,Rang\n,4/2/26,Wrote\nHēmi Whānau,5/2/26,Met\nGrace Ng,6/2/26,Rang")
    assert [(each.what, each.is_left_out) for each in found.proposals] == [
        ("Rang", True),
        ("Wrote", True),
        ("Met", False),
    ]
    assert [each.why_left_out.partition("?")[0] for each in found.proposals] == [
        "Is this row about this student",
        "Your list does not say which student this row is about",
        "",
    ]


def test_what_a_sheet_keeps_for_a_day_is_that_day_in_a_column_of_days_only() -> None:
    found = taken("Date,Action,Comment\n46056,Rang home,46056\n46056.5,Wrote,\n12,Met,")
    assert [(each.what, each.when) for each in found.proposals] == [
        ("Rang home: 46056", "3 February 2026"),
        ("Wrote", "3 February 2026"),
        ("Met", "12"),
    ]


def test_wrong_rows_say_why_and_good_ones_stay() -> None:
    found = taken(f"Date,Action\n3/2/26,Rang\n2/13/26,Rang\n,Wrote\n4/2/26,\n4/2/26,{'x' * 301}")
    assert [list(each.faults.items()) for each in found.proposals] == [
        [],
        [("when", NO_SUCH_DAY)],
        [("when", NO_WHEN)],
        [("what", NO_WHAT)],
        [("what", "Make this shorter, 300 characters at most")],
    ]


def test_what_is_there_already_is_not_proposed_twice() -> None:
    found = taken(
        "Date,Action\n3/2/26,Rāng home\n4/2/26,Wrote\n4 Feb,wrote",
        there=[("rang home", "3 February 2026")],
    )
    assert [each.why_left_out for each in found.proposals] == [
        THERE_ALREADY,
        "",
        THERE_ALREADY,
    ]


def test_more_than_a_request_holds_is_counted() -> None:
    found = taken("Date,Action\n" + "\n".join(f"3/2/26,Rang {row}" for row in range(70)))
    assert (len(found.proposals), found.beyond) == (60, 10)


def test_room_is_after_the_last_row_and_then_in_between() -> None:
    texts = {"action_1": "Rang", "action_3_when": "May", "action_58": "Met"}
    room = [ACTIONS.index(fields) + 1 for fields in room_in(texts, ["action_60"])]
    assert room == [2, *range(4, 58), 59]
    assert len(room_in({})) == 60


def test_steps_stand_in_the_draft_as_answers(world: make.World) -> None:
    request = make.draft(world.priya, world.whanau, action_1="Rang", action_1_when="May")
    add_steps(
        request,
        [("Wha\u0304nau met", "3 June 2026"), ("Wrote", "last week")],
        by=world.mere,
    )
    now = make.request_now(world.priya, request.referral.public_id)
    assert now.texts == {
        "action_1": "Rang",
        "action_1_when": "May",
        "action_2": "Whānau met",
        "action_2_when": "3 June 2026",
        "action_3": "Wrote",
        "action_3_when": "last week",
    }
    assert now.answers["action_2"].by_id == now.referral.changed_by_id == world.mere.person_id
    with pytest.raises(Refused, match="room for 57 more steps"):
        add_steps(now, [("Rang", "May")] * 58, by=world.mere)
    discard(now, by=world.priya)
    discarded = kept_request_for(world.priya, request.referral.public_id)
    assert discarded
    with pytest.raises(Conflict, match="discarded meanwhile"):
        add_steps(discarded, [("Rang", "May")], by=world.mere)
