"""Half-day marks and their sums; exports as change sets; what schools did and answered; cases from other systems"""

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant
from app.core.schema import make_append_only

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

STATES = ("reading", "columns", "review", "keeping", "kept", "undoing", "undone", "left", "refused")
WAYS = ("browser", "command", "folder")
PROMPTS = ("approved_too_long", "not_known", "absent", "absent_twenty")
UNTOLD = "told_at IS NULL AND ended_at IS NULL"
COUNTS = ("present", "justified", "unjustified", "not_counted", "unmarked", "absent", "explained", "unexplained")
TABLES = (
    *(
        "migrated_case",
        "prompt_answer",
        "mark_prompt",
        "star_response",
        "known_columns",
        "import_refusal",
        "imported_week",
    ),
    *("star_line", "mark_import", "confirmed_term", "tally_due", "term_tally", "mark_week"),
)


def upgrade() -> None:
    op.add_column(
        "enrolment", sa.Column("local_id", sa.String(length=40), server_default=sa.text("''"), nullable=False)
    )
    op.add_column("enrolment", sa.Column("known_at", Instant(), nullable=True))
    _index("ix_enrolment_local_id", "enrolment", "school_id", "local_id", where="local_id <> ''")
    _marks()
    _sums()
    _imports()
    _parts_of_imports()
    _of_schools()
    _asked_of_schools()
    _migrated()
    make_append_only(op, "prompt_answer")


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.drop_index("ix_enrolment_local_id", "enrolment")
    op.drop_column("enrolment", "known_at")
    op.drop_column("enrolment", "local_id")


def _marks() -> None:
    _table(
        "mark_week",
        _lead("student_id", "student"),
        _lead("school_id", "organisation"),
        _day("monday"),
        _text("marks", 10),
        key=("student_id", "school_id", "monday"),
        checks={"ten": "length(marks) = 10"},
        sqlite_with_rowid=False,
    )


def _sums() -> None:
    _table(
        "term_tally",
        _lead("student_id", "student"),
        _lead("school_id", "organisation"),
        _number("term"),
        *map(_number, COUNTS),
        _day("from_on"),
        _day("to_on"),
        key=("student_id", "school_id", "term"),
        checks={"sums": "explained + unexplained = absent"},
    )
    _index("ix_term_tally_school", "term_tally", "school_id", "term", "absent")
    _table(
        "tally_due",
        _lead("school_id", "organisation"),
        _day("from_on"),
        _number("after_id"),
        _number("asked"),
        _instant("asked_at"),
        key=("school_id",),
    )
    _table(
        "confirmed_term",
        _lead("school_id", "organisation"),
        _number("term"),
        _instant("at"),
        _lead("by_id", "person"),
        key=("school_id", "term"),
    )


def _imports() -> None:
    _table(
        "mark_import",
        *(_number("id"), _text("public_id", 20), _lead("school_id", "organisation")),
        *(_words("way", WAYS, "importway"), _words("state", STATES, "importstate")),
        *(_lead("file_id", "stored_file", null=True), _text("file_name", 200), _text("digest", 64)),
        *(sa.Column("sample", sa.Text(), nullable=False), sa.Column("columns", sa.Text(), nullable=False)),
        *(_instant("asked_at"), _lead("asked_by_id", "person", null=True)),
        *map(_number, ("rows", "students", "new", "changed", "same", "refused", "done")),
        *(_day("from_on", null=True), _day("to_on", null=True)),
        *(_instant("next_try_at", null=True), _number("attempts"), _text("fault", 300)),
        *(_instant("kept_at", null=True), _lead("kept_by_id", "person", null=True)),
        *(_instant("undone_at", null=True), _lead("undone_by_id", "person", null=True)),
        key=("id",),
        once="public_id",
    )
    _index("ix_mark_import_school", "mark_import", "school_id", "id")
    _index("ix_mark_import_due", "mark_import", "next_try_at", where="next_try_at IS NOT NULL")


def _parts_of_imports() -> None:
    _table(
        "imported_week",
        *(_lead("import_id", "mark_import"), _lead("student_id", "student"), _day("monday")),
        *(_text("told", 10), _text("before", 10), sa.Column("is_kept", sa.Boolean(), nullable=False)),
        key=("import_id", "student_id", "monday"),
        checks={"ten": "length(told) = 10 AND length(before) = 10"},
    )
    _index("ix_imported_week_student", "imported_week", "student_id", "monday")
    _table(
        "import_refusal",
        *(_lead("import_id", "mark_import"), _number("place"), _number("line"), _text("why", 300)),
        key=("import_id", "place"),
    )
    _table(
        "known_columns",
        *(_lead("school_id", "organisation"), _text("headings", 64)),
        *(sa.Column("columns", sa.Text(), nullable=False), _instant("at"), _lead("by_id", "person")),
        key=("school_id", "headings"),
    )


def _of_schools() -> None:
    _table(
        "star_response",
        *(_number("id"), _text("public_id", 20), _lead("student_id", "student"), _lead("school_id", "organisation")),
        *(_number("term"), _number("step"), _text("kind", 40), _day("done_on", null=True), _text("about_when", 60)),
        *(_text("by_whom", 160), _text("note", 300), _instant("at"), _lead("by_id", "person")),
        *(_instant("ended_at", null=True), _lead("ended_by_id", "person", null=True)),
        key=("id",),
        once="public_id",
        checks={"says_when": "done_on IS NOT NULL OR about_when <> ''"},
    )
    _index("ix_star_response_school", "star_response", "school_id", "term", "student_id")
    _index("ix_star_response_student", "star_response", "student_id")
    _table(
        "star_line",
        *(_lead("student_id", "student"), _lead("school_id", "organisation"), _number("term"), _number("step")),
        _day("found_on"),
        key=("student_id", "school_id", "term", "step"),
    )
    _index("ix_star_line_found", "star_line", "school_id", "found_on")


def _asked_of_schools() -> None:
    _table(
        "mark_prompt",
        *(_number("id"), _text("public_id", 20), _lead("student_id", "student"), _lead("school_id", "organisation")),
        *(_words("kind", PROMPTS, "markpromptkind"), _day("from_on"), _day("to_on"), _number("days")),
        *(_number("unmarked"), _day("asks_on"), _instant("found_at"), _instant("ended_at", null=True)),
        *(_instant("told_at", null=True), _day("told_return_on", null=True)),
        key=("id",),
        once="public_id",
        checks={"in_order": "from_on <= to_on"},
    )
    _index("ix_mark_prompt_student", "mark_prompt", "student_id", "school_id")
    _index("ix_mark_prompt_open", "mark_prompt", "school_id", "student_id", where="ended_at IS NULL")
    _index("ix_mark_prompt_untold", "mark_prompt", "school_id", where=UNTOLD)
    _table(
        "prompt_answer",
        *(_number("id"), _lead("student_id", "student"), _lead("school_id", "organisation")),
        *(_words("kind", PROMPTS, "promptkind"), _day("from_on"), _day("to_on"), _text("answer", 40)),
        *(_day("return_on", null=True), _day("done_on", null=True), _text("note", 300)),
        *(_instant("at"), _lead("by_id", "person")),
        key=("id",),
        checks={"in_order": "from_on <= to_on"},
    )
    _index("ix_prompt_answer_student_id", "prompt_answer", "student_id")
    _index("ix_prompt_answer_school", "prompt_answer", "school_id", "student_id")
    _index("ix_prompt_answer_return", "prompt_answer", "return_on", "school_id")


def _migrated() -> None:
    _table(
        "migrated_case",
        *(_lead("case_id", "attendance_case"), _lead("service_id", "organisation"), _text("former_number", 40)),
        *(_day("referred_on"), _instant("at"), _instant("reviewed_at", null=True)),
        _lead("reviewed_by_id", "person", null=True),
        key=("case_id",),
    )
    _index("uq_migrated_case_former", "migrated_case", "service_id", "former_number", unique=True)
    _index("ix_migrated_case_unreviewed", "migrated_case", "service_id", where="reviewed_at IS NULL")


Field = sa.Column[object]
Lead = tuple[Field, str]


def _table(
    name: str,
    *columns: Field | Lead,
    key: tuple[str, ...],
    once: str = "",
    checks: dict[str, str] | None = None,
    sqlite_with_rowid: bool = True,
) -> None:
    fields = [each[0] if isinstance(each, tuple) else each for each in columns]
    leads = [(field.name, to) for field, to in (each for each in columns if isinstance(each, tuple))]
    op.create_table(
        name,
        *fields,
        *(sa.ForeignKeyConstraint([of], [f"{to}.id"], name=op.f(f"fk_{name}_{of}")) for of, to in leads),
        *(sa.CheckConstraint(text, name=op.f(f"ck_{name}_{of}")) for of, text in (checks or {}).items()),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")),
        *((sa.UniqueConstraint(once, name=op.f(f"uq_{name}_{once}")),) if once else ()),
        sqlite_with_rowid=sqlite_with_rowid,
    )


def _index(name: str, table: str, *columns: str, where: str = "", unique: bool = False) -> None:
    partly = {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)} if where else {}
    op.create_index(op.f(name), table, list(columns), unique=unique, **partly)


def _lead(name: str, to: str, *, null: bool = False) -> Lead:
    return sa.Column(name, sa.Integer(), nullable=null), to


def _number(name: str) -> Field:
    return sa.Column(name, sa.Integer(), nullable=False)


def _text(name: str, length: int) -> Field:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _day(name: str, *, null: bool = False) -> Field:
    return sa.Column(name, sa.Date(), nullable=null)


def _instant(name: str, *, null: bool = False) -> Field:
    return sa.Column(name, Instant(), nullable=null)


def _words(name: str, values: tuple[str, ...], of: str) -> Field:
    return sa.Column(
        name, sa.Enum(*values, name=of, native_enum=False, create_constraint=True, length=40), nullable=False
    )
