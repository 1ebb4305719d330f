"""The day of an instant in New Zealand, as the database says it (CAL-4)."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import literal, null, select

from app.core import clock
from app.core.db import Instant, db
from app.core.hours import nz_day_of

pytestmark = pytest.mark.usefixtures("world")


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 3, 5, 10, 59, 59, tzinfo=UTC), date(2026, 3, 5)),
        (datetime(2026, 3, 5, 11, tzinfo=UTC), date(2026, 3, 6)),
        (datetime(2026, 7, 1, 11, 30, 0, 5, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 12, tzinfo=UTC), date(2026, 7, 2)),
    ],
)
def test_a_day_begins_at_midnight_in_auckland_in_summer_and_in_winter(at: datetime, day: date) -> None:
    assert db.session.scalar(select(nz_day_of(literal(at, Instant)))) == day == clock.nz(at).date()


def test_of_no_instant_there_is_no_day() -> None:
    assert db.session.scalar(select(nz_day_of(null().cast(Instant)))) is None
