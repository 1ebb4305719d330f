"""Roles that are asked for and reviewed, how people want to be told, and whom a school turns to"""

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BEFORE = ("app", "app+email")
TEXTS = {"organisation": ("email", 254), "person": ("mail_failed_why", 200)}


def upgrade() -> None:
    op.create_table(
        "regional_office",
        sa.Column("region", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.PrimaryKeyConstraint("region", name=op.f("pk_regional_office")),
    )
    op.create_table(
        "role_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "attendance_lead",
                "office_support",
                "primary_contact",
                "workflow_lead",
                "case_manager",
                "investigator",
                "regional_adviser",
                "national_analyst",
                "prosecutions_officer",
                "delegated_authoriser",
                "operator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("is_given", sa.Boolean(), nullable=True),
        sa.Column("decided_why", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_role_request_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_role_request_decided_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_role_request_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_request_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_request")),
        sa.UniqueConstraint("public_id", name=op.f("uq_role_request_public_id")),
    )
    op.create_index("ix_role_request_organisation", "role_request", ["organisation_id", "decided_at"], unique=False)
    op.create_index(
        "uq_role_request_waiting",
        "role_request",
        ["person_id", "organisation_id", "role"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_table(
        "telling_choice",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column(
            "how",
            sa.Enum("at_once", "daily", "none", name="how", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("chosen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_telling_choice_person_id")),
        sa.PrimaryKeyConstraint("person_id", "event", name=op.f("pk_telling_choice")),
    )
    for table, (name, length) in TEXTS.items():
        _add_text(table, name, length)
    op.add_column("person", sa.Column("mail_failed_at", Instant(), nullable=True))
    with op.batch_alter_table("role_held") as batch:
        batch.add_column(sa.Column("reviewed_at", Instant(), nullable=True))
        batch.add_column(sa.Column("reviewed_by_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_role_held_reviewed_by_id"), "person", ["reviewed_by_id"], ["id"])
    with op.batch_alter_table("school") as batch:
        batch.add_column(sa.Column("provision_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_school_provision_id"), "organisation", ["provision_id"], ["id"])
    _channels(*BEFORE, "app+digest", were=BEFORE)


def downgrade() -> None:
    op.execute("UPDATE outbox SET channel = 'app+email' WHERE channel = 'app+digest'")
    _channels(*BEFORE, were=(*BEFORE, "app+digest"))
    with op.batch_alter_table("school") as batch:
        batch.drop_constraint(op.f("fk_school_provision_id"), type_="foreignkey")
        batch.drop_column("provision_id")
    with op.batch_alter_table("role_held") as batch:
        batch.drop_constraint(op.f("fk_role_held_reviewed_by_id"), type_="foreignkey")
        batch.drop_column("reviewed_by_id")
        batch.drop_column("reviewed_at")
    with op.batch_alter_table("person") as batch:
        batch.drop_column("mail_failed_at")
    for table, (name, _) in TEXTS.items():
        with op.batch_alter_table(table) as batch:
            batch.drop_column(name)
    for table in ("telling_choice", "role_request", "regional_office"):
        op.drop_table(table)


def _add_text(table: str, name: str, length: int) -> None:
    op.add_column(table, sa.Column(name, sa.String(length), nullable=True))
    op.execute(f"UPDATE {table} SET {name} = ''")  # noqa: S608
    with op.batch_alter_table(table) as batch:
        batch.alter_column(name, existing_type=sa.String(length), nullable=False)


def _channels(*become: str, were: tuple[str, ...]) -> None:
    with op.batch_alter_table("outbox") as batch:
        batch.alter_column("channel", existing_type=_word(*were), type_=_word(*become))


def _word(*words: str) -> sa.Enum:
    return sa.Enum(*words, name="channel", native_enum=False, create_constraint=True, length=40)
