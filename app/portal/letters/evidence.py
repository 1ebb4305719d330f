"""What a school's letter is evidence of (L8): its record on paper, and whether a file is the letter that was sent."""

from typing import Any

from werkzeug.wrappers import Response

from app.core.files.keeping import measure
from app.core.web.guards import needs
from app.core.web.writes import Sent
from app.letters.rules import sending_of
from app.letters.school.finding import SchoolLetter, letter_for, letter_of_file
from app.letters.school.policy import can_check_letters, can_see_letters
from app.people.queries import Actor
from app.portal.blueprint import bp
from app.portal.letters.letter import here
from app.portal.letters.places import ADDRESS, show_student
from app.written.letters.evidence import asker, check_page, looked_at, record_of
from app.written.letters.said import addressed_to, name_of

CHECK = "/letters/check"


@bp.get(f"{ADDRESS}/record")
@needs(can_see_letters, on=letter_for, log="school letter record")
def school_letter_record(found: SchoolLetter) -> Response:
    head, page = found.head, "written/letters/record.html"
    about = [("School", head.school_name), ("Student", head.legal_name)]
    return show_student(page, head=head, about=about, our="school", here=here(found), **record_of(found))


@bp.get(CHECK)
@needs(can_check_letters, on=asker)
def school_letter_check(_actor: Actor) -> Response:
    return check_page()


@bp.post(CHECK)
@needs(can_check_letters, on=asker, sent=Sent.LOOKS, keeping=measure)
def set_school_letter_check(actor: Actor) -> Response:
    return looked_at(actor, _look)


def _look(actor: Actor, sha256: str) -> tuple[dict[str, Any], None] | None:
    found = letter_of_file(actor, sha256)
    if found is None:
        return None
    letter, name = found.letter, name_of(found.letter)
    values = {
        "letter": letter,
        "record": found.record,
        "called": f"{name[0].lower()}{name[1:]} about {found.head.name}",
        "where": "our school’s letters about this student",
        "here": here(found),
        "to": addressed_to(letter),
        "sent": sending_of(letter),
    }
    return values, None
