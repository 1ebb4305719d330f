"""What is done on a case: meetings, tasks, barriers, plans, agencies, and what a change of status rests on"""

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant
from app.core.schema import make_append_only

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KINDS = ("request", "status", "comment", "letter")
NEW_KINDS = ("event", "plan")
DAYS = ("met_school_on", "engaged_on", "expected_end_on", "pause_until")


def upgrade() -> None:
    _kinds_of_entry(*KINDS, *NEW_KINDS, were=KINDS)
    _meetings()
    _tasks()
    _barriers()
    _plans()
    _beside()
    _of_cases()
    _of_safety_notes()
    for name in ("status_fact", "former_barrier"):
        make_append_only(op, name)


def downgrade() -> None:
    for name in ("status_fact", "agency", "plan_action", "plan_goal", "plan", "former_barrier", "barrier"):
        op.drop_table(name)
    for name in ("task", "meeting_answer", "meeting"):
        op.drop_table(name)
    with op.batch_alter_table("attendance_case") as batch:
        for name in (*DAYS, "pause_reason"):
            batch.drop_column(name)
    with op.batch_alter_table("safety_note") as batch:
        for name in ("reviewed_at", "reviewed_by_id", "ended_at", "ended_by_id"):
            batch.drop_column(name)
    op.execute("DELETE FROM entry WHERE kind IN ('event', 'plan')")
    _kinds_of_entry(*KINDS, were=(*KINDS, *NEW_KINDS))


def _kinds_of_entry(*become: str, were: tuple[str, ...]) -> None:
    with op.batch_alter_table("entry") as batch:
        batch.alter_column("kind", existing_type=_word(*were, name="entrykind"), type_=_word(*become, name="entrykind"))


def _word(*words: str, name: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def _of_cases() -> None:
    for name in DAYS:
        op.add_column("attendance_case", sa.Column(name, sa.Date(), nullable=True))
    op.add_column("attendance_case", sa.Column("pause_reason", sa.String(length=40), nullable=False, server_default=""))
    with op.batch_alter_table("attendance_case") as batch:
        batch.alter_column("pause_reason", existing_type=sa.String(length=40), server_default=None)


def _of_safety_notes() -> None:
    for name in ("reviewed_at", "ended_at"):
        op.add_column("safety_note", sa.Column(name, Instant(), nullable=True))
    with op.batch_alter_table("safety_note") as batch:
        for name in ("reviewed_by_id", "ended_by_id"):
            batch.add_column(sa.Column(name, sa.Integer(), nullable=True))
            batch.create_foreign_key(op.f(f"fk_safety_note_{name}"), "person", [name], ["id"])


def _meetings() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("began_at", sa.Time(), nullable=True),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("with_school", sa.Boolean(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("with_student", sa.Boolean(), nullable=False),
        sa.Column("with_caregiver", sa.Boolean(), nullable=False),
        sa.Column("with_others", sa.String(length=300), nullable=False),
        sa.Column("done_by", sa.String(length=160), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "with_school OR with_student OR with_caregiver OR with_others <> ''", name=op.f("ck_meeting_with_somebody")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["attendance_case.id"], name=op.f("fk_meeting_case_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_meeting_entry_id")),
        sa.ForeignKeyConstraint(["school_id"], ["organisation.id"], name=op.f("fk_meeting_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_meeting_entry_id")),
    )
    op.create_index("ix_meeting_case", "meeting", ["case_id", "happened_on"])
    op.create_table(
        "meeting_answer",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_answer_meeting_id")),
        sa.PrimaryKeyConstraint("meeting_id", "field", name=op.f("pk_meeting_answer")),
    )


def _tasks() -> None:
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("meeting_kind", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_at", sa.Time(), nullable=True),
        sa.Column("remind_on", sa.Date(), nullable=True),
        sa.Column("reminded_at", Instant(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("dropped_why", sa.Text(), nullable=False),
        sa.CheckConstraint("ended_at IS NOT NULL OR dropped_why = ''", name=op.f("ck_task_dropped_is_ended")),
        sa.ForeignKeyConstraint(["case_id"], ["attendance_case.id"], name=op.f("fk_task_case_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_task_ended_by_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_task_made_by_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_task_meeting_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_task_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_task_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("public_id", name=op.f("uq_task_public_id")),
    )
    op.create_index("ix_task_case", "task", ["case_id", "due_on"])
    op.create_index(
        "ix_task_person",
        "task",
        ["person_id", "organisation_id", "due_on"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _barriers() -> None:
    op.create_table(
        "barrier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column(
            "named_by",
            sa.Enum(
                "student",
                "whanau",
                "school",
                "service",
                "agency",
                name="namedby",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("since_on", sa.Date(), nullable=True),
        sa.Column("is_main", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open", "easing", "resolved", name="barrierstate", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("resolved_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(state = 'resolved') = (resolved_on IS NOT NULL)", name=op.f("ck_barrier_resolved_says_when")
        ),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_barrier_added_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["attendance_case.id"], name=op.f("fk_barrier_case_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_barrier_ended_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_barrier")),
        sa.UniqueConstraint("public_id", name=op.f("uq_barrier_public_id")),
    )
    op.create_index("ix_barrier_case", "barrier", ["case_id"])
    op.create_table(
        "former_barrier",
        sa.Column("barrier_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column(
            "named_by",
            sa.Enum(
                "student",
                "whanau",
                "school",
                "service",
                "agency",
                name="namedby",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("since_on", sa.Date(), nullable=True),
        sa.Column("is_main", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open", "easing", "resolved", name="barrierstate", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("resolved_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["barrier_id"], ["barrier.id"], name=op.f("fk_former_barrier_barrier_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_former_barrier_by_id")),
        sa.PrimaryKeyConstraint("barrier_id", "number", name=op.f("pk_former_barrier")),
    )


def _plans() -> None:
    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("agreed_with", sa.String(length=300), nullable=False),
        sa.Column("not_agreed_why", sa.Text(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "better",
                "same",
                "not_sustained",
                "more_complex",
                name="reviewoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("review_note", sa.Text(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("agreed_with <> '' OR not_agreed_why <> ''", name=op.f("ck_plan_agreed_or_why_not")),
        sa.ForeignKeyConstraint(["case_id"], ["attendance_case.id"], name=op.f("fk_plan_case_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_plan_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_plan_case_id_number")),
    )
    op.create_table(
        "plan_goal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open", "reached", "dropped", name="goalstate", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_goal_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_goal")),
    )
    op.create_index("ix_plan_goal_plan", "plan_goal", ["plan_id", "place"])
    op.create_table(
        "plan_action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("who", sa.String(length=160), nullable=False),
        sa.Column("by_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["goal_id"], ["plan_goal.id"], name=op.f("fk_plan_action_goal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_action")),
    )
    op.create_index("ix_plan_action_goal", "plan_action", ["goal_id", "place"])


def _beside() -> None:
    op.create_table(
        "status_fact",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["status_change.id"], name=op.f("fk_status_fact_change_id")),
        sa.PrimaryKeyConstraint("change_id", "field", name=op.f("pk_status_fact")),
    )
    op.create_table(
        "agency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("student_id", sa.Integer(), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("person", sa.String(length=160), nullable=False),
        sa.Column("part", sa.String(length=160), nullable=False),
        sa.Column("reach", sa.String(length=254), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=True),
        sa.Column("may_be_told", sa.Boolean(), nullable=True),
        sa.Column("added_at", Instant(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=True),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_agency_added_by_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_agency_ended_by_id")),
        sa.ForeignKeyConstraint(["given_by_id"], ["organisation.id"], name=op.f("fk_agency_given_by_id")),
        sa.ForeignKeyConstraint(["student_id"], ["student.id"], name=op.f("fk_agency_student_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("public_id", name=op.f("uq_agency_public_id")),
    )
    op.create_index("ix_agency_student", "agency", ["student_id"])
