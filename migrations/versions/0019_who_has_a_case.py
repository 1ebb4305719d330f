"""Who manages a case is kept on it too, so that what everybody has is read from an index"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

MANAGED = sa.text("status <> 'closed' AND manager_id IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("attendance_case") as batch:
        batch.add_column(sa.Column("manager_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_attendance_case_manager_id"), "person", ["manager_id"], ["id"])
    op.execute(
        "UPDATE attendance_case SET manager_id = (SELECT person_id FROM case_person"
        " WHERE case_id = attendance_case.id AND part = 'manager' AND until IS NULL)"
    )
    op.create_index(
        "ix_attendance_case_manager",
        "attendance_case",
        ["service_id", "manager_id", "status"],
        sqlite_where=MANAGED,
        postgresql_where=MANAGED,
    )


def downgrade() -> None:
    op.drop_index("ix_attendance_case_manager", "attendance_case")
    with op.batch_alter_table("attendance_case") as batch:
        batch.drop_constraint(op.f("fk_attendance_case_manager_id"), type_="foreignkey")
        batch.drop_column("manager_id")
