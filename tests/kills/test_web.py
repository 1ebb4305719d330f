"""The web is killed while it takes a form: whoever sends the same form again has it done, once."""

import pytest
import time_machine
from sqlalchemy import select

from app.core import clock
from app.core.db import db
from app.core.files.store import the_store
from app.core.files.stored import StoredFile
from app.core.files.sweeping import LEFT_FOR, sweep
from tests.kills.conftest import KINDS
from tests.kills.points import Point, Whom
from tests.kills.sites import Site

POINTS = (Point.KEY, Point.COMMIT_BEGINS, Point.COMMITTED, Point.ENQUEUED)
both_kinds = pytest.mark.parametrize("standing", KINDS, indirect=True)


@both_kinds
@pytest.mark.parametrize("point", POINTS)
def test_a_form_whose_web_worker_was_killed_is_carried_out_once_when_it_is_sent_again(
    standing: Site, point: Point
) -> None:
    form = standing.note(f"Killed itself: {point}")
    standing.order(point)
    assert standing.send(form).status == 0
    assert standing.was_killed()
    standing.wait_until_ready()
    assert standing.count_of(form["body"]) == (0 if point in {Point.KEY, Point.COMMIT_BEGINS} else 1)
    first = standing.send_until_answered(form)
    again = standing.send(form)
    assert (again.status, again.location) == (303, first.location)
    assert standing.count_of(form["body"]) == 1


@both_kinds
@pytest.mark.parametrize("point", [*POINTS, Point.OBJECT_PUT])
def test_a_form_whose_master_was_killed_is_carried_out_once_and_the_next_start_is_ready_in_time(
    standing: Site, point: Point
) -> None:
    form = standing.note(f"Killed its master: {point}")
    file = ("words.txt", "What the school said.") if point is Point.OBJECT_PUT else None
    standing.order(point, Whom.MASTER)
    answer = standing.send(form, file)
    standing.until(lambda: standing.parts.dead() == "web")
    assert standing.was_killed()
    standing.parts.restart("web")
    standing.wait_until_ready()
    assert standing.count_of(form["body"]) == 1 or answer.status != 303
    assert standing.send_until_answered(form, file).status == 303
    assert standing.count_of(form["body"]) == 1


@both_kinds
def test_a_file_whose_object_was_put_before_the_kill_is_kept_once_and_its_other_object_is_swept(
    standing: Site,
) -> None:
    form, file = standing.note("Killed with its file put"), ("words.txt", "What the school said.")
    rows, objects = rows_and_objects(standing)
    standing.order(Point.OBJECT_PUT)
    assert standing.send(form, file).status == 0
    assert standing.was_killed()
    standing.wait_until_ready()
    assert rows_and_objects(standing) == (rows, objects + 1)
    standing.send_until_answered(form, file)
    assert standing.send(form, file).status == 303
    assert standing.count_of(form["body"]) == 1
    assert rows_and_objects(standing)[0] == rows + 1
    assert rows_and_objects(standing)[1] > rows + 1, "without the sweep, what was put for nothing stays"
    with standing.app.app_context(), time_machine.travel(clock.now() + 2 * LEFT_FOR, tick=False):
        sweep()
    assert rows_and_objects(standing) == (rows + 1, rows + 1)


def rows_and_objects(site: Site) -> tuple[int, int]:
    with site.app.app_context():
        keys = db.session.scalars(select(StoredFile.key)).all()
        objects = {each.key for some in the_store().listing() for each in some}
    assert objects.issuperset(keys)
    return len(keys), len(objects)
