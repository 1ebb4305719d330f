"""Each row of the country's sheets names every column of its table, so that a new column is missed at once."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from app.core.db import Base
from demo.country.books import Books
from demo.country.cases import CaseRows
from demo.country.country import Country
from demo.country.planning import plans, pupils_without
from demo.country.setting import write_places, write_pupil, write_staff
from demo.country.sheet import TABLES, Row, Sheet
from tests.demo.small import SMALL

UNDO_FOR, BY_ITSELF = timedelta(minutes=10), {"id"}


class Noted(Sheet):
    """A sheet whose rows stay with it."""

    def __init__(self) -> None:
        super().__init__(lambda table, rows: None)
        self.rows: defaultdict[str, list[Row]] = defaultdict(list)

    def add(self, table: str, at: datetime, /, **values: Any) -> Row:
        row = super().add(table, at, **values)
        self.rows[table].append(row)
        return row


def filled() -> Noted:
    sheet, country = Noted(), Country(1, 200, date(2026, 3, 3), SMALL)
    books = Books(country, sheet, UNDO_FOR)
    write_places(sheet, country)
    write_staff(sheet, country)
    for plan in plans(country):
        if plan.is_first:
            write_pupil(sheet, country, plan.pupil)
        CaseRows(books, plan).write()
    for pupil in pupils_without(country):
        write_pupil(sheet, country, pupil)
    books.write_counts(country.read_until)
    return sheet


@pytest.mark.usefixtures("context")
def test_every_row_names_every_column_of_its_table() -> None:
    sheet = filled()
    assert set(sheet.rows) == set(TABLES)
    for name, rows in sheet.rows.items():
        columns = set(Base.metadata.tables[name].c.keys()) - BY_ITSELF
        assert {column for row in rows for column in columns - row.keys()} == set(), name
        assert {column for row in rows for column in row.keys() - columns} <= BY_ITSELF, name
