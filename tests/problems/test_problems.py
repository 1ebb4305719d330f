"""Who may read a report of a problem, and who is told (HELP-1)."""

import pytest
from sqlalchemy import select

from app.core.db import db
from app.core.events import Channel, Outbox
from app.core.told import places
from app.people.models import Organisation, Role
from app.problems.actions import close_report
from app.problems.policy import can_close, can_open_screenshot
from app.problems.queries import report_for, reports_for, screenshot_of
from app.problems.rules import ALPHABET, REPORTED, new_reference
from tests import make


def test_a_reference_can_be_read_out() -> None:
    reference = new_reference()
    assert set(reference.replace("-", "")) <= set(ALPHABET) | {"P"}
    assert not set("01ILO") & set(ALPHABET)
    assert len(reference) == len("P-7KQ2-M4XD")
    assert new_reference() != reference


def test_a_report_is_for_its_sender_and_whoever_runs_the_portal(world: make.World) -> None:
    report = make.reported(world.tom)
    readers = {who for who, actor in world.people.items() if report_for(actor, report.reference)}
    assert readers == {"tom", "oscar"}
    assert [row.reference for row in reports_for(world.oscar)] == [report.reference]
    assert [row.reference for row in reports_for(world.tom)] == [report.reference]
    assert not reports_for(world.mere)


@pytest.mark.parametrize("may_open", [True, False])
def test_the_operator_opens_a_screenshot_only_where_the_sender_ticked_so(world: make.World, may_open: bool) -> None:
    reference = make.reported(world.tom, "shot.png", may_open=may_open).reference
    own, operators = screenshot_of(world.tom, reference), screenshot_of(world.oscar, reference)
    assert own
    assert operators
    assert can_open_screenshot(world.tom, own)
    assert can_open_screenshot(world.oscar, operators) is may_open
    assert screenshot_of(world.mere, reference) is None


def test_a_tick_without_a_screenshot_opens_nothing(world: make.World) -> None:
    report = make.reported(world.tom, may_open=True)
    assert not report.operator_may_open
    assert screenshot_of(world.tom, report.reference) is None


def test_one_operator_is_told_by_mail_and_the_others_in_the_app(world: make.World) -> None:
    make.person("Olga Neill", Role.OPERATOR, _there(world))
    report = make.reported(world.tom, doing="Zqxwv")
    rows = db.session.scalars(select(Outbox).where(Outbox.event == REPORTED).order_by(Outbox.person_id)).all()
    assert [row.channel for row in rows] == [Channel.APP_EMAIL, Channel.APP]
    found = places(world.oscar, rows)
    assert found[rows[0].id].path == f"/help/problems/{report.reference}"
    assert "Zqxwv" not in str(found)
    assert places(world.mere, rows) == {}


def test_it_is_dealt_with_once(world: make.World) -> None:
    report = make.reported(world.tom)
    found = report_for(world.tom, report.reference)
    assert found
    assert not can_close(world.tom, found)
    assert can_close(world.oscar, found)
    assert close_report(report, by=world.oscar)
    assert not close_report(report, by=world.oscar)


def test_pages_go_on_after_the_last_one(world: make.World) -> None:
    made = [make.reported(world.tom).reference for _ in range(3)]
    assert [row.reference for row in reports_for(world.oscar, before=made[1])] == made[:1]


def _there(world: make.World) -> Organisation:
    return db.session.get_one(Organisation, world.oscar.organisation_id)
