"""Pauses that a lead approves, and the setting that has a service ask for them"""

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'asked'")


def upgrade() -> None:
    op.add_column("organisation", sa.Column("has_other_pauses", sa.Boolean(), nullable=True))
    op.execute("UPDATE organisation SET has_other_pauses = false")
    with op.batch_alter_table("organisation") as batch:
        batch.alter_column("has_other_pauses", existing_type=sa.Boolean(), nullable=False)
    op.create_table(
        "pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "approved",
                "refused",
                "withdrawn",
                name="pausestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("is_alone", sa.Boolean(), nullable=False),
        sa.Column("is_under_sixteen", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_pause_asked_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["attendance_case.id"], name=op.f("fk_pause_case_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_pause_decided_by_id")),
        sa.ForeignKeyConstraint(["service_id"], ["organisation.id"], name=op.f("fk_pause_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
        sa.UniqueConstraint("public_id", name=op.f("uq_pause_public_id")),
    )
    op.create_index("ix_pause_case", "pause", ["case_id"])
    op.create_index("ix_pause_service_waiting", "pause", ["service_id"], sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_index(
        "uq_pause_waiting", "pause", ["case_id"], unique=True, sqlite_where=WAITING, postgresql_where=WAITING
    )


def downgrade() -> None:
    op.drop_table("pause")
    with op.batch_alter_table("organisation") as batch:
        batch.drop_column("has_other_pauses")
