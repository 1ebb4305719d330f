"""Days as people write them, in a text or in the three boxes of a form."""

from datetime import date

import pytest
from time_machine import Traveller
from werkzeug.datastructures import MultiDict
from wtforms import Form

from app.core.days import nearest
from app.core.web.forms import DayField

TODAY = date(2026, 6, 10)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3/3/2026", date(2026, 3, 3)),
        ("3/3/26", date(2026, 3, 3)),
        ("2026-03-03", date(2026, 3, 3)),
        ("Tue 3rd March 2026", date(2026, 3, 3)),
        ("3 Jul", date(2026, 7, 3)),
        ("3 January", date(2027, 1, 3)),
        ("January 3", date(2027, 1, 3)),
        ("3 Dec", date(2026, 12, 3)),
        ("29 Feb", None),
        ("31/6/2026", None),
        ("3 3 2026", None),
        ("٣/٣/٢٠٢٦", None),
        ("3 Marchember", None),
        ("soon", None),
        ("", None),
    ],
)
def test_without_a_year_the_nearest_day_is_meant(text: str, day: date | None) -> None:
    today = date(2026, 8, 10) if "anuary" in text else TODAY
    assert nearest(text, today=today) == day


class DayForm(Form):
    day = DayField("When?", required="Say when")


@pytest.mark.parametrize(
    ("boxes", "day"),
    [
        (("3", "3", "2026"), date(2026, 3, 3)),
        (("3", "3", "26"), date(2026, 3, 3)),
        (("3", "March", "2026"), date(2026, 3, 3)),
        (("3", "mar", ""), date(2026, 3, 3)),
        (("3 March", "", ""), date(2026, 3, 3)),
        (("3/3/2026", "", ""), date(2026, 3, 3)),
        (("3", "3", ""), None),
        (("3", "", "2026"), None),
        (("x", "y", "z"), None),
    ],
)
def test_the_boxes_of_a_date_take_a_word_for_the_month_and_a_whole_date(
    clock: Traveller, boxes: tuple[str, ...], day: date | None
) -> None:
    form = DayForm(MultiDict(zip(("day-day", "day-month", "day-year"), boxes, strict=True)))
    assert form.validate() is (day is not None)
    assert (form.day.data, form.day.texts) == (day, boxes), "what was typed stands there again"
