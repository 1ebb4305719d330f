"""Each event of `notifications.csv` that happens today tells exactly whom the list says, when it says, and nobody else."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select
from time_machine import Traveller

from app.cases.rules import LISTS
from app.core import clock as core_clock
from app.core import events
from app.core.db import db
from app.core.events import Channel, Outbox
from app.core.lists import rows
from app.people.telling import rules
from tests import make
from tests.operating.scenes import SCENES, Scene
from tests.support.apps import A_TUESDAY_IN_TERM

LATER: Mapping[str, tuple[str, ...]] = {
    "there are no notices, checks and tasks about students who are not enrolled yet (N1 to N6)": (
        *("notice_task_made", "notice_task_due_tomorrow", "notice_task_overdue", "notice_allocated"),
        *("notice_closed_in_triage", "question_to_school", "question_answered", "student_enrolled"),
        *("transition_meeting_proposed", "check_answered", "check_late", "check_lines_unmatched"),
    ),
    "there is no escalation and no fund yet (E1 to E3, F1)": (
        *("prosecution_considered", "pack_notified", "pack_more_asked", "pack_decided", "forum_considered"),
        *("fund_asked", "fund_answered", "fund_80_percent", "second_person_asked"),
    ),
    "there are no measures, access requests and disposal yet, and what advice rests on changes with a release (M2, V3, V4)": (
        *("report_sent", "access_request_due", "disposal_proposed", "long_work_done", "criteria_changed"),
    ),
}
"""What tells nobody yet, by the reason."""
PARTLY = {
    (
        "merge_proposed",
        "investigators",
    ): "they have no page for records of a student yet (P18)",
    (
        "likely_match",
        "investigators",
    ): "of a case in triage only; where a service has one of the two, its lead decides",
}
"""Groups of an event whom it does not tell, or not always."""
NOT_YET = {name for names in LATER.values() for name in names}
ROWS = rows(LISTS / "notifications.csv")
LISTED = {row["event"] for row in ROWS}


def test_each_tells_whom_the_list_says_and_nobody_else(clock: Traveller, own_world: make.World) -> None:
    wrong = {}
    for scene in SCENES:
        clock.move_to(A_TUESDAY_IN_TERM)
        found = told_by(scene, own_world, clock)
        expected = Counter(
            (event, who, channel, scene.after)
            for event, people in scene.told.items()
            for who, channel in people.items()
        )
        if found != expected:
            wrong[str(scene.happens)] = (found - expected, expected - found)
    assert not wrong


def told_by(scene: Scene, world: make.World, clock: Traveller) -> Counter[tuple[str, str, Channel, timedelta]]:
    """Of what happens after the scene is set: what, who, how, and how long after."""
    names = {person.person_id: name for name, person in world.people.items()}
    acts = scene.happens(world, clock)
    next(acts)
    last = db.session.scalar(select(func.max(Outbox.id))) or 0
    next(acts, None)
    told = db.session.scalars(select(Outbox).where(Outbox.id > last))
    found = Counter(
        (row.event, names.get(row.person_id, "?"), row.channel, row.made_at - core_clock.now()) for row in told
    )
    db.session.rollback()
    next(acts, None)
    return found


def test_whatever_is_listed_happens_here_or_is_said_to_come_later() -> None:
    """And what begins to tell somebody finds its scene lacking."""
    here = {name for scene in SCENES for name in scene.listed}
    assert here | NOT_YET == LISTED
    assert not here & NOT_YET
    assert set(PARTLY) <= {(row["event"], group) for row in ROWS for group in row["to"].split("|")}
    assert {event for scene in SCENES for event in scene.told} == set(events._tellers)
    room = Path(rules.__file__).parent
    texts = [file.read_text() for file in Path("app").rglob("*.py") if room not in file.parents]
    assert not {name for name in NOT_YET if any(f'"{name}"' in text for text in texts)}
    assert not NOT_YET & set(rules.SAID)
