"""The school portal's addresses; to everybody else they do not exist."""

from flask import Blueprint

from app.core.web.guards import audience
from app.people.models import Kind
from app.people.rules import ROLES_OF

SCHOOL = ROLES_OF[Kind.SCHOOL]
bp = audience(Blueprint("portal", __name__, url_prefix="/portal"), Kind.SCHOOL)
