"""What schools wrote to the caregivers of a case's student, to be read (`permissions.md`, "school letters: see")."""

from flask import request
from werkzeug.wrappers import Response

from app.core.web.downloads import send
from app.core.web.guards import needs
from app.letters.policy import can_see_letters
from app.letters.school.finding import SchoolLetterOfCase, school_letter_for
from app.workspace.blueprint import bp


@bp.get("/cases/<number>/letters/school/<public_id>/letter.pdf")
@needs(can_see_letters, on=school_letter_for, log="letter of the school")
def letter_of_school(found: SchoolLetterOfCase) -> Response:
    return send(found.file, inline="in-place" in request.args)
