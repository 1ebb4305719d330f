"""Announcements, known issues, and reported problems"""

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("roles", sa.String(length=300), nullable=False),
        sa.Column("from_at", Instant(), nullable=False),
        sa.Column("until_at", Instant(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("until_at > from_at", name=op.f("ck_announcement_ends_after_start")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_announcement_ended_by_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_announcement_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
        sa.UniqueConstraint("public_id", name=op.f("uq_announcement_public_id")),
    )
    op.create_table(
        "known_issue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("solved_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_known_issue_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_issue")),
        sa.UniqueConstraint("public_id", name=op.f("uq_known_issue_public_id")),
    )
    op.create_table(
        "announcement_put_away",
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcement.id"], name=op.f("fk_announcement_put_away_announcement_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_announcement_put_away_person_id")),
        sa.PrimaryKeyConstraint("announcement_id", "person_id", name=op.f("pk_announcement_put_away")),
    )
    op.create_table(
        "problem_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("case_number", sa.String(length=12), nullable=False),
        sa.Column("page", sa.String(length=200), nullable=False),
        sa.Column("browser", sa.String(length=300), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("error_number", sa.String(length=40), nullable=False),
        sa.Column("doing", sa.Text(), nullable=False),
        sa.Column("stops_work", sa.Boolean(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("operator_may_open", sa.Boolean(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_problem_report_file_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_problem_report_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_problem_report_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problem_report")),
        sa.UniqueConstraint("reference", name=op.f("uq_problem_report_reference")),
    )
    op.create_index(op.f("ix_problem_report_person_id"), "problem_report", ["person_id"], unique=False)


def downgrade() -> None:
    for table in ("problem_report", "announcement_put_away", "known_issue", "announcement"):
        op.drop_table(table)
