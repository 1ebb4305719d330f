"""What a provider, or an in-school provision, sees."""

from datetime import timedelta

from flask import Flask, request

from app import written
from app.core.web.answers import NavItem
from app.people.models import Role
from app.people.queries import Actor
from app.workspace import (  # noqa: F401  (the imports add their pages to it)
    agencies,
    assignment,
    barriers,
    caregivers,
    caseloads,
    cases,
    covers,
    disclosures,
    duplicates,
    entries,
    files,
    handover,
    home,
    initiatives,
    last_day,
    letters,
    meetings,
    migrated,
    new_school,
    organisation,
    pauses,
    plan_changes,
    plans,
    provider,
    queue,
    reports,
    school_view,
    schools,
    siblings,
    statuses,
    tasks,
    transfers,
    visit_sheet,
)
from app.workspace.blueprint import bp

written.add_pages(bp)
written.add_match_pages(bp)
written.add_text_pages(bp)
written.add_batch_pages(bp)

OF_CASES = ("/workspace/cases/", "/workspace/reports/", "/workspace/letters/")


def set_up(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals["LAST_MOMENT"] = timedelta(seconds=1)  # before a cover is over: of its last day


def nav(actor: Actor) -> list[NavItem]:
    """The navigation of the workspace; queue and settings are the lead's. An authoriser has its people, and no cases."""
    here = request.path
    people = NavItem("People", "/workspace/people/", here.startswith("/workspace/people/"))
    told = NavItem("Notifications", "/notifications/", here == "/notifications/", actor.unread)
    if actor.role is Role.DELEGATED_AUTHORISER:
        return [people, told]
    items = [
        NavItem("My work", "/workspace/", here == "/workspace/"),
        NavItem("Queue", "/workspace/queue/", here.startswith(("/workspace/queue/", "/workspace/caseloads/"))),
        NavItem("Cases", "/workspace/cases/", here.startswith(OF_CASES)),
        NavItem("Schools", "/workspace/schools/", here.startswith(("/workspace/schools/", "/workspace/initiatives/"))),
        told,
        people,
        NavItem("Settings", "/workspace/settings/", here.startswith("/workspace/settings/")),
    ]
    hidden = set() if actor.role is Role.WORKFLOW_LEAD else {"Queue", "Settings"}
    return [item for item in items if item.label not in hidden]
