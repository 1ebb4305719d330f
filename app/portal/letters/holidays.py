"""Holidays in term time: recorded, and taken back (LET-4, LET-5)."""

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import StringField

from app.core import clock
from app.core.text import one_line
from app.core.web.answers import done
from app.core.web.forms import DayField, OnceForm, Required
from app.core.web.guards import needs
from app.letters.school.actions import end_holiday, faults_of, record_holiday
from app.letters.school.finding import HolidayOf, holiday_for
from app.letters.school.policy import can_write_letters
from app.letters.school.queries import OnRoll, student_for
from app.letters.school.rules import HolidayFacts
from app.portal.blueprint import bp
from app.portal.letters.places import STUDENT, letters_address, show_student

RECORDED = "Holiday recorded. Letters about days absent wait until it is over; write the letter on the holiday instead."


class HolidayForm(OnceForm):
    """From when to when, and who said so."""

    from_on = DayField("First day away", required="Write the first day away")
    to_on = DayField("Last day away", required="Write the last day away")
    source = StringField("Who told you, and how?", validators=[Required("Say who told you, and how")])
    told_on = DayField("On which day were you told?", required="Write the day on which you were told")

    def facts(self) -> HolidayFacts | None:
        """None where a day is missing."""
        days = [self[name].data for name in ("from_on", "to_on", "told_on")]
        from_on, to_on, told_on = days
        if from_on is None or to_on is None or told_on is None:
            return None
        return HolidayFacts(from_on, to_on, one_line(self.source.data), told_on)


@bp.get(f"{STUDENT}/holidays/new")
@needs(can_write_letters, on=student_for, log="school letters")
def new_holiday(head: OnRoll) -> Response:
    return _page(head, HolidayForm(data={"told_on": clock.today()}))


@bp.post(f"{STUDENT}/holidays/new")
@needs(can_write_letters, on=student_for)
def add_holiday(head: OnRoll) -> Response:
    form = HolidayForm(request.form)
    is_valid, told = form.validate(), form.facts()
    if told:
        form.mend(faults_of(head, told))
    if not is_valid or told is None or form.errors:
        return _page(head, form, status=422)
    record_holiday(head, told, by=g.actor)
    return done(RECORDED, letters_address(head))


@bp.post(f"{STUDENT}/holidays/<holiday>/ending")
@needs(can_write_letters, on=holiday_for)
def set_holiday_end(found: HolidayOf) -> Response:
    form = OnceForm(request.form)
    if form.validate():
        end_holiday(found, by=g.actor)
    return done("The holiday is taken back. Letters that were made about it stay.", letters_address(found.head))


def _page(head: OnRoll, form: HolidayForm, *, status: int = 200) -> Response:
    return show_student("portal/letters/holiday.html", head=head, status=status, form=form)
