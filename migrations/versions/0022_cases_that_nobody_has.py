"""Cases that nobody has are found without looking at those that somebody has"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

NOBODYS = sa.text("manager_id IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_attendance_case_nobodys",
        "attendance_case",
        ["service_id", "status", "urgency", "due_on", "id"],
        sqlite_where=NOBODYS,
        postgresql_where=NOBODYS,
    )


def downgrade() -> None:
    op.drop_index("ix_attendance_case_nobodys", "attendance_case")
