"""The portal for a WSGI server, `gunicorn wsgi:app`, and for the commands, `flask --app wsgi …`."""

import os

from click import ClickException

from app import ROOT, create_app
from app.settings import Settings, UnsafeSettings, from_file
from demo.country.command import demo

try:
    app = create_app(Settings.from_env(from_file(ROOT, os.environ)))
except UnsafeSettings as reason:
    raise ClickException(f"{reason} Settings are read from the environment and from waharoa.env.") from reason
app.cli.add_command(demo)
