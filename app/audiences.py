"""The audiences, put together: their pages, and the navigation of each."""

from flask import Flask

from app import everyone, health, portal, signin, workspace
from app.people.models import Kind

NAVS = {Kind.SCHOOL: portal.nav, Kind.SERVICE: workspace.nav}


def set_up(app: Flask) -> None:
    for room in (health, signin, everyone, portal, workspace):
        room.set_up(app)
