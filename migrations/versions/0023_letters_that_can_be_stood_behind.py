"""Letters that can be stood behind: an organisation's own texts and ladders, letters of schools, batches, letters by e-mail"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from app.core.clock import nz
from app.core.db import Instant
from app.core.schema import change_again, keep_as_it_is, make_append_only

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

PURPOSES = ("CA", "NEN", "school", "holiday")
METHODS = ("post", "courier", "hand")
STATES = ("review", "making", "made", "cancelled", "undone")
ROLES = (
    *("attendance_lead", "office_support", "primary_contact", "workflow_lead", "case_manager", "investigator"),
    *("regional_adviser", "national_analyst", "prosecutions_officer", "delegated_authoriser", "operator"),
)
LINES = ("not_ready", "ready", "skipped", "asked", "left_out")
KEPT_BEFORE = (
    *("facts", "wording", "purpose", "step", "round", "is_formal", "versions", "page_count"),
    *("asked_at", "asked_by_id", "rendered_at", "file_id", "signed_at", "signed_by_id", "made_at", "made_by_id"),
)
KEPT = (*KEPT_BEFORE, "case_id", "student_id", "caregiver_id", "ladder_id", "languages")
SAID = (
    *("organisation_id", "purpose", "step", "is_formal", "language", "number", "content", "digest"),
    *("made_at", "made_by_id"),
)
STEP_OF_STUDENT = ["student_id", "caregiver_id", "purpose", "round", "step"]
ONE_OF = "(case_id IS NULL) <> (student_id IS NULL)"
IN_FORCE = "student_id IS NOT NULL AND made_at IS NOT NULL AND voided_at IS NULL"
OPEN = "student_id IS NOT NULL AND ended_at IS NULL"
EMPTY = {"server_default": sa.text("''"), "nullable": False}
APPEND_ONLY = ("ladder", "ladder_step", "kept_wording", "last_attendance")
NEW = (
    *("letter_mail", "batch_line", "letter_batch", "case_ladder", "letter_text", "kept_wording", "ladder_step"),
    *("holiday", "last_attendance"),
)


def upgrade() -> None:
    _ladders()
    _texts()
    _told_to_schools()
    _of_students()
    _batches()
    _mails()
    _begun()
    for table in APPEND_ONLY:
        make_append_only(op, table)
    keep_as_it_is(op, "letter_text", *SAID, once="used_at")


def downgrade() -> None:
    op.execute("DELETE FROM letter_exception WHERE case_id IS NULL")
    op.execute("DELETE FROM letter_hold WHERE case_id IS NULL")
    for table in NEW:
        op.drop_table(table)
    with op.batch_alter_table("letterhead") as batch:
        batch.drop_column("colour")
    _of_cases_only()
    op.drop_table("ladder")


def _ladders() -> None:
    _table(
        "ladder",
        *_made("made_at", "made_by_id"),
        _id("organisation_id", "organisation"),
        _word("purpose", *PURPOSES),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        unique=(("organisation_id", "purpose", "number"),),
    )
    _table(
        "ladder_step",
        _id("ladder_id", "ladder"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("gap", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("is_formal", sa.Boolean(), server_default=sa.false(), nullable=False),
        key=("ladder_id", "number"),
    )
    _table(
        "case_ladder",
        _id("case_id", "attendance_case"),
        _word("purpose", *PURPOSES),
        _id("ladder_id", "ladder", nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        _id("by_id", "person"),
        key=("case_id", "purpose"),
    )


def _begun() -> None:
    """Cases with letters from before keep to the ladder that these were written by: ours, as it was then (LET-2)."""
    letter = sa.table(
        *("letter", sa.column("id"), sa.column("case_id"), sa.column("purpose"), sa.column("made_by_id")),
        *(sa.column("made_at", Instant()), sa.column("voided_at")),
    )
    in_force = (letter.c.made_at.is_not(None), letter.c.voided_at.is_(None), letter.c.case_id.is_not(None))
    rows = op.get_bind().execute(sa.select(letter).where(*in_force).order_by(letter.c.made_at, letter.c.id))
    first = {}
    for row in rows:
        first.setdefault((row.case_id, row.purpose), row)
    kept = [
        {"case_id": case_id, "purpose": purpose, "as_of": nz(row.made_at).date(), "at": row.made_at}
        | {"by_id": row.made_by_id}
        for (case_id, purpose), row in first.items()
    ]
    columns = [sa.column(name) for name in ("case_id", "purpose", "by_id")]
    case_ladder = sa.table("case_ladder", *columns, sa.column("as_of", sa.Date()), sa.column("at", Instant()))
    if kept:
        op.bulk_insert(case_ladder, kept)


def _texts() -> None:
    _table(
        "kept_wording",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        key=("digest",),
    )
    text = ["organisation_id", "purpose", "step", "is_formal", "language"]
    _table(
        "letter_text",
        *_made("made_at", "made_by_id"),
        _id("organisation_id", "organisation"),
        _word("purpose", *PURPOSES),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("is_formal", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        *_act("used"),
        *_act("ended"),
        _check("letter_text", "ended_was_used", "ended_at IS NULL OR used_at IS NOT NULL"),
        sa.UniqueConstraint(*text, "number", name=op.f("uq_letter_text_number")),
    )
    _index("uq_letter_text_in_use", "letter_text", text, "used_at IS NOT NULL AND ended_at IS NULL", unique=True)
    with op.batch_alter_table("letterhead") as batch:
        batch.add_column(sa.Column("colour", sa.String(length=7), **EMPTY))


def _told_to_schools() -> None:
    _table(
        "last_attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        _id("student_id", "student"),
        _id("school_id", "organisation", nullable=True),
        sa.Column("last_on", sa.Date(), nullable=False),
        *_said(),
        _id("organisation_id", "organisation"),
        _check("last_attendance", "in_order", "last_on <= told_on"),
    )
    op.create_index("ix_last_attendance_student", "last_attendance", ["student_id", "id"])
    _table(
        "holiday",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        _id("student_id", "student"),
        _id("school_id", "organisation"),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        *_said(),
        *_act("ended"),
        _check("holiday", "in_order", "from_on <= to_on"),
        unique=(("public_id",),),
    )
    op.create_index("ix_holiday_student", "holiday", ["student_id", "school_id"])


def _of_students() -> None:
    """Letters, holds and exceptions may be of a student of a school, who has no case."""
    change_again(op, "letter")
    with op.batch_alter_table("letter") as batch:
        _may_be_of_student(batch, "letter")
        batch.add_column(sa.Column("ladder_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("languages", sa.String(length=80), server_default="en", nullable=False))
        batch.add_column(sa.Column("changed_at", Instant(), nullable=True))
        batch.add_column(sa.Column("changed_what", sa.String(length=300), **EMPTY))
        batch.create_foreign_key(op.f("fk_letter_ladder_id"), "ladder", ["ladder_id"], ["id"])
        _methods(batch, METHODS, (*METHODS, "email"))
    op.create_index(op.f("ix_letter_student_id"), "letter", ["student_id"])
    _index("uq_letter_of_school", "letter", STEP_OF_STUDENT, IN_FORCE, unique=True)
    keep_as_it_is(op, "letter", *KEPT, once="made_at")
    with op.batch_alter_table("letter_exception") as batch:
        _may_be_of_student(batch, "letter_exception")
    _index("uq_letter_exception_of_school", "letter_exception", STEP_OF_STUDENT, OPEN, unique=True)
    with op.batch_alter_table("letter_hold") as batch:
        _may_be_of_student(batch, "letter_hold")
        batch.add_column(sa.Column("organisation_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_letter_hold_organisation_id"), "organisation", ["organisation_id"], ["id"])
    op.create_index(op.f("ix_letter_hold_student_id"), "letter_hold", ["student_id"])


def _of_cases_only() -> None:
    """A database that holds letters of schools cannot go back: a letter that was made is not deleted."""
    op.drop_index(op.f("ix_letter_hold_student_id"), "letter_hold")
    with op.batch_alter_table("letter_hold") as batch:
        batch.drop_constraint(op.f("fk_letter_hold_organisation_id"), type_="foreignkey")
        batch.drop_column("organisation_id")
        _of_case_only(batch, "letter_hold")
    op.drop_index("uq_letter_exception_of_school", "letter_exception")
    with op.batch_alter_table("letter_exception") as batch:
        _of_case_only(batch, "letter_exception")
    op.drop_index("uq_letter_of_school", "letter")
    op.drop_index(op.f("ix_letter_student_id"), "letter")
    change_again(op, "letter")
    with op.batch_alter_table("letter") as batch:
        _methods(batch, (*METHODS, "email"), METHODS)
        batch.drop_constraint(op.f("fk_letter_ladder_id"), type_="foreignkey")
        for name in ("changed_what", "changed_at", "languages", "ladder_id"):
            batch.drop_column(name)
        _of_case_only(batch, "letter")
    keep_as_it_is(op, "letter", *KEPT_BEFORE, once="made_at")


def _batches() -> None:
    _table(
        "letter_batch",
        *_made("asked_at", "asked_by_id"),
        _id("organisation_id", "organisation"),
        _word("purpose", *PURPOSES),
        sa.Column("rule", sa.String(length=40), nullable=False),
        _word("state", *STATES, name="batchstate"),
        _word("asked_as", *ROLES, name="role"),
        sa.Column("begun_at", Instant(), nullable=True),
        *_tries(),
        sa.Column("ended_at", Instant(), nullable=True),
        _id("print_file_id", "stored_file", nullable=True),
        sa.Column("posted_on", sa.Date(), nullable=True),
        _id("posted_by_id", "person", nullable=True),
        *_act("undone"),
        sa.Column("undone_why", sa.Text(), nullable=False),
        _check("letter_batch", "undone_says_why", "state <> 'undone' OR (undone_at IS NOT NULL AND undone_why <> '')"),
    )
    _index("ix_letter_batch_due", "letter_batch", ["next_try_at"], "next_try_at IS NOT NULL")
    op.create_index("ix_letter_batch_organisation", "letter_batch", ["organisation_id", "asked_at"])
    _table(
        "batch_line",
        _id("batch_id", "letter_batch"),
        sa.Column("place", sa.Integer(), nullable=False),
        _id("case_id", "attendance_case", nullable=True),
        _id("student_id", "student", nullable=True),
        _id("caregiver_id", "caregiver"),
        sa.Column("step", sa.Integer(), nullable=False),
        _word("state", *LINES, name="linestate"),
        _id("letter_id", "letter", nullable=True),
        sa.Column("skipped_why", sa.String(length=300), nullable=False),
        _check("batch_line", "of_case_or_student", ONE_OF),
        _check("batch_line", "asked_has_letter", "(state = 'asked') = (letter_id IS NOT NULL)"),
        _check("batch_line", "reason_of_none", "(state IN ('ready', 'asked')) = (skipped_why = '')"),
        key=("batch_id", "place"),
        unique=(("letter_id",),),
    )
    op.create_index("ix_batch_line_case", "batch_line", ["case_id"])


def _mails() -> None:
    _table(
        "letter_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        _id("letter_id", "letter"),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        _id("asked_by_id", "person"),
        *_tries(),
        sa.Column("last_error", sa.String(length=200), nullable=False),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("is_perhaps_twice", sa.Boolean(), server_default=sa.false(), nullable=False),
        _check("letter_mail", "sent_has_no_fault", "sent_at IS NULL OR (fault = '' AND next_try_at IS NULL)"),
    )
    op.create_index("ix_letter_mail_letter", "letter_mail", ["letter_id"])
    _index("ix_letter_mail_due", "letter_mail", ["next_try_at"], "next_try_at IS NOT NULL")
    _index("uq_letter_mail_open", "letter_mail", ["letter_id"], "sent_at IS NULL AND fault = ''", unique=True)


def _may_be_of_student(batch: Any, table: str) -> None:
    batch.alter_column("case_id", existing_type=sa.Integer(), nullable=True)
    batch.add_column(sa.Column("student_id", sa.Integer(), nullable=True))
    batch.create_foreign_key(op.f(f"fk_{table}_student_id"), "student", ["student_id"], ["id"])
    batch.create_check_constraint(op.f(f"ck_{table}_of_case_or_student"), ONE_OF)


def _of_case_only(batch: Any, table: str) -> None:
    batch.drop_constraint(op.f(f"ck_{table}_of_case_or_student"), type_="check")
    batch.drop_constraint(op.f(f"fk_{table}_student_id"), type_="foreignkey")
    batch.drop_column("student_id")
    batch.alter_column("case_id", existing_type=sa.Integer(), nullable=False)


def _methods(batch: Any, were: tuple[str, ...], become: tuple[str, ...]) -> None:
    batch.alter_column(
        "method", existing_type=_words(*were, name="method"), type_=_words(*become, name="method"), nullable=True
    )


def _table(name: str, *parts: Any, key: tuple[str, ...] = ("id",), unique: tuple[tuple[str, ...], ...] = ()) -> None:
    columns = [part for part in parts if isinstance(part, sa.Column)]
    leads = {column.name: column.info["to"] for column in columns if "to" in column.info}
    keys = [sa.ForeignKeyConstraint([mine], [f"{to}.id"], name=op.f(f"fk_{name}_{mine}")) for mine, to in leads.items()]
    once = [sa.UniqueConstraint(*each, name=op.f(f"uq_{name}_{'_'.join(each)}")) for each in unique]
    if any(column.name == "public_id" for column in columns) and ("public_id",) not in unique:
        once.append(sa.UniqueConstraint("public_id", name=op.f(f"uq_{name}_public_id")))
    op.create_table(name, *parts, *keys, sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")), *once)


def _made(at: str, by: str) -> list[Any]:
    """By whom and when; both ids."""
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column(at, Instant(), nullable=False),
        _id(by, "person"),
    ]


def _said() -> list[Any]:
    return [
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        _id("recorded_by_id", "person"),
        sa.Column("recorded_at", Instant(), nullable=False),
    ]


def _act(name: str) -> list[Any]:
    return [sa.Column(f"{name}_at", Instant(), nullable=True), _id(f"{name}_by_id", "person", nullable=True)]


def _tries() -> list[Any]:
    return [
        sa.Column("next_try_at", Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(length=300), nullable=False),
    ]


def _id(name: str, to: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable, info={"to": to})


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _word(column: str, *words: str, name: str = "") -> sa.Column[str]:
    return sa.Column(column, _words(*words, name=name or column), nullable=False)


def _words(*words: str, name: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)
