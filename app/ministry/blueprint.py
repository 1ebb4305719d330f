"""The Ministry's addresses; to everybody else they do not exist."""

from flask import Blueprint

from app.core.web.guards import audience
from app.people.models import Kind

bp = audience(Blueprint("ministry", __name__, url_prefix="/ministry"), Kind.MINISTRY)
