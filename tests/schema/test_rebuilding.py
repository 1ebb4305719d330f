"""A migration that rebuilds a table with children, as SQLite needs for almost every change, leaves them alive."""

from pathlib import Path
from textwrap import dedent

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select, text

from app.cases.entries import Entry
from app.cases.models import Case
from app.core import schema
from app.core.db import Base, db
from app.letters.models import Letter
from app.students.models import Caregiver, Tried
from tests import make
from tests.support.databases import Database


def with_migration(database: Database, folder: Path, lines: str) -> Config:
    """The portal's own migrations, and after them one that carries out these lines."""
    begins = f'import sqlalchemy as sa\nfrom alembic import op\n\nrevision, down_revision = "later", "{head()}"\n'
    body = "\n".join(f"    {line}" for line in dedent(lines).strip().splitlines())
    (folder / "later.py").write_text(f"{begins}\n\ndef upgrade():\n{body}\n")
    made = schema.configuration(database.url)
    made.set_main_option("path_separator", "os")
    made.set_main_option("version_locations", f"{schema.MIGRATIONS / 'versions'}:{folder}")
    return made


def head() -> str:
    with db.engine.connect() as connection:
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


@pytest.fixture
def case(own_world: make.World) -> int:
    """A case with an entry, kept."""
    made = make.open_case(own_world)
    make.note(own_world.ana, made)
    number = made.id
    db.session.commit()
    db.engine.dispose()
    return number


def test_children_of_a_rebuilt_table_stay(database: Database, tmp_path: Path, case: int) -> None:
    before = counts()
    lines = """
        with op.batch_alter_table("attendance_case") as batch:
            batch.alter_column("number", type_=sa.String(80))
    """
    command.upgrade(with_migration(database, tmp_path, lines), "head")
    assert counts() == before
    assert set(db.session.scalars(select(Entry.case_id))) == {case}
    assert head() == "later"


def test_a_migration_that_leaves_orphans_is_undone_as_a_whole(database: Database, tmp_path: Path, case: int) -> None:
    before, lines = counts(), 'op.execute("DELETE FROM attendance_case")'
    with pytest.raises(Exception, match=r"nothing was migrated|foreign key"):
        command.upgrade(with_migration(database, tmp_path, lines), "head")
    assert counts() == before
    assert db.session.scalars(select(Case.id)).all() == [case]
    assert head() != "later"


def test_letters_go_and_come_with_their_migrations_and_all_else_stays(
    database: Database, own_world: make.World
) -> None:
    """Down to before there were any, and up again, with a letter that was sent."""
    case = make.open_case(own_world)
    note = make.note(own_world.ana, case)
    kept = note.id
    before = select(text("count(*)")).select_from(Entry)
    were = db.session.scalar(before)
    caregiver = make.letter_ready(own_world, case)
    make.letter_sent(own_world.ana, case, caregiver)
    make.hold(own_world.ana, case)
    people = db.session.scalars(select(Caregiver.name).order_by(Caregiver.id)).all()
    db.session.commit()
    db.engine.dispose()
    command.downgrade(schema.configuration(database.url), "0005")
    command.upgrade(schema.configuration(database.url), "head")
    assert db.session.scalar(before) == were
    assert db.session.get(Entry, kept)
    assert db.session.scalars(select(Letter)).all() == []
    found = db.session.scalars(select(Caregiver).order_by(Caregiver.id)).all()
    assert [each.name for each in found] == people
    assert len({each.public_id for each in found}) == len(found)
    assert {each.address_state for each in found} == {Tried.NOT_TRIED}


def counts() -> dict[str, int]:
    """How many rows every table holds."""
    db.session.rollback()
    tables = [table.name for table in Base.metadata.sorted_tables]
    found = {name: db.session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in tables}
    db.session.rollback()
    return found
