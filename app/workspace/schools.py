"""The schools that a service serves: whom to ring there, its open cases, the last contact; and one of them (P19)."""

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import Form, SelectField, StringField

from app.attendance.calendars.queries import calendar_of_school
from app.attendance.calendars.rules import year_asked, year_picture
from app.attendance.tallies.queries import as_marked
from app.calendars.school_terms import listed_years
from app.cases.listing import PAGE as CASES_PAGE
from app.cases.schools.queries import LOOKED_BACK, SchoolOfService, cases_at, known_of, school_for
from app.cases.schools.rules import PAGE, narrowed, page_after
from app.core.errors import Unseen
from app.core.web.answers import show
from app.core.web.guards import needs, open_to
from app.people.catchments.queries import schools_served
from app.people.models import Role
from app.people.queries import Actor
from app.workspace.blueprint import bp


class FilterForm(Form):  # type: ignore[misc]
    """What narrows the list; it stands in the address."""

    name = StringField("Name of the school")
    catchment = SelectField("Catchment", validate_choice=False)


def can_see_school(actor: Actor, found: SchoolOfService) -> bool:
    """Whoever works cases at the service sees the schools that it serves."""
    return True


@bp.get("/schools/")
@open_to(Role.WORKFLOW_LEAD, Role.CASE_MANAGER)
def schools() -> Response:
    """By name; of each how many cases are open, whoever has them."""
    every, form = schools_served(g.actor.organisation_id), FilterForm(request.args)
    catchments = sorted({school.catchment for school in every})
    form.catchment.choices = [("", "All catchments"), *((name, name) for name in catchments)]
    chosen = narrowed(every, name=form.name.data or "", catchment=form.catchment.data or "")
    found = page_after(chosen, request.args.get("after", ""))
    return show(
        "workspace/schools.html",
        schools=found[:PAGE],
        known=known_of(g.actor, [school.id for school in found[:PAGE]]),
        has_more=len(found) > PAGE,
        form=form,
        count=len(every),
        catchments=catchments,
        months=LOOKED_BACK.days // 30,
    )


@bp.get("/schools/<number>/")
@needs(can_see_school, on=school_for)
def school(found: SchoolOfService) -> Response:
    """Whom to ring, and the open cases there that this person may open."""
    cases = cases_at(g.actor, found.row.id, after=request.args.get("after", ""))
    return show(
        "workspace/school.html",
        school=found.row,
        known=found.known,
        cases=cases[:CASES_PAGE],
        has_more=len(cases) > CASES_PAGE,
        is_lead=g.actor.role is Role.WORKFLOW_LEAD,
    )


@bp.get("/schools/<number>/calendar")
@needs(can_see_school, on=school_for)
def school_calendar(found: SchoolOfService) -> Response:
    """By which its school days are counted; the school changes it."""
    own = calendar_of_school(found.row.id)
    if own is None:
        raise Unseen
    year = year_asked(request.args.get("year", ""))
    return show(
        "workspace/school_calendar.html",
        school=found.row,
        year=year_picture(as_marked(own.calendar, own.row.id, [year]), year),
        years=listed_years(),
        terms_said=own.said,
    )
