"""`flask import …`: what the operator brings in from files. A dry run, unless it is said that it shall be kept (O5)."""

from flask.cli import AppGroup

imports = AppGroup("import", help="Bring in what others have: a dry run each, until --keep is said.")
