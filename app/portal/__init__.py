"""What a school sees."""

from flask import Flask, request

from app import written
from app.attendance.calendars.policy import WRITERS
from app.core.web.answers import NavItem
from app.people.queries import Actor
from app.portal import (  # noqa: F401  (the imports add their pages to it)
    actions_taken,
    attendance,
    calendar,
    case_list,
    case_plan,
    case_updates,
    cases,
    closures,
    draft_ends,
    drafts,
    files,
    former_cases,
    group_support,
    home,
    import_columns,
    imports,
    letters,
    new_student,
    newcomers,
    prompts,
    provider,
    referrals,
    reports,
    request_files,
    sending,
    star,
    statement,
    terms,
    withdrawal,
)
from app.portal.blueprint import SCHOOL, bp

written.add_pages(bp)
written.add_text_pages(bp)
written.add_batch_pages(bp)


def set_up(app: Flask) -> None:
    app.register_blueprint(bp)


def nav(actor: Actor) -> list[NavItem]:
    """The navigation of the school portal; an authoriser has its people, and no cases."""
    here = request.path
    people = NavItem("People", "/portal/people/", here.startswith("/portal/people/"))
    told = NavItem("Notifications", "/notifications/", here == "/notifications/", actor.unread)
    if actor.role not in SCHOOL:
        return [people, told]
    marks = NavItem("Attendance", "/portal/attendance/", here.startswith("/portal/attendance/"))
    return [
        NavItem("Home", "/portal/", here == "/portal/"),
        NavItem("Requests", "/portal/referrals/", here.startswith("/portal/referrals/")),
        NavItem("Cases", "/portal/cases/", here.startswith("/portal/cases/")),
        *([marks] if actor.role in WRITERS else []),
        NavItem("Report", "/portal/reports/", here.startswith("/portal/reports/")),
        NavItem("My provider", "/portal/provider/", here.startswith("/portal/provider/")),
        told,
        people,
    ]
