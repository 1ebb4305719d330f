"""STAR watch by tutor group: to print, and as tables (ATT-5)."""

from flask import g, request
from werkzeug.wrappers import Response

from app.attendance.star.export import file_name, sheet_of_all, sheets_by_tutor
from app.attendance.star.lines import Line, by_tutor
from app.attendance.star.policy import WRITERS
from app.attendance.star.queries import MOST, MOST_IN_FILE, lines_for, watch_of
from app.core.seen import View
from app.core.sheets import CSV, XLSX, as_csv, as_xlsx
from app.core.web.answers import show
from app.core.web.downloads import take_away
from app.core.web.guards import open_to
from app.portal.blueprint import bp
from app.portal.star.listing import StarFilter


@bp.get("/attendance/star/by-tutor")
@open_to(*WRITERS)
def star_by_tutor() -> Response:
    """A leaf for each tutor group, with ticks to record for all of it."""
    form, lines = StarFilter(request.args), _lines(MOST)
    watch = watch_of(g.actor)
    form.offer(watch)
    g.view = View("STAR watch by tutor", None)
    return show(
        "portal/star/by_tutor.html",
        form=form,
        watch=watch,
        groups=list(by_tutor(lines[:MOST])),
        is_cut=len(lines) > MOST,
    )


@bp.get("/attendance/star/by-tutor.csv")
@open_to(*WRITERS)
def star_csv() -> Response:
    lines = _lines(MOST_IN_FILE)
    g.view = View(f"STAR watch: CSV file of {len(lines)} students", None)
    return take_away(as_csv(sheet_of_all(lines, watch_of(g.actor))), file_name("csv"), CSV)


@bp.get("/attendance/star/by-tutor.xlsx")
@open_to(*WRITERS)
def star_xlsx() -> Response:
    """A sheet for each tutor group."""
    lines = _lines(MOST_IN_FILE)
    g.view = View(f"STAR watch: Excel file of {len(lines)} students", None)
    sheets = sheets_by_tutor(lines, watch_of(g.actor), school=g.actor.organisation_name, by=g.actor.name)
    return take_away(as_xlsx(*sheets), file_name("xlsx"), XLSX)


def _lines(most: int) -> list[Line]:
    return lines_for(g.actor, StarFilter(request.args).wanted, most=most)
