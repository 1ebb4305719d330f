"""Why a case was closed, who asks how it goes, and requests that end, match or say who was informed"""

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

PARTS = ("manager", "cover", "primary_contact", "secondary_contact")
TEXTS = {
    "attendance_case": ("close_reason", sa.String(40)),
    "case_person": ("best_times", sa.String(160)),
    "referral": ("ended_why", sa.Text()),
}


def upgrade() -> None:
    op.create_table(
        "likely_match",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("other_case_id", sa.Integer(), nullable=False),
        sa.Column("found_at", Instant(), nullable=False),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("is_same", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["attendance_case.id"], name=op.f("fk_likely_match_case_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_likely_match_decided_by_id")),
        sa.ForeignKeyConstraint(["other_case_id"], ["attendance_case.id"], name=op.f("fk_likely_match_other_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_likely_match")),
        sa.UniqueConstraint("case_id", "other_case_id", name=op.f("uq_likely_match_case_id_other_case_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_likely_match_public_id")),
    )
    op.create_index(op.f("ix_likely_match_other_case_id"), "likely_match", ["other_case_id"], unique=False)
    op.create_table(
        "privacy_statement_given",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_privacy_statement_given_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["person.id"], name=op.f("fk_privacy_statement_given_recorded_by_id")
        ),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name=op.f("fk_privacy_statement_given_student_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_statement_given")),
    )
    op.create_index(
        op.f("ix_privacy_statement_given_student_id"), "privacy_statement_given", ["student_id"], unique=False
    )
    op.create_table(
        "update_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_update_request_asked_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["attendance_case.id"], name=op.f("fk_update_request_case_id")),
        sa.ForeignKeyConstraint(["school_id"], ["organisation.id"], name=op.f("fk_update_request_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_update_request")),
    )
    op.create_index(op.f("ix_update_request_case_id"), "update_request", ["case_id"], unique=False)
    op.create_index(
        "uq_update_request_waiting",
        "update_request",
        ["case_id", "school_id"],
        unique=True,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.add_column("enrolment", sa.Column("cases_from", sa.Date(), nullable=True))
    op.add_column("referral", sa.Column("ended_at", Instant(), nullable=True))
    op.add_column("referral", sa.Column("ended_by_id", sa.Integer(), nullable=True))
    for table, (name, type_) in TEXTS.items():
        op.add_column(table, sa.Column(name, type_, nullable=True))
        op.execute(f"UPDATE {table} SET {name} = ''")  # noqa: S608
    with op.batch_alter_table("attendance_case") as batch:
        batch.alter_column("close_reason", existing_type=sa.String(40), nullable=False)
    with op.batch_alter_table("case_person") as batch:
        batch.alter_column("best_times", existing_type=sa.String(160), nullable=False)
        batch.alter_column("part", existing_type=_word(*PARTS), type_=_word(*PARTS, "former_manager"))
    with op.batch_alter_table("referral") as batch:
        batch.alter_column("ended_why", existing_type=sa.Text(), nullable=False)
        batch.create_foreign_key(op.f("fk_referral_ended_by_id"), "person", ["ended_by_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("referral") as batch:
        batch.drop_constraint(op.f("fk_referral_ended_by_id"), type_="foreignkey")
        for name in ("ended_at", "ended_by_id", "ended_why"):
            batch.drop_column(name)
    op.execute("DELETE FROM case_person WHERE part = 'former_manager'")
    with op.batch_alter_table("case_person") as batch:
        batch.alter_column("part", existing_type=_word(*PARTS, "former_manager"), type_=_word(*PARTS))
        batch.drop_column("best_times")
    with op.batch_alter_table("attendance_case") as batch:
        batch.drop_column("close_reason")
    with op.batch_alter_table("enrolment") as batch:
        batch.drop_column("cases_from")
    for table in ("update_request", "privacy_statement_given", "likely_match"):
        op.drop_table(table)


def _word(*words: str) -> sa.Enum:
    return sa.Enum(*words, name="part", native_enum=False, create_constraint=True, length=40)
