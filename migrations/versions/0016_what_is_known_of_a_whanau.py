"""What is known of a whānau, how it is known, and where it is written down: details with their state, siblings, merged records,
disclosures; transfers, calendars and initiatives"""

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant, sort_text
from app.core.schema import make_append_only

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

OF_CAREGIVER = ("caregiver", "former_caregiver")
TABLES = (
    "initiative_school",
    "initiative",
    "entry_basis",
    "disclosure",
    "calendar_feed",
    "transfer",
    "merged_row",
    "student_merge",
    "sibling",
    "reachable_change",
    "student_detail_word",
    "former_student",
)


def upgrade() -> None:
    _of_students()
    _of_caregivers()
    _of_requests()
    _records()
    _merging()
    _of_cases()
    _initiatives()
    for name in ("former_student", "reachable_change", "entry_basis"):
        make_append_only(op, name)
    _keep_append_only()


def downgrade() -> None:
    for name in TABLES:
        op.drop_table(name)
    op.drop_index("ix_view_log_organisation", table_name="view_log")
    with op.batch_alter_table("student") as batch:
        batch.drop_constraint(op.f("fk_student_merged_into_id"), type_="foreignkey")
        batch.drop_index("ix_student_born_on")
        for name in ("merged_into_id", "needs_interpreter", "return_on", "return_said_by"):
            batch.drop_column(name)
    with op.batch_alter_table("enrolment") as batch:
        batch.drop_constraint(op.f("fk_enrolment_recorded_by_id"), type_="foreignkey")
        for name in ("evidence", "recorded_by_id"):
            batch.drop_column(name)
    with op.batch_alter_table("referral") as batch:
        for name in ("replaced_id", "service_id"):
            batch.drop_constraint(op.f(f"fk_referral_{name}"), type_="foreignkey")
            batch.drop_column(name)
    for table in OF_CAREGIVER:
        _drop_details(table)
    _keep_append_only()


def _keep_append_only() -> None:
    """SQLite's table was made anew, and its triggers went with the old one."""
    if op.get_bind().dialect.name == "sqlite":
        make_append_only(op, "former_caregiver")


def _drop_details(table: str) -> None:
    with op.batch_alter_table(table) as batch:
        for name in ("phone_state", "email_state", "letters_by"):
            batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        for name in ("phone", "email"):
            for column in ("state", "source", "checked_on"):
                batch.drop_column(f"{name}_{column}")
        batch.drop_column("letters_by")
        batch.drop_column("letters_by_on")


def _of_caregivers() -> None:
    for table in OF_CAREGIVER:
        with op.batch_alter_table(table) as batch:
            batch.add_column(
                sa.Column(
                    "phone_state",
                    sa.Enum(
                        "current",
                        "not_current",
                        "not_tried",
                        name="phone_state",
                        native_enum=False,
                        create_constraint=True,
                        length=40,
                    ),
                    server_default="not_tried",
                    nullable=False,
                )
            )
            batch.add_column(
                sa.Column("phone_source", sa.String(length=160), server_default=sa.text("''"), nullable=False)
            )
            batch.add_column(sa.Column("phone_checked_on", sa.Date(), nullable=True))
            batch.add_column(
                sa.Column(
                    "email_state",
                    sa.Enum(
                        "current",
                        "not_current",
                        "not_tried",
                        name="email_state",
                        native_enum=False,
                        create_constraint=True,
                        length=40,
                    ),
                    server_default="not_tried",
                    nullable=False,
                )
            )
            batch.add_column(
                sa.Column("email_source", sa.String(length=160), server_default=sa.text("''"), nullable=False)
            )
            batch.add_column(sa.Column("email_checked_on", sa.Date(), nullable=True))
            batch.add_column(
                sa.Column(
                    "letters_by",
                    sa.Enum("post", "email", name="letters_by", native_enum=False, create_constraint=True, length=40),
                    nullable=True,
                )
            )
            batch.add_column(sa.Column("letters_by_on", sa.Date(), nullable=True))


def _of_requests() -> None:
    with op.batch_alter_table("referral") as batch:
        batch.add_column(sa.Column("replaced_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("service_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(batch.f("fk_referral_replaced_id"), "case_person", ["replaced_id"], ["id"])
        batch.create_foreign_key(batch.f("fk_referral_service_id"), "organisation", ["service_id"], ["id"])


def _of_students() -> None:
    with op.batch_alter_table("student") as batch:
        batch.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("needs_interpreter", sa.Boolean(), nullable=True))
        batch.add_column(sa.Column("return_on", sa.Date(), nullable=True))
        batch.add_column(
            sa.Column("return_said_by", sa.String(length=160), server_default=sa.text("''"), nullable=False)
        )
        batch.create_index("ix_student_born_on", ["born_on"], unique=False)
        batch.create_foreign_key(batch.f("fk_student_merged_into_id"), "student", ["merged_into_id"], ["id"])
    with op.batch_alter_table("enrolment") as batch:
        batch.add_column(sa.Column("evidence", sa.String(length=300), server_default=sa.text("''"), nullable=False))
        batch.add_column(sa.Column("recorded_by_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(batch.f("fk_enrolment_recorded_by_id"), "person", ["recorded_by_id"], ["id"])


def _records() -> None:
    op.create_table(
        "former_student",
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("legal_name", sa.String(length=160), nullable=False),
        sa.Column("preferred_name", sa.String(length=160), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=60), nullable=False),
        sa.Column("needs_interpreter", sa.Boolean(), nullable=True),
        sa.Column("return_on", sa.Date(), nullable=True),
        sa.Column("return_said_by", sa.String(length=160), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_former_student_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_former_student_organisation_id")
        ),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name=op.f("fk_former_student_student_id")),
        sa.PrimaryKeyConstraint("student_id", "number", name=op.f("pk_former_student")),
    )
    op.create_table(
        "student_detail_word",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("word", sort_text(160), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_student_detail_word_organisation_id")
        ),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name=op.f("fk_student_detail_word_student_id")),
        sa.PrimaryKeyConstraint("organisation_id", "word", "student_id", name=op.f("pk_student_detail_word")),
    )
    op.create_index("ix_student_detail_word_student", "student_detail_word", ["student_id", "organisation_id", "word"])
    op.create_table(
        "reachable_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("is_reachable", sa.Boolean(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_reachable_change_by_id")),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name=op.f("fk_reachable_change_student_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reachable_change")),
    )
    op.create_index("ix_reachable_change_student", "reachable_change", ["student_id"])
    op.create_table(
        "sibling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=160), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("student_id < other_id", name=op.f("ck_sibling_once")),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_sibling_added_by_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_sibling_ended_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_sibling_organisation_id")),
        sa.ForeignKeyConstraint(["other_id"], ["student.id"], name=op.f("fk_sibling_other_id")),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name=op.f("fk_sibling_student_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sibling")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sibling_public_id")),
    )
    op.create_index("ix_sibling_other", "sibling", ["other_id"])
    op.create_index(
        "uq_sibling_pair",
        "sibling",
        ["student_id", "other_id", "organisation_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _merging() -> None:
    op.create_table(
        "student_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "confirmed",
                "refused",
                "undone",
                name="mergestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("proposed_at", Instant(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", Instant(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("is_alone", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("undone_at", Instant(), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("from_id <> into_id", name=op.f("ck_student_merge_two_records")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_student_merge_decided_by_id")),
        sa.ForeignKeyConstraint(["from_id"], ["student.id"], name=op.f("fk_student_merge_from_id")),
        sa.ForeignKeyConstraint(["into_id"], ["student.id"], name=op.f("fk_student_merge_into_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_student_merge_organisation_id")
        ),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_student_merge_proposed_by_id")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["person.id"], name=op.f("fk_student_merge_undone_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_student_merge")),
        sa.UniqueConstraint("public_id", name=op.f("uq_student_merge_public_id")),
    )
    op.create_index("ix_student_merge_into", "student_merge", ["into_id"])
    op.create_index("ix_student_merge_organisation", "student_merge", ["organisation_id", "state"])
    op.create_index(
        "uq_student_merge_waiting",
        "student_merge",
        ["from_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('proposed', 'confirmed')"),
        postgresql_where=sa.text("state IN ('proposed', 'confirmed')"),
    )
    op.create_table(
        "merged_row",
        sa.Column("merge_id", sa.Integer(), nullable=False),
        sa.Column("table", sa.String(length=40), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["merge_id"], ["student_merge.id"], name=op.f("fk_merged_row_merge_id")),
        sa.PrimaryKeyConstraint("merge_id", "table", "row_id", name=op.f("pk_merged_row")),
    )


def _of_cases() -> None:
    op.create_table(
        "transfer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "offered",
                "accepted",
                "refused",
                "withdrawn",
                name="transferstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("offered_at", Instant(), nullable=True),
        sa.Column("offered_by_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_transfer_asked_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["attendance_case.id"], name=op.f("fk_transfer_case_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_transfer_ended_by_id")),
        sa.ForeignKeyConstraint(["from_id"], ["organisation.id"], name=op.f("fk_transfer_from_id")),
        sa.ForeignKeyConstraint(["offered_by_id"], ["person.id"], name=op.f("fk_transfer_offered_by_id")),
        sa.ForeignKeyConstraint(["to_id"], ["organisation.id"], name=op.f("fk_transfer_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
        sa.UniqueConstraint("public_id", name=op.f("uq_transfer_public_id")),
    )
    op.create_index("ix_transfer_case", "transfer", ["case_id"])
    op.create_index("ix_transfer_state", "transfer", ["state", "asked_at"])
    op.create_index("ix_transfer_to", "transfer", ["to_id", "state"])
    op.create_index(
        "uq_transfer_waiting",
        "transfer",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('asked', 'offered')"),
        postgresql_where=sa.text("state IN ('asked', 'offered')"),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("role_held_id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("read_at", Instant(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["role_held_id"], ["role_held.id"], name=op.f("fk_calendar_feed_role_held_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_calendar_feed_token_digest")),
    )
    op.create_index(
        "uq_calendar_feed_one",
        "calendar_feed",
        ["role_held_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "disclosure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("whom", sa.String(length=300), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(length=40), nullable=False),
        sa.Column("basis_why", sa.Text(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_disclosure_agency_id")),
        sa.ForeignKeyConstraint(["case_id"], ["attendance_case.id"], name=op.f("fk_disclosure_case_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_disclosure_ended_by_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_disclosure_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
        sa.UniqueConstraint("public_id", name=op.f("uq_disclosure_public_id")),
    )
    op.create_index("ix_disclosure_case", "disclosure", ["case_id", "told_on"])
    op.create_table(
        "entry_basis",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=40), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_entry_basis_by_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_entry_basis_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_basis")),
    )
    op.create_index("ix_entry_basis_entry", "entry_basis", ["entry_id"])
    op.create_index("ix_view_log_organisation", "view_log", ["organisation_id", "at"])


def _initiatives() -> None:
    op.create_table(
        "initiative",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "running",
                "done",
                "stopped",
                name="initiativestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("aim", sa.Text(), nullable=False),
        sa.Column("group", sa.String(length=300), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("before", sa.String(length=300), nullable=False),
        sa.Column("after", sa.String(length=300), nullable=False),
        sa.Column("learned", sa.Text(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=True),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name=op.f("ck_initiative_ends_after_start")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["person.id"], name=op.f("fk_initiative_changed_by_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_initiative_made_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_initiative_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_initiative")),
        sa.UniqueConstraint("public_id", name=op.f("uq_initiative_public_id")),
    )
    op.create_index("ix_initiative_organisation", "initiative", ["organisation_id", "state", "from_on"])
    op.create_table(
        "initiative_school",
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["initiative_id"], ["initiative.id"], name=op.f("fk_initiative_school_initiative_id")),
        sa.ForeignKeyConstraint(["school_id"], ["organisation.id"], name=op.f("fk_initiative_school_school_id")),
        sa.PrimaryKeyConstraint("initiative_id", "school_id", name=op.f("pk_initiative_school")),
    )
    op.create_index("ix_initiative_school_school_id", "initiative_school", ["school_id"])
