"""Search words for each organisation, kept counts of a service's cases, and indexes for what somebody was told"""

import sqlalchemy as sa
from alembic import op

from app.core.db import only_where, sort_text

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STATUSES = ("triage", "queue", "open", "transition", "paused", "closed")
MAY_FIND = """
    SELECT student_id, school_id AS organisation_id FROM enrolment
    UNION SELECT student_id, service_id FROM attendance_case WHERE service_id IS NOT NULL
"""


def upgrade() -> None:
    _reshape_words(
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        key=["organisation_id", "word", "student_id"],
        index=["student_id", "organisation_id", "word"],
        rows=f"SELECT f.organisation_id, w.word, w.student_id FROM old_name_word w JOIN ({MAY_FIND}) f USING (student_id)",  # noqa: S608
    )
    _count()
    op.create_index("ix_case_person_case", "case_person", ["case_id", "part"])
    op.create_index("ix_referral_school", "referral", ["school_id", "state", "id"])
    op.create_index("ix_referral_student", "referral", ["student_id"])
    op.drop_index("ix_outbox_person_id", table_name="outbox")
    op.create_index("ix_outbox_told", "outbox", ["person_id", "organisation_id", "id"])
    unread = ["person_id", "organisation_id", "made_at"]
    op.create_index("ix_outbox_unread", "outbox", unread, **only_where("read_at IS NULL"))
    op.create_index("ix_outbox_due", "outbox", ["id", "next_try_at"], **only_where("done_at IS NULL"))


def downgrade() -> None:
    for name in ("due", "unread", "told"):
        op.drop_index(f"ix_outbox_{name}", table_name="outbox")
    op.create_index("ix_outbox_person_id", "outbox", ["person_id"])
    op.drop_index("ix_referral_student", table_name="referral")
    op.drop_index("ix_referral_school", table_name="referral")
    op.drop_index("ix_case_person_case", table_name="case_person")
    op.drop_table("status_count")
    _reshape_words(
        key=["student_id", "word"],
        index=["word", "student_id"],
        rows="SELECT DISTINCT word, student_id FROM old_name_word",
    )


def _reshape_words(*more: sa.Column[int], key: list[str], index: list[str], rows: str) -> None:
    """The table anew, with its rows: nothing hangs on it."""
    op.execute("CREATE TEMPORARY TABLE old_name_word AS SELECT * FROM student_name_word")
    op.drop_table("student_name_word")
    op.create_table(
        "student_name_word",
        *more,
        sa.Column("word", sort_text(160), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["organisation_id"], ["organisation.id"], name=op.f("fk_student_name_word_organisation_id")
            )
            for _ in more
        ),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name=op.f("fk_student_name_word_student_id")),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_student_name_word")),
    )
    op.execute(
        f"INSERT INTO student_name_word ({', '.join(c.name for c in more)}{', ' if more else ''}word, student_id) {rows}"
    )
    op.create_index("ix_student_name_word_student" if more else "ix_student_name_word", "student_name_word", index)
    op.execute("DROP TABLE old_name_word")


def _count() -> None:
    kinds = sa.Enum(*STATUSES, name="status", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "status_count",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("status", kinds, nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_status_count_organisation_id")),
        sa.PrimaryKeyConstraint("organisation_id", "status", name=op.f("pk_status_count")),
    )
    op.execute(
        "INSERT INTO status_count (organisation_id, status, cases) SELECT service_id, status, count(*)"
        " FROM attendance_case WHERE service_id IS NOT NULL GROUP BY service_id, status"
    )
