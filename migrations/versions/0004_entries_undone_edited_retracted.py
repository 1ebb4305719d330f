"""Entries open to others later, can be edited and retracted; notes that are not sent yet"""

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant
from app.core.schema import make_append_only

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("opens_at", Instant(), nullable=True),
        sa.Column("edited_at", Instant(), nullable=True),
        sa.Column("retracted_by_id", sa.Integer(), nullable=True),
    ):
        op.add_column("entry", column)
    op.execute("UPDATE entry SET opens_at = recorded_at")
    with op.batch_alter_table("entry") as batch:
        batch.alter_column("opens_at", existing_type=Instant(), nullable=False)
        batch.create_foreign_key(op.f("fk_entry_retracted_by_id"), "person", ["retracted_by_id"], ["id"])
    op.add_column("entry_audience", sa.Column("was_read", sa.Boolean(), nullable=True))
    _former_texts()
    _unsent()


def downgrade() -> None:
    for table in ("unsent_file", "unsent", "entry_text"):
        op.drop_table(table)
    op.drop_column("entry_audience", "was_read")
    with op.batch_alter_table("entry") as batch:
        batch.drop_constraint(op.f("fk_entry_retracted_by_id"), type_="foreignkey")
        for column in ("opens_at", "edited_at", "retracted_by_id"):
            batch.drop_column(column)


def _former_texts() -> None:
    op.create_table(
        "entry_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_entry_text_entry_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_entry_text_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_text")),
    )
    op.create_index(op.f("ix_entry_text_entry_id"), "entry_text", ["entry_id"])
    make_append_only(op, "entry_text")


def _unsent() -> None:
    op.create_table(
        "unsent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=64), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["attendance_case.id"], name=op.f("fk_unsent_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_unsent_person_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_unsent_organisation_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_unsent_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsent")),
        sa.UniqueConstraint(
            "case_id",
            "person_id",
            "organisation_id",
            "page",
            name=op.f("uq_unsent_case_id_person_id_organisation_id_page"),
        ),
    )
    op.create_table(
        "unsent_file",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("unsent_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_unsent_file_file_id")),
        sa.ForeignKeyConstraint(["unsent_id"], ["unsent.id"], name=op.f("fk_unsent_file_unsent_id")),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_unsent_file")),
    )
    op.create_index(op.f("ix_unsent_file_unsent_id"), "unsent_file", ["unsent_id"])
