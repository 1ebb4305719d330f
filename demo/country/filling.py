"""An empty, migrated database becomes the country: everything in one transaction, so that nothing half-made is left."""

import gc
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from app.core.db import db
from app.core.figures import the_figures
from demo.country.books import Books
from demo.country.cases import CaseRows
from demo.country.country import Country
from demo.country.planning import plans, pupils_without
from demo.country.plans import Plan
from demo.country.setting import write_places, write_pupil, write_staff
from demo.country.sheet import Sheet
from demo.country.students import Pupil
from demo.country.writing import finish, writer

AT_A_TIME = 400
"""Cases that began about the same time are written together, their rows in the order of time."""
Say = Callable[[int], object]
Counts = dict[str, int]
Thing = TypeVar("Thing")


def fill(country: Country, say: Say) -> Counts:
    """Everything; `say` is told now and then how many cases there are. The caller has begun to write, and commits."""
    return write(country, plans(country), pupils_without(country), say)


def write(country: Country, cases: Iterable[Plan], others: Iterable[Pupil] = (), say: Say = abs) -> Counts:
    """Places, staff, these cases, and other students; how many rows of each table. Python does not search for garbage
    meanwhile: it would take a third of the time, and find nothing."""
    gc.disable()
    try:
        return _write(country, cases, others, say)
    finally:
        gc.enable()


def _write(country: Country, cases: Iterable[Plan], others: Iterable[Pupil], say: Say) -> Counts:
    connection = db.session.connection()
    sheet = Sheet(writer(connection))
    books = Books(country, sheet, the_figures().undo_for)
    write_places(sheet, country)
    write_staff(sheet, country)
    sheet.write()
    for some in _parts(cases):
        _write_cases(books, country, some)
        say(some[-1].number)
    for pupils in _parts(others):
        _write_pupils(sheet, country, pupils)
    books.write_counts(country.read_until)
    sheet.write()
    finish(connection, sheet.last_ids)
    return dict(sheet.counts)


def _write_cases(books: Books, country: Country, some: list[Plan]) -> None:
    for plan in sorted(some, key=lambda each: each.steps[1].at):
        if plan.is_first:
            write_pupil(books.sheet, country, plan.pupil)
        CaseRows(books, plan).write()
    books.sheet.write()


def _write_pupils(sheet: Sheet, country: Country, pupils: list[Pupil]) -> None:
    for pupil in pupils:
        write_pupil(sheet, country, pupil)
    sheet.write()


def _parts(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    remaining = iter(things)
    while part := list(islice(remaining, AT_A_TIME)):
        yield part
