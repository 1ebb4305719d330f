"""`/healthz`: the process answers. `/readyz`: everything it needs is there, else which part is not, in plain words."""

from flask import Blueprint, Flask
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from app.core.db import db
from app.core.files import store
from app.core.jobs import is_alive
from app.core.schema import is_at_head
from app.core.web import errors
from app.core.web.guards import open_to_all, open_to_machines
from app.core.web.parts import is_part_request, told

bp = Blueprint("health", __name__)


def set_up(app: Flask) -> None:
    app.register_blueprint(bp)


@bp.get("/healthz")
@open_to_machines
def healthz() -> Response:
    return _plain("ok\n", 200)


@bp.get("/readyz")
@open_to_machines
def readyz() -> Response:
    lacking = [words for words, is_fine in _checks() if not is_fine]
    return _plain("".join(f"{words}\n" for words in lacking) or "ready\n", 503 if lacking else 200)


@bp.get("/too-large")
@open_to_all
def too_large() -> Response:
    """What a proxy shows instead of a form that it does not let through; a part of a page stays as it is."""
    if is_part_request():
        heading, sentences = errors.usual_words(413)
        return told(413, " ".join([f"{heading}.", *sentences, errors.STILL_HERE]))
    return errors.page(413)


def _checks() -> list[tuple[str, bool]]:
    try:
        return [
            ("The database is not migrated: run `flask db-upgrade`.", is_at_head()),
            ("The file storage cannot be written.", store.is_usable()),
            ("The worker has not been heard of for over two minutes.", is_alive("worker")),
        ]
    except SQLAlchemyError:
        db.session.rollback()
        return [("The database cannot be reached, or is not migrated.", False)]


def _plain(text: str, status: int) -> Response:
    return Response(text, status=status, content_type="text/plain; charset=utf-8")
