"""The portal for gunicorn as `wsgi.py` makes it, but a sender that stalls is given up sooner: the tests wait for it."""

from app.core.web import bodies
from wsgi import app

__all__ = ["app"]
bodies.STALLED_SECONDS = 4
