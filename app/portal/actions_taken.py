"""What the school has done already, taken over from its own list: pasted or uploaded, looked at, mended, and added (R9)."""

from collections.abc import Sequence

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from app.core import clock
from app.core.errors import Refused
from app.core.figures import counted
from app.core.files.tables import Table, as_text, read_file, read_text
from app.core.files.unfit import Unfit
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.core.web.uploads import taken
from app.core.web.writes import Sent
from app.portal.blueprint import bp
from app.portal.draft_ends import ended_meanwhile
from app.referrals import policy
from app.referrals.actions_taken.actions import add_steps
from app.referrals.actions_taken.columns import Columns, apart, chosen, columns_of
from app.referrals.actions_taken.rules import Proposal, Reading, judged, read
from app.referrals.days import as_written
from app.referrals.queries import Request, held_request_for, kept_request_for
from app.referrals.questions import ACTION_ROWS
from app.referrals.rules import actions_taken

NOTHING_GIVEN = "Paste a table, or choose a file"
NOTHING_TO_ADD = "Every row is left out. Take a tick away from what should be added."
NO_ROWS = (
    "There is no row about this student in it. Check which column names the student, or paste the rows that are theirs."
)


class TableForm(OnceForm):
    """What was copied out of a spreadsheet or the school's own system."""

    table = TextAreaField("Paste it here")


@bp.get("/referrals/<public_id>/actions")
@needs(policy.can_edit, on=kept_request_for)
def list_of_actions(found: Request) -> Response:
    """Where a list is pasted or uploaded."""
    return ended_meanwhile(found) or _table_page(found, TableForm())


@bp.post("/referrals/<public_id>/actions")
@needs(policy.can_edit, on=kept_request_for, sent=Sent.LOOKS, keeping=read_file)
def read_actions(found: Request) -> Response:
    """What the list says, to be looked at; nothing is kept yet. Where it is unsure what a column says, that is asked first."""
    if ended := ended_meanwhile(found):
        return ended
    form = TableForm(request.form)
    if not form.validate():
        return _table_page(found, form, status=422)
    try:
        table = _table(form)
    except Unfit as reason:
        form.table.errors = [str(reason)]
        return _table_page(found, form, status=422)
    rows = apart(table.rows, today=clock.today())
    columns = columns_of(rows, today=clock.today())
    if said := [request.form[name] for name in _column_names(rows) if name in request.form]:
        columns = chosen(columns, said)
    if not columns.is_sure:
        return _page(found, "portal/actions_columns.html", OnceForm(), rows=rows, columns=columns)
    reading = _reading(found, rows, columns)
    if not reading.proposals:
        form.form_errors.append(NO_ROWS)
        return _page(found, "portal/actions_columns.html", form, status=422, rows=rows, columns=columns)
    return _rows_page(found, OnceForm(), reading.proposals, reading=reading, columns=columns)


@bp.post("/referrals/<public_id>/actions/rows")
@needs(policy.can_edit, on=held_request_for)
def add_actions(found: Request) -> Response:
    """The rows that are not left out, once each of them can stand."""
    form, proposals = OnceForm(request.form), _proposals()
    wanted = [each for each in proposals if not each.is_left_out]
    is_whole = form.validate()
    if not wanted:
        form.form_errors.append(NOTHING_TO_ADD)
    if not (is_whole and wanted) or _faults(proposals):
        return _rows_page(found, form, proposals, status=422)
    try:
        add_steps(found, [(each.what, as_written(each.when, today=clock.today())) for each in wanted], by=g.actor)
    except Refused as refused:
        form.form_errors.append(refused.why)
        return _rows_page(found, form, proposals, status=422)
    return done(f"{counted(len(wanted), 'step')} added.", f"/portal/referrals/{found.referral.public_id}/#done")


def _table(form: TableForm) -> Table:
    """Of the file, where one came, else of what was pasted. Raises `Unfit`."""
    for upload in taken():
        if upload.table is None:
            raise Unfit(f"“{upload.name}” was not read. {upload.refusal}")
        return upload.table
    if not (form.table.data or "").strip():
        raise Unfit(NOTHING_GIVEN)
    return read_text(form.table.data)


def _reading(found: Request, rows: Sequence[tuple[str, ...]], columns: Columns) -> Reading:
    names = [found.student.legal_name, found.student.preferred_name or ""]
    number, there = found.student.national_number or "", actions_taken(found.texts)
    return read(rows, columns, names=names, number=number, there=there, today=clock.today())


def _proposals() -> list[Proposal]:
    """As they were sent, mended or left out by a person."""
    sent = [
        Proposal(
            request.form[f"what-{row}"].strip(),
            request.form.get(f"when-{row}", "").strip(),
            is_left_out=f"out-{row}" in request.form,
        )
        for row in range(1, ACTION_ROWS + 1)
        if f"what-{row}" in request.form
    ]
    return [judged(each, today=clock.today()) for each in sent]


def _column_names(rows: Sequence[tuple[str, ...]]) -> list[str]:
    return [f"column-{column}" for column in range(1, len(rows[0]) + 1)]


def _table_page(found: Request, form: TableForm, *, status: int = 200) -> Response:
    return _page(found, "portal/actions_taken.html", form, status=status)


def _rows_page(
    found: Request,
    form: OnceForm,
    proposals: list[Proposal],
    *,
    status: int = 200,
    reading: Reading | None = None,
    columns: Columns | None = None,
) -> Response:
    page, rows = "portal/actions_rows.html", reading.rows if reading else ()
    return _page(found, page, form, status=status, rows=rows, columns=columns, reading=reading, proposals=proposals)


def _page(
    found: Request,
    page: str,
    form: OnceForm,
    *,
    status: int = 200,
    rows: Sequence[tuple[str, ...]] = (),
    columns: Columns | None = None,
    reading: Reading | None = None,
    proposals: Sequence[Proposal] = (),
) -> Response:
    return show(
        page,
        status=status,
        form=form,
        student=found.student,
        public_id=found.referral.public_id,
        columns=columns,
        rows=rows,
        table=as_text(Table(tuple(rows))),
        reading=reading,
        proposals=proposals,
        faults=_faults(proposals),
    )


def _faults(proposals: Sequence[Proposal]) -> dict[str, str]:
    """By the address of the box on the page; what is left out may be as it is."""
    return {
        f"{what}-{row}": fault
        for row, each in enumerate(proposals, 1)
        if not each.is_left_out
        for what, fault in each.faults.items()
    }
