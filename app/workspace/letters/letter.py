"""One letter: looked at while it is a preview, made, and kept as it is (LET-6, L2, L8)."""

from dataclasses import dataclass
from typing import Any

from flask import g
from werkzeug.wrappers import Response

from app.cases.statuses.queries import talked_with_school
from app.core import clock
from app.core.web.downloads import picture
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.letters.dossiers import basis_of
from app.letters.emails.queries import by_email
from app.letters.facts import Facts, changes, compared, differences, thawed
from app.letters.gathering import gathered
from app.letters.making import made_instead, make_letter, try_again
from app.letters.models import Method
from app.letters.policy import can_see_letters, can_write_letters
from app.letters.queries import LetterOfCase, PageOfLetter, letter_for, page_for, pages_of
from app.letters.signing.policy import can_sign, is_author
from app.letters.versions.queries import step_written
from app.students.models import LettersBy
from app.workspace.blueprint import bp
from app.workspace.letters.forms import SigningForm, UnsignedForm
from app.workspace.letters.places import ADDRESS, address_of, remedies, show_letters
from app.written.letters.pages import MADE, LetterPages, pdf_of
from app.written.letters.said import addressed_to, name_of, said_in


@dataclass(frozen=True)
class Signing:
    """What the page of a formal warning offers before it is made."""

    form: SigningForm
    back: UnsignedForm
    talked: str
    """The contact with the school that is recorded, in words (CASE-4)."""
    is_asked: bool
    can_sign: bool
    is_alone: bool
    """Whoever reads this wrote it, and leads the service alone (CASE-20)."""


NOT_NAMED = "The caregiver, who is not named with the student any more"


@bp.get(ADDRESS)
@needs(can_see_letters, on=letter_for, log="letter")
def letter(found: LetterOfCase) -> Response:
    return PAGES.shown(found)


@bp.post(f"{ADDRESS}/again")
@needs(can_write_letters, on=letter_for)
def again(found: LetterOfCase) -> Response:
    """A preview that failed is set once more."""
    return PAGES.pressed(found, try_again, "")


@bp.post(f"{ADDRESS}/making")
@needs(can_write_letters, on=letter_for)
def making(found: LetterOfCase) -> Response:
    """What was looked at is kept; where it would say something else today, the page says what."""
    return PAGES.pressed(found, make_letter, MADE)


@bp.get(f"{ADDRESS}/letter.pdf")
@needs(can_see_letters, on=letter_for, log="letter")
def letter_pdf(found: LetterOfCase) -> Response:
    return pdf_of(found)


@bp.get(f"{ADDRESS}/pages/<int(max=999):page>")
@needs(can_see_letters, on=page_for)
def letter_picture(found: PageOfLetter) -> Response:
    return picture(found.png)


def letter_page(found: LetterOfCase, form: OnceForm, *, status: int = 200) -> Response:
    written, facts = found.letter, thawed(found.letter.facts)
    can_write, (changed, both) = can_write_letters(g.actor, found.head), _since_made(found, facts)
    return show_letters(
        "written/letters/letter.html",
        "written/letters/_letter.html",
        status=status,
        head=found.head,
        form=form,
        letter=written,
        record=found.record,
        here=here(found),
        step=step_written(written, clock.nz(written.asked_at).date()),
        **said_in(written, facts),
        made_instead=None if written.made_at else made_instead(written),
        pages=pages_of(written.id) if written.rendered_at and not written.made_at else (),
        changed=changed if written.made_at else _other(found, facts) if status == 409 else (),
        compared=both,
        signing=_signing(found, form),
        can_write=can_write,
        can_record=can_write,
        **_way_of(found),
    )


def _way_of(found: LetterOfCase) -> dict[str, Any]:
    """Its way by e-mail, where its caregiver chose that, or it went so."""
    written = found.letter
    is_mailed = found.record.letters_by is LettersBy.EMAIL or written.method is Method.EMAIL
    email = by_email(written) if written.made_at and is_mailed else None
    return {"email": email, "mend": remedies(found.head, email.way.Caregiver) if email else {}}


def _signing(found: LetterOfCase, form: OnceForm) -> Signing | None:
    """Of a formal warning that is a preview: who may do what with it now (LET-2)."""
    letter = found.letter
    if not letter.is_formal or letter.made_at or not letter.rendered_at:
        return None
    can, is_asked = can_sign(g.actor, found), letter.sign_asked_at is not None
    is_alone = can and is_author(g.actor, found)
    talked = "" if is_asked else talked_with_school(found.head.id, found.head.region)
    ours = form if isinstance(form, SigningForm) else SigningForm()
    back = form if isinstance(form, UnsignedForm) else UnsignedForm()
    return Signing(ours, back, talked, is_asked, can_sign=can and (is_asked or is_alone), is_alone=is_alone)


def _since_made(found: LetterOfCase, then: Facts) -> tuple[list[str], list[tuple[str, str, str]]]:
    """What the letter would say otherwise today: by its label, and then and now (L8). One that was voided is not compared any more."""
    if found.letter.made_at is None or found.letter.voided_at:
        return [], []
    basis = basis_of(found)
    now = gathered(basis, clock.today()) if basis else None
    return (changes(then, now), compared(then, now)) if now else ([NOT_NAMED], [])


def _other(found: LetterOfCase, then: Facts) -> list[str]:
    """What keeps a preview from being made as it is, by its label; where no fact does, its text."""
    basis = basis_of(found)
    return differences(then, gathered(basis, clock.today())) or ["The text"] if basis else [NOT_NAMED]


def form_page(name: str, found: LetterOfCase, form: OnceForm, **values: Any) -> Response:
    """Of this letter; `name` is that of its template."""
    letter = found.letter
    values |= {"letter": letter, "name": name_of(letter), "to": addressed_to(letter), "here": here(found)}
    return show_letters(f"written/letters/{name}.html", head=found.head, form=form, **values)


def find_again(found: LetterOfCase) -> LetterOfCase | None:
    return letter_for(g.actor, found.head.number, found.letter.public_id)


def here(found: LetterOfCase) -> str:
    return f"{address_of(found.head)}{found.letter.public_id}"


PAGES = LetterPages(letter_page, form_page, here, find_again)
