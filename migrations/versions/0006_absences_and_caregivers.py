"""What was told of absences; what letters need to know of a caregiver"""

import secrets

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant
from app.core.schema import make_append_only

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ADDED = {
    "public_id": sa.String(length=20),
    "has_responsibility": sa.Boolean(),
    "may_be_contacted": sa.Boolean(),
    "contact_note": sa.String(length=300),
    "lives_with_student": sa.Boolean(),
    "address_state": sa.String(length=40),
    "address_source": sa.String(length=160),
    "address_checked_on": sa.Date(),
    "changed_at": Instant(),
    "changed_by_id": sa.Integer(),
}
STATES = sa.Enum(
    "current", "not_current", "not_tried", name="address_state", native_enum=False, create_constraint=True, length=40
)


def upgrade() -> None:
    _caregivers()
    _statements()


def downgrade() -> None:
    op.drop_table("absence_week")
    op.drop_table("absence_statement")
    with op.batch_alter_table("caregiver") as batch:
        batch.drop_constraint(op.f("fk_caregiver_changed_by_id"), type_="foreignkey")
        batch.drop_constraint(op.f("uq_caregiver_public_id"), type_="unique")
        batch.drop_constraint(op.f("ck_caregiver_address_state"), type_="check")
        for name in ADDED:
            batch.drop_column(name)


def _caregivers() -> None:
    """Nothing is known yet of those who were named before."""
    for name, kind in ADDED.items():
        op.add_column("caregiver", sa.Column(name, kind, nullable=True))
    caregiver = sa.table("caregiver", sa.column("id"), sa.column("public_id"))
    op.execute("UPDATE caregiver SET contact_note = '', address_source = '', address_state = 'not_tried'")
    for number in op.get_bind().scalars(sa.select(caregiver.c.id)).all():
        named = sa.update(caregiver).where(caregiver.c.id == number)
        op.execute(named.values(public_id=secrets.token_urlsafe(9)))
    with op.batch_alter_table("caregiver") as batch:
        for name in ("public_id", "contact_note", "address_source"):
            batch.alter_column(name, existing_type=ADDED[name], nullable=False)
        batch.alter_column("address_state", existing_type=ADDED["address_state"], type_=STATES, nullable=False)
        batch.create_unique_constraint(op.f("uq_caregiver_public_id"), ["public_id"])
        batch.create_foreign_key(op.f("fk_caregiver_changed_by_id"), "person", ["changed_by_id"], ["id"])


def _statements() -> None:
    op.create_table(
        "absence_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("half_days_open", sa.Integer(), nullable=False),
        sa.Column("half_days_explained", sa.Integer(), nullable=False),
        sa.Column("half_days_unexplained", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.CheckConstraint("from_on <= to_on AND to_on <= as_of", name=op.f("ck_absence_statement_in_order")),
        sa.CheckConstraint(
            "half_days_explained + half_days_unexplained <= half_days_open",
            name=op.f("ck_absence_statement_within_open"),
        ),
        sa.CheckConstraint(
            "half_days_explained >= 0 AND half_days_unexplained >= 0", name=op.f("ck_absence_statement_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_absence_statement_organisation_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_absence_statement_recorded_by_id")),
        sa.ForeignKeyConstraint(["school_id"], ["organisation.id"], name=op.f("fk_absence_statement_school_id")),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name=op.f("fk_absence_statement_student_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence_statement")),
    )
    op.create_index("ix_absence_statement_student", "absence_statement", ["student_id", "id"])
    op.create_table(
        "absence_week",
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("half_days_open", sa.Integer(), nullable=False),
        sa.Column("half_days_explained", sa.Integer(), nullable=False),
        sa.Column("half_days_unexplained", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "half_days_explained + half_days_unexplained <= half_days_open", name=op.f("ck_absence_week_within_open")
        ),
        sa.CheckConstraint(
            "half_days_explained >= 0 AND half_days_unexplained >= 0", name=op.f("ck_absence_week_not_negative")
        ),
        sa.ForeignKeyConstraint(["statement_id"], ["absence_statement.id"], name=op.f("fk_absence_week_statement_id")),
        sa.PrimaryKeyConstraint("statement_id", "from_on", name=op.f("pk_absence_week")),
    )
    for name in ("absence_statement", "absence_week"):
        make_append_only(op, name)
