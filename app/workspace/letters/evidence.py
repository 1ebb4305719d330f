"""What a letter is evidence of (L8): its record on paper, and whether a file is the letter that was sent."""

from typing import Any

from werkzeug.wrappers import Response

from app.core.files.keeping import measure
from app.core.web.guards import needs
from app.core.web.writes import Sent
from app.letters.evidence import actions  # noqa: F401  (registers what flags letters)
from app.letters.evidence.policy import can_check_letters
from app.letters.evidence.queries import letter_of_file
from app.letters.policy import can_see_letters
from app.letters.queries import LetterOfCase, letter_for
from app.letters.rules import sending_of
from app.people.queries import Actor
from app.workspace.blueprint import bp
from app.workspace.letters.letter import here
from app.workspace.letters.places import ADDRESS, address_of, show_letters
from app.written.letters.evidence import asker, check_page, looked_at, record_of
from app.written.letters.said import addressed_to, name_of

CHECK = "/letters/check"


@bp.get(f"{ADDRESS}/record")
@needs(can_see_letters, on=letter_for, log="letter record")
def letter_record(found: LetterOfCase) -> Response:
    about = [("Case", found.head.number)]
    page = "written/letters/record.html"
    return show_letters(page, head=found.head, about=about, our="service", here=here(found), **record_of(found))


@bp.get(CHECK)
@needs(can_check_letters, on=asker)
def check(_actor: Actor) -> Response:
    return check_page()


@bp.post(CHECK)
@needs(can_check_letters, on=asker, sent=Sent.LOOKS, keeping=measure)
def set_check(actor: Actor) -> Response:
    return looked_at(actor, _look)


def _look(actor: Actor, sha256: str) -> tuple[dict[str, Any], int] | None:
    """A school’s letter about the student of a case is read on the case."""
    found = letter_of_file(actor, sha256)
    if found is None:
        return None
    letter, number = found.letter, found.head.number
    name = f"{name_of(letter)[0].lower()}{name_of(letter)[1:]}"
    is_ours = letter.case_id is not None
    values = {
        "letter": letter,
        "record": found.record,
        "called": name if is_ours else f"{name} of the school",
        "where": f"case {number}" if is_ours else f"the school’s letters about the student of case {number}",
        "here": here(found) if is_ours else f"{address_of(found.head)}school/{letter.public_id}/letter.pdf",
        "to": addressed_to(letter),
        "sent": sending_of(letter),
    }
    return values, found.case_id
