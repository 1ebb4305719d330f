"""What was recorded of a caregiver before it was changed"""

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant
from app.core.schema import make_append_only

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STATES = sa.Enum(
    "current", "not_current", "not_tried", name="address_state", native_enum=False, create_constraint=True, length=40
)


def upgrade() -> None:
    op.create_table(
        "former_caregiver",
        sa.Column("caregiver_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("relationship", sa.String(length=60), nullable=False),
        sa.Column("has_responsibility", sa.Boolean(), nullable=True),
        sa.Column("may_be_contacted", sa.Boolean(), nullable=True),
        sa.Column("contact_note", sa.String(length=300), nullable=False),
        sa.Column("lives_with_student", sa.Boolean(), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("language", sa.String(length=60), nullable=False),
        sa.Column("address_state", STATES, nullable=False),
        sa.Column("address_source", sa.String(length=160), nullable=False),
        sa.Column("address_checked_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_former_caregiver_by_id")),
        sa.ForeignKeyConstraint(["caregiver_id"], ["caregiver.id"], name=op.f("fk_former_caregiver_caregiver_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_former_caregiver_organisation_id")
        ),
        sa.PrimaryKeyConstraint("caregiver_id", "number", name=op.f("pk_former_caregiver")),
    )
    make_append_only(op, "former_caregiver")


def downgrade() -> None:
    op.drop_table("former_caregiver")
