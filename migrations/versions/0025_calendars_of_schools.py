"""A school says when its terms are and when it is closed"""

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TABLE = "calendar_entry"
IN_FORCE = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("kind", _words("term", "teacher_only", "closed", name="calendarentrykind"), nullable=False),
        sa.Column("term", sa.Integer(), nullable=True),
        sa.Column("half", _words("morning", "afternoon", name="half"), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        _check("in_order", "from_on <= to_on"),
        _check("term_of_terms", "(kind = 'term') = (term IS NOT NULL)"),
        _check("half_of_closures", "kind <> 'term' OR half IS NULL"),
        *(_refers(column, to) for column, to in _leads()),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("public_id", name=op.f(f"uq_{TABLE}_public_id")),
    )
    op.create_index(op.f(f"ix_{TABLE}_school_id"), TABLE, ["school_id"])
    once = {"sqlite_where": IN_FORCE, "postgresql_where": IN_FORCE}
    op.create_index(f"uq_{TABLE}_term", TABLE, ["school_id", "term"], unique=True, **once)


def downgrade() -> None:
    op.drop_table(TABLE)


def _leads() -> tuple[tuple[str, str], ...]:
    return ("school_id", "organisation"), ("by_id", "person"), ("ended_by_id", "person")


def _refers(column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{TABLE}_{column}"))


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{TABLE}_{name}"))


def _words(*words: str, name: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)
