"""The privacy statement, to read and to print for the whānau (PRIV-5)."""

from werkzeug.wrappers import Response

from app.core.web.answers import show
from app.core.web.guards import open_to
from app.everyone.blueprint import bp


@bp.get("/help/privacy")
@open_to()
def privacy() -> Response:
    """In English, then in te reo Māori; each begins on a sheet of its own."""
    return show("everyone/privacy.html")
