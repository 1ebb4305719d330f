"""One letter of a school: looked at while it is a preview, made, and kept as it is (LET-6, L2, L8)."""

from typing import Any

from flask import g
from werkzeug.wrappers import Response

from app.core import clock
from app.core.errors import Conflict
from app.core.web.downloads import picture
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.letters.emails.queries import by_email
from app.letters.evidence.gathering import since_made
from app.letters.facts import Facts, differences, thawed
from app.letters.making import made_instead, try_again
from app.letters.models import Method
from app.letters.queries import pages_of
from app.letters.school.finding import PageOfSchoolLetter, SchoolLetter, letter_for, page_for
from app.letters.school.gathering import gathered
from app.letters.school.making import dossier_as_asked, make_letter
from app.letters.school.policy import can_record, can_see_letters, can_write_letters
from app.letters.versions.queries import step_written
from app.portal.blueprint import bp
from app.portal.letters.places import ADDRESS, letters_address, remedies, show_student
from app.students.models import LettersBy
from app.written.letters.pages import MADE, LetterPages, pdf_of
from app.written.letters.said import addressed_to, name_of, said_in


@bp.get(ADDRESS)
@needs(can_see_letters, on=letter_for, log="school letter")
def school_letter(found: SchoolLetter) -> Response:
    return PAGES.shown(found)


@bp.post(f"{ADDRESS}/again")
@needs(can_write_letters, on=letter_for)
def set_school_letter_again(found: SchoolLetter) -> Response:
    """A preview that failed is set once more."""
    return PAGES.pressed(found, try_again, "")


@bp.post(f"{ADDRESS}/making")
@needs(can_write_letters, on=letter_for)
def make_school_letter(found: SchoolLetter) -> Response:
    """What was looked at is kept; where it would say something else today, the page says what."""
    return PAGES.pressed(found, make_letter, MADE)


@bp.get(f"{ADDRESS}/letter.pdf")
@needs(can_see_letters, on=letter_for, log="school letter")
def school_letter_pdf(found: SchoolLetter) -> Response:
    return pdf_of(found)


@bp.get(f"{ADDRESS}/pages/<int(max=999):page>")
@needs(can_see_letters, on=page_for)
def school_letter_picture(found: PageOfSchoolLetter) -> Response:
    return picture(found.png)


def letter_page(found: SchoolLetter, form: OnceForm, *, status: int = 200) -> Response:
    written, facts, since = found.letter, thawed(found.letter.facts), since_made(found)
    return show_student(
        "written/letters/letter.html",
        "written/letters/_letter.html",
        head=found.head,
        status=status,
        form=form,
        letter=written,
        record=found.record,
        here=here(found),
        step=step_written(written, clock.nz(written.asked_at).date()),
        **said_in(written, facts),
        made_instead=None if written.made_at else made_instead(written),
        pages=pages_of(written.id) if written.rendered_at and not written.made_at else (),
        changed=[label for label, _, _ in since] if written.made_at else _other(found, facts) if status == 409 else (),
        compared=since,
        signing=None,
        can_write=can_write_letters(g.actor, found),
        can_record=can_record(g.actor, found),
        **_way_of(found),
    )


def _way_of(found: SchoolLetter) -> dict[str, Any]:
    """Its way by e-mail, where its caregiver chose that of this school, or it went so."""
    letter, is_mailed = found.letter, found.letter.method is Method.EMAIL
    is_asked = letter.made_at and (is_mailed or found.record.letters_by is LettersBy.EMAIL)
    email = by_email(letter) if is_asked else None
    if email is None or not (is_mailed or email.caregiver.letters_by is LettersBy.EMAIL):
        return {"email": None}
    return {"email": email, "mend": remedies(found.head, email.caregiver)}


def _other(found: SchoolLetter, then: Facts) -> list[str]:
    """What keeps a preview from being made as it is, by its label; where no fact does, its text."""
    try:
        dossier = dossier_as_asked(found)
    except Conflict as why:
        return [str(why)]
    return differences(then, gathered(dossier, clock.today())) or ["The text"]


def form_page(name: str, found: SchoolLetter, form: OnceForm, **values: Any) -> Response:
    """Of this letter; `name` is that of its template."""
    letter = found.letter
    values |= {"letter": letter, "name": name_of(letter), "to": addressed_to(letter), "here": here(found)}
    return show_student(f"written/letters/{name}.html", head=found.head, form=form, **values)


def find_again(found: SchoolLetter) -> SchoolLetter | None:
    return letter_for(g.actor, found.head.public_id, found.letter.public_id)


def here(found: SchoolLetter) -> str:
    return f"{letters_address(found.head)}{found.letter.public_id}"


PAGES = LetterPages(letter_page, form_page, here, find_again)
