"""Every row of every table, in a form that is the same however a case was made: rows in the order of their ids (students by
their numbers), references by place in that order, random names by whose they are and their shape."""

from typing import Any

from sqlalchemy import Table, select

from app.core.db import Base, db

Rows = list[dict[str, Any]]


def everything() -> dict[str, Rows]:
    """Of each table that has any."""
    tables = {table.name: _rows(table) for table in Base.metadata.sorted_tables}
    places = {name: _places(rows) for name, rows in tables.items()}
    names = _names(tables)
    return {
        table.name: _ordered([_alike(table, row, places, names) for row in tables[table.name]])
        for table in Base.metadata.sorted_tables
        if tables[table.name]
    }


def _ordered(rows: Rows) -> Rows:
    """Rows without an id of their own by what stands in them."""
    return rows if "id" in rows[0] else sorted(rows, key=lambda row: repr(list(row.values())))


def _rows(table: Table) -> Rows:
    order = [table.c.national_number] if table.name == "student" else table.primary_key.columns
    statement = select(table).order_by(*order)
    return [dict(row._mapping) for row in db.session.execute(statement)]


def _places(rows: Rows) -> dict[Any, int]:
    return {row["id"]: place for place, row in enumerate(rows, 1) if "id" in row}


def _names(tables: dict[str, Rows]) -> dict[str, str]:
    """Each public id, by the place of whoever has it."""
    return {
        row["public_id"]: f"{name} {place}, {len(row['public_id'])} characters"
        for name, rows in tables.items()
        for place, row in enumerate(rows, 1)
        if "public_id" in row
    }


def _alike(
    table: Table, row: dict[str, Any], places: dict[str, dict[Any, int]], names: dict[str, str]
) -> dict[str, Any]:
    alike = dict(row)
    for name, value in row.items():
        if isinstance(value, str):
            alike[name] = names.get(value, value)
        for key in table.c[name].foreign_keys:
            alike[name] = places[key.column.table.name].get(value, value)
    if "id" in row:
        alike["id"] = places[table.name][row["id"]]
    if "thing" in row:
        alike["thing_id"] = places[row["thing"]][row["thing_id"]]
    if table.name == "unsent":
        alike["version"] = len(row["version"])
    return alike
