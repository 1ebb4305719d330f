"""What each column of an export says, where that cannot be seen, or was seen wrongly; remembered for the next file (T1)."""

from collections.abc import Mapping

from flask import g, request
from werkzeug.wrappers import Response

from app.attendance.marks.actions import LOOKED_AT, NOT_IN_REVIEW, say_columns
from app.attendance.marks.columns import MOST_COLUMNS, Column
from app.attendance.marks.policy import can_import
from app.attendance.marks.queries import Found, import_for
from app.attendance.marks.reading import columns_from, sample_from
from app.core.errors import Conflict, Refused
from app.core.web.answers import done, elsewhere, show
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.portal.blueprint import bp
from app.portal.import_page import here, import_page
from app.portal.imports import HERE

COLUMN_WORDS: Mapping[str, str] = {
    Column.NOTHING: "Nothing that is needed",
    Column.NSN: "The student’s NSN",
    Column.LOCAL_ID: "The school’s own number of the student",
    Column.DAY: "The day",
    Column.HALF: "Morning or afternoon",
    Column.CODE: "The code of that half-day",
    Column.MORNING: "The code of the morning",
    Column.AFTERNOON: "The code of the afternoon",
    Column.BOTH: "Both codes of the day",
    Column.A_DAY: "Codes of the day in its heading",
}
TWICE = "Two columns say the same: “{}”. Choose it for one of them only."


@bp.get(f"{HERE}columns")
@needs(can_import, on=import_for, log="import of half-day marks")
def columns_of_import(found: Found) -> Response:
    if found.brought.state not in LOOKED_AT or not found.brought.file_id:
        return elsewhere(here(found))
    said = columns_from(found.brought.columns) if found.brought.columns else []
    return _page(found, OnceForm(), [str(column) for column in said])


@bp.post(f"{HERE}columns")
@needs(can_import, on=import_for)
def set_columns(found: Found) -> Response:
    """It is read anew by them."""
    form, count = OnceForm(request.form), len(_headings(found))
    chosen = [request.form.get(f"column-{number}", "") for number in range(min(count, MOST_COLUMNS))]
    if not form.validate() or (fault := _fault_of(chosen)):
        form.form_errors += [fault] if not form.form_errors else []
        return _page(found, form, chosen, status=422)
    try:
        say_columns(found, [Column(word) for word in chosen], by=g.actor)
    except Refused as refused:
        form.form_errors.append(refused.why)
        return _page(found, form, chosen, status=422)
    except Conflict:
        form.form_errors.append(NOT_IN_REVIEW)
        return import_page(import_for(g.actor, found.brought.public_id) or found, form, status=409)
    return done("The file is read again, by what you said. The next one with these headings too.", here(found))


def _fault_of(chosen: list[str]) -> str:
    if any(word not in COLUMN_WORDS for word in chosen):
        return "Choose what each column says"
    said = [word for word in chosen if word not in {Column.NOTHING, Column.A_DAY}]
    twice = next((word for word in said if said.count(word) > 1), "")
    return TWICE.format(COLUMN_WORDS[twice]) if twice else ""


def _headings(found: Found) -> list[str]:
    return (sample_from(found.brought.sample) or [[]])[0]


def _page(found: Found, form: OnceForm, chosen: list[str], *, status: int = 200) -> Response:
    headings, *rows = sample_from(found.brought.sample) or [[]]
    columns = [
        (
            number,
            heading,
            [row[number] for row in rows if number < len(row)],
            chosen[number] if number < len(chosen) else "",
        )
        for number, heading in enumerate(headings)
    ]
    return show(
        "portal/imports/columns.html",
        status=status,
        form=form,
        found=found,
        here=here(found),
        columns=columns,
        words=COLUMN_WORDS,
    )
