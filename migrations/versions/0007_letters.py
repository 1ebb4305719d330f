"""Letters, letterheads, and what holds letters back"""

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

IN_FORCE = "made_at IS NOT NULL AND voided_at IS NULL"
BEFORE = ("request", "status", "comment")


def upgrade() -> None:
    _kinds_of_entry(*BEFORE, "letter", were=BEFORE)
    _letters()
    _beside_letters()


def downgrade() -> None:
    for name in ("letter_page", "letterhead", "letter_hold", "letter"):
        op.drop_table(name)
    op.execute("DELETE FROM entry WHERE kind = 'letter'")
    _kinds_of_entry(*BEFORE, were=(*BEFORE, "letter"))


def _kinds_of_entry(*become: str, were: tuple[str, ...]) -> None:
    with op.batch_alter_table("entry") as batch:
        batch.alter_column("kind", existing_type=_word(*were, name="entrykind"), type_=_word(*become, name="entrykind"))


def _word(*words: str, name: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _letters() -> None:
    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("caregiver_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "CA", "NEN", "school", "holiday", name="purpose", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("wording", sa.String(length=64), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("next_try_at", Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(length=300), nullable=False),
        sa.Column("rendered_at", Instant(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("page_count", sa.Integer(), nullable=True),
        sa.Column("versions", sa.Text(), nullable=False),
        sa.Column("made_at", Instant(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column(
            "method",
            sa.Enum("post", "courier", "hand", name="method", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("served_by", sa.String(length=160), nullable=False),
        sa.Column("sent_recorded_at", Instant(), nullable=True),
        sa.Column("sent_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "back",
            sa.Enum(
                "returned", "answered", "no_response", name="back", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("back_on", sa.Date(), nullable=True),
        sa.Column("back_note", sa.String(length=300), nullable=False),
        sa.Column("back_recorded_at", Instant(), nullable=True),
        sa.Column("back_by_id", sa.Integer(), nullable=True),
        sa.Column("voided_at", Instant(), nullable=True),
        sa.Column("voided_by_id", sa.Integer(), nullable=True),
        sa.Column("void_why", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "back IS NULL OR (method IS NOT NULL AND back_on >= sent_on AND back_by_id IS NOT NULL)",
            name=op.f("ck_letter_back_of_sent"),
        ),
        sa.CheckConstraint("method <> 'hand' OR served_by <> ''", name=op.f("ck_letter_by_hand_says_who")),
        sa.CheckConstraint(
            "voided_at IS NULL OR (made_at IS NOT NULL AND void_why <> '')", name=op.f("ck_letter_void_says_why")
        ),
        sa.CheckConstraint(
            "made_at IS NULL OR (rendered_at IS NOT NULL AND made_by_id IS NOT NULL)",
            name=op.f("ck_letter_made_is_rendered"),
        ),
        sa.CheckConstraint(
            "method IS NULL OR (made_at IS NOT NULL AND sent_on IS NOT NULL)", name=op.f("ck_letter_sent_is_made")
        ),
        sa.CheckConstraint(
            "rendered_at IS NULL OR (file_id IS NOT NULL AND next_try_at IS NULL)",
            name=op.f("ck_letter_rendered_has_file"),
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_letter_asked_by_id")),
        sa.ForeignKeyConstraint(["back_by_id"], ["person.id"], name=op.f("fk_letter_back_by_id")),
        sa.ForeignKeyConstraint(["caregiver_id"], ["caregiver.id"], name=op.f("fk_letter_caregiver_id")),
        sa.ForeignKeyConstraint(["case_id"], ["attendance_case.id"], name=op.f("fk_letter_case_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_letter_file_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_letter_made_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_letter_organisation_id")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["person.id"], name=op.f("fk_letter_sent_by_id")),
        sa.ForeignKeyConstraint(["voided_by_id"], ["person.id"], name=op.f("fk_letter_voided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("public_id", name=op.f("uq_letter_public_id")),
    )
    op.create_index(op.f("ix_letter_case_id"), "letter", ["case_id"])
    op.create_index(
        "ix_letter_to_render",
        "letter",
        ["next_try_at"],
        sqlite_where=sa.text("next_try_at IS NOT NULL"),
        postgresql_where=sa.text("next_try_at IS NOT NULL"),
    )
    op.create_index(
        "uq_letter_step",
        "letter",
        ["case_id", "caregiver_id", "purpose", "step"],
        unique=True,
        sqlite_where=sa.text(IN_FORCE),
        postgresql_where=sa.text(IN_FORCE),
    )


def _beside_letters() -> None:
    op.create_table(
        "letter_hold",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("caregiver_id", sa.Integer(), nullable=True),
        sa.Column(
            "purpose",
            sa.Enum(
                "CA", "NEN", "school", "holiday", name="purpose", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "bereavement",
                "medical",
                "no_contact_allowed",
                "returned_mail",
                "recent_contact",
                "return_date_known",
                name="holdreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_letter_hold_by_id")),
        sa.ForeignKeyConstraint(["caregiver_id"], ["caregiver.id"], name=op.f("fk_letter_hold_caregiver_id")),
        sa.ForeignKeyConstraint(["case_id"], ["attendance_case.id"], name=op.f("fk_letter_hold_case_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_letter_hold_ended_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_hold")),
        sa.UniqueConstraint("public_id", name=op.f("uq_letter_hold_public_id")),
    )
    op.create_index(op.f("ix_letter_hold_case_id"), "letter_hold", ["case_id"])
    op.create_table(
        "letterhead",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name_mi", sa.String(length=160), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("logo_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["changed_by_id"], ["person.id"], name=op.f("fk_letterhead_changed_by_id")),
        sa.ForeignKeyConstraint(["logo_id"], ["stored_file.id"], name=op.f("fk_letterhead_logo_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_letterhead_organisation_id")),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_letterhead")),
    )
    op.create_table(
        "letter_page",
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("png", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_letter_page_letter_id")),
        sa.PrimaryKeyConstraint("letter_id", "number", name=op.f("pk_letter_page")),
    )
