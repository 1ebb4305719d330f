"""Files: their rows, and what they hang on"""

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SCANS = ("not_scanned", "pending", "clean", "infected", "failed")
CHANGES = ("", "place_removed", "upright_jpeg")


def upgrade() -> None:
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("arrived_sha256", sa.String(length=64), nullable=False),
        sa.Column("kept_sha256", sa.String(length=64), nullable=False),
        sa.Column("change", _word(*CHANGES, name="change"), nullable=False),
        sa.Column("scan", _word(*SCANS, name="scan"), nullable=False),
        sa.Column("scanned_at", Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", Instant(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_stored_file_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_stored_file_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("key", name=op.f("uq_stored_file_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_stored_file_public_id")),
    )
    op.create_index("ix_stored_file_scan", "stored_file", ["scan", "next_try_at"])
    for child, parent in (("entry_file", "entry"), ("referral_file", "referral")):
        _hang(child, parent)


def downgrade() -> None:
    op.drop_table("referral_file")
    op.drop_table("entry_file")
    op.drop_table("stored_file")


def _hang(child: str, parent: str) -> None:
    """A table that says what a file hangs on."""
    op.create_table(
        child,
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column(f"{parent}_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f(f"fk_{child}_file_id")),
        sa.ForeignKeyConstraint([f"{parent}_id"], [f"{parent}.id"], name=op.f(f"fk_{child}_{parent}_id")),
        sa.PrimaryKeyConstraint("file_id", name=op.f(f"pk_{child}")),
    )
    op.create_index(op.f(f"ix_{child}_{parent}_id"), child, [f"{parent}_id"])


def _word(*words: str, name: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)
