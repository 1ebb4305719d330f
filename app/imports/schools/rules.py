"""Which columns the files of services, catchments and schools have."""

from app.imports.columns import Columns

SERVICES = Columns(("number", "name"), ("phone", "email"))
CATCHMENTS = Columns(("name", "region"), ("service",))
SCHOOLS = Columns(("number", "name", "catchment"), ("provision", "phone", "email"))
NEW, CHANGED, SAME = "new", "changed", "as before"
ADDED, BECAME = "organisation.added", "organisation.changed"
LONGEST_NUMBER, LONGEST_NAME, LONGEST_CATCHMENT = 20, 160, 120
