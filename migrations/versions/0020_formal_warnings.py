"""Formal warnings that a lead signs off; exceptions from a ladder, and ladders that begin again"""

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

IN_FORCE = sa.text("made_at IS NOT NULL AND voided_at IS NULL")
WAITS = sa.text("sign_asked_at IS NOT NULL AND made_at IS NULL AND not_signed_why = ''")
OPEN = sa.text("ended_at IS NULL")
HOLDS = ("bereavement", "medical", "no_contact_allowed", "returned_mail", "recent_contact", "return_date_known")
STEP = ["case_id", "caregiver_id", "purpose", "step"]
STEP_OF_ROUND = ["case_id", "caregiver_id", "purpose", "round", "step"]
SIGNED = "made_at IS NULL OR NOT is_formal OR (signed_at IS NOT NULL AND signed_by_id IS NOT NULL)"


def upgrade() -> None:
    _rulings()
    empty = {"server_default": sa.text("''"), "nullable": False}
    with op.batch_alter_table("letter") as batch:
        batch.add_column(sa.Column("round", sa.Integer(), server_default="1", nullable=False))
        batch.add_column(sa.Column("is_formal", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch.add_column(sa.Column("sign_asked_at", Instant(), nullable=True))
        batch.add_column(sa.Column("sign_asked_by_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("no_contact_why", sa.Text(), **empty))
        batch.add_column(sa.Column("signed_at", Instant(), nullable=True))
        batch.add_column(sa.Column("signed_by_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("is_signed_alone", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch.add_column(sa.Column("not_signed_why", sa.Text(), **empty))
        batch.create_foreign_key(op.f("fk_letter_signed_by_id"), "person", ["signed_by_id"], ["id"])
        batch.create_foreign_key(op.f("fk_letter_sign_asked_by_id"), "person", ["sign_asked_by_id"], ["id"])
        batch.create_check_constraint(op.f("ck_letter_formal_is_signed"), SIGNED)
    op.drop_index("uq_letter_step", "letter")
    _index("uq_letter_step", "letter", STEP_OF_ROUND, IN_FORCE, unique=True)
    _index("ix_letter_to_sign", "letter", ["organisation_id", "case_id"], WAITS)
    _holds(*HOLDS, "do_not_send", were=HOLDS)


def downgrade() -> None:
    op.execute("DELETE FROM letter_hold WHERE reason = 'do_not_send'")
    _holds(*HOLDS, were=(*HOLDS, "do_not_send"))
    op.drop_index("ix_letter_to_sign", "letter")
    op.drop_index("uq_letter_step", "letter")
    with op.batch_alter_table("letter") as batch:
        batch.drop_constraint(op.f("ck_letter_formal_is_signed"), type_="check")
        batch.drop_constraint(op.f("fk_letter_sign_asked_by_id"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_letter_signed_by_id"), type_="foreignkey")
        for name in ("not_signed_why", "is_signed_alone", "signed_by_id", "signed_at", "no_contact_why"):
            batch.drop_column(name)
        for name in ("sign_asked_by_id", "sign_asked_at", "is_formal", "round"):
            batch.drop_column(name)
    _index("uq_letter_step", "letter", STEP, IN_FORCE, unique=True)
    op.drop_table("letter_exception")
    op.drop_table("letter_restart")


def _rulings() -> None:
    op.create_table(
        "letter_exception",
        *_ruling("letter_exception"),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_letter_exception_ended_by_id")),
    )
    _index("uq_letter_exception", "letter_exception", STEP_OF_ROUND, OPEN, unique=True)
    once = op.f("uq_letter_restart_case_id_caregiver_id_purpose_round")
    op.create_table(
        "letter_restart",
        *_ruling("letter_restart"),
        sa.UniqueConstraint("case_id", "caregiver_id", "purpose", "round", name=once),
    )


def _ruling(table: str) -> list[sa.schema.SchemaItem]:
    """What both say: to whom, why, when, by whom."""
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("caregiver_id", sa.Integer(), nullable=False),
        sa.Column("purpose", _word("CA", "NEN", "school", "holiday", name="purpose"), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f(f"fk_{table}_by_id")),
        sa.ForeignKeyConstraint(["caregiver_id"], ["caregiver.id"], name=op.f(f"fk_{table}_caregiver_id")),
        sa.ForeignKeyConstraint(["case_id"], ["attendance_case.id"], name=op.f(f"fk_{table}_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{table}_public_id")),
    ]


def _index(name: str, table: str, columns: list[str], where: sa.TextClause, *, unique: bool = False) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)


def _word(*words: str, name: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _holds(*become: str, were: tuple[str, ...]) -> None:
    with op.batch_alter_table("letter_hold") as batch:
        batch.alter_column(
            "reason", existing_type=_word(*were, name="holdreason"), type_=_word(*become, name="holdreason")
        )
