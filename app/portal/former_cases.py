"""Students who have left the school: what it wrote on their cases stays open to it, and nothing else (CASE-10)."""

from flask import g, request
from werkzeug.wrappers import Response

from app.cases.files.policy import can_open
from app.cases.files.queries import FoundFile, files_on
from app.cases.former import queries
from app.cases.former.policy import can_read_ours
from app.cases.former.queries import ENTRIES, PAGE, FormerCase, former_case_for, former_file_for, written_by_school
from app.core.web.answers import show
from app.core.web.downloads import send
from app.core.web.guards import needs, open_to
from app.portal.blueprint import SCHOOL, bp
from app.referrals.queries import requests_on_case


@bp.get("/cases/former")
@open_to(*SCHOOL)
def former_cases() -> Response:
    """By family name; no status, and nobody who has them now."""
    found = queries.former_cases(g.actor, after=request.args.get("after", ""))
    last = found[PAGE - 1].number if len(found) > PAGE else ""
    return show("portal/former_cases.html", cases=found[:PAGE], last=last)


@bp.get("/cases/<number>/ours")
@needs(can_read_ours, on=former_case_for, log="what the former school wrote")
def ours(found: FormerCase) -> Response:
    """The school's requests as they were sent, its comments, and the files of both."""
    entries = written_by_school(g.actor, found.case_id, before=request.args.get("before", ""))
    return show(
        "portal/ours.html",
        found=found,
        requests=requests_on_case(found.case_id, school_id=g.actor.organisation_id),
        entries=entries[:ENTRIES],
        files=files_on(g.actor, entries),
        has_older=len(entries) > ENTRIES,
    )


@bp.get("/cases/<number>/ours/files/<file>")
@needs(can_open, on=former_file_for, log="file")
def our_file(found: FoundFile) -> Response:
    return send(found.file, inline="in-place" in request.args)
