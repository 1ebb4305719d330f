"""Drafts have an owner, can be discarded, and say from which page each field came"""

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ALL_DRAFTS = "state = 'draft'"
KEPT_DRAFTS = "state = 'draft' AND discarded_at IS NULL"


def upgrade() -> None:
    op.drop_index("uq_referral_draft", table_name="referral")
    for column in (
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("announced_at", Instant(), nullable=True),
        sa.Column("discarded_at", Instant(), nullable=True),
        sa.Column("discarded_by_id", sa.Integer(), nullable=True),
    ):
        op.add_column("referral", column)
    op.execute("UPDATE referral SET owner_id = maker_id")
    with op.batch_alter_table("referral") as batch:
        batch.alter_column("owner_id", existing_type=sa.Integer(), nullable=False)
        batch.create_foreign_key(op.f("fk_referral_owner_id"), "person", ["owner_id"], ["id"])
        batch.create_foreign_key(op.f("fk_referral_discarded_by_id"), "person", ["discarded_by_id"], ["id"])
    _one_draft(KEPT_DRAFTS)
    op.add_column("referral_answer", sa.Column("page", sa.String(length=20), nullable=True))
    op.add_column("referral_answer", sa.Column("turn", sa.Integer(), nullable=True))
    op.execute("UPDATE referral_answer SET page = '', turn = 0")
    with op.batch_alter_table("referral_answer") as batch:
        batch.alter_column("page", existing_type=sa.String(length=20), nullable=False)
        batch.alter_column("turn", existing_type=sa.Integer(), nullable=False)
    _kept_texts()


def downgrade() -> None:
    op.drop_table("referral_kept_text")
    with op.batch_alter_table("referral_answer") as batch:
        batch.drop_column("turn")
        batch.drop_column("page")
    op.drop_index("uq_referral_draft", table_name="referral")
    op.execute(
        "DELETE FROM referral_file WHERE referral_id IN (SELECT id FROM referral WHERE discarded_at IS NOT NULL)"
    )
    op.execute(
        "DELETE FROM referral_answer WHERE referral_id IN (SELECT id FROM referral WHERE discarded_at IS NOT NULL)"
    )
    op.execute("DELETE FROM referral WHERE discarded_at IS NOT NULL")
    with op.batch_alter_table("referral") as batch:
        batch.drop_constraint(op.f("fk_referral_owner_id"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_referral_discarded_by_id"), type_="foreignkey")
        for column in ("owner_id", "announced_at", "discarded_at", "discarded_by_id"):
            batch.drop_column(column)
    _one_draft(ALL_DRAFTS)


def _kept_texts() -> None:
    """What two people typed into one field, until one is chosen."""
    op.create_table(
        "referral_kept_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("page", sa.String(length=20), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_referral_kept_text_referral_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_referral_kept_text_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_kept_text")),
        sa.UniqueConstraint(
            "referral_id", "field", "page", "by_id", name=op.f("uq_referral_kept_text_referral_id_field_page_by_id")
        ),
    )


def _one_draft(where: str) -> None:
    """One draft for each student of a school."""
    clause = sa.text(where)
    columns = ["school_id", "student_id"]
    op.create_index("uq_referral_draft", "referral", columns, unique=True, sqlite_where=clause, postgresql_where=clause)
