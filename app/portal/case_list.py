"""The list of a school's cases: by status, with what the school does next, filtered and sorted by its address (S1, S5, S6)."""

from itertools import groupby

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import BooleanField, Form, SelectField, SelectMultipleField

from app.cases.models import Status
from app.cases.rules import status_words
from app.cases.school_list.queries import PAGE, choices_for, school_cases
from app.cases.school_list.rules import IN_ORDER, NOT_CLOSED, Choices, Sort, Wanted
from app.core.web.answers import show
from app.core.web.guards import open_to
from app.people.models import Role
from app.portal.blueprint import SCHOOL, bp

YEARS = range(14)
SORTS = {
    Sort.DUE: "Urgent first, then by what is due",
    Sort.NEWEST: "What changed last first",
    Sort.NAME: "By family name",
}


class FilterForm(Form):  # type: ignore[misc]
    """What is asked of the list; it changes nothing, and what is in no list is not asked for."""

    status = SelectMultipleField(
        "Status", choices={status: status_words(status).label for status in IN_ORDER}, validate_choice=False
    )
    mine = BooleanField("Only those that name me")
    new = BooleanField("Only what is new since I looked")
    year = SelectField("Year level", validate_choice=False)
    manager = SelectField("Case manager", validate_choice=False)
    sort = SelectField("Sort by", choices=SORTS, validate_choice=False)

    def offer(self, offered: Choices) -> None:
        """What this school has of both; the year that was asked for stays chosen."""
        asked = self.wanted.year_level
        years = sorted({*offered.years, *([] if asked is None else [asked])})
        self.year.choices = {"": "Any"} | {str(year): f"Year {year}" for year in years}
        self.manager.choices = {"": "Anybody"} | dict(offered.managers)

    @property
    def wanted(self) -> Wanted:
        statuses = tuple(status for status in IN_ORDER if status in (self.status.data or ()))
        year, sort = self.year.data, self.sort.data
        return Wanted(
            statuses=statuses or NOT_CLOSED,
            is_mine=self.mine.data,
            is_new=self.new.data,
            year_level=int(year) if year in map(str, YEARS) else None,
            manager=self.manager.data or "",
            sort=Sort(sort) if sort in SORTS else Sort.DUE,
        )


@bp.get("/cases/")
@open_to(*SCHOOL)
def case_list() -> Response:
    """The cases this person may see; closed ones where they are asked for."""
    form = FilterForm(request.args)
    form.offer(choices_for(g.actor, form.wanted))
    found = school_cases(g.actor, form.wanted, after=request.args.get("after", ""))
    return show(
        "portal/cases.html",
        form=form,
        groups=[(status_words(status), list(cases)) for status, cases in groupby(found[:PAGE], key=_status)],
        last=found[PAGE - 1].number if len(found) > PAGE else "",
        is_filtered=form.wanted != Wanted(sort=form.wanted.sort),
        is_asked=form.wanted != Wanted(),
        names_some=g.actor.role is not Role.PRIMARY_CONTACT,
    )


def _status(case: object) -> Status:
    return Status(case.status)  # type: ignore[attr-defined]
