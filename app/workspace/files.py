"""The files of a case: all of them, and one to be opened."""

from flask import g, request
from werkzeug.wrappers import Response

from app.cases import policy
from app.cases.files.policy import can_open
from app.cases.files.queries import PAGE, FoundFile, file_for, files_for
from app.cases.queries import CaseHead, case_for
from app.core.web.downloads import send
from app.core.web.guards import needs
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case


@bp.get("/cases/<number>/files")
@needs(policy.can_see, on=case_for, log="files")
def case_files(head: CaseHead) -> Response:
    """Every file that this person may open, newest first."""
    files = files_for(g.actor, head.case_id, before=request.args.get("before", ""))
    return show_case("workspace/case_files.html", head=head, files=files[:PAGE], has_older=len(files) > PAGE)


@bp.get("/cases/<number>/files/<file>")
@needs(can_open, on=file_for, log="file")
def case_file(found: FoundFile) -> Response:
    return send(found.file, inline="in-place" in request.args)
