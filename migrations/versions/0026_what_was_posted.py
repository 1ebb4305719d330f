"""Which letters of a batch somebody said were posted is kept as they say it; letters of a school are found by index"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

BEING_POSTED = """
UPDATE batch_line SET is_said_posted = true
WHERE letter_id IS NOT NULL
AND batch_id IN (SELECT id FROM letter_batch WHERE posted_on IS NOT NULL)
AND letter_id NOT IN (SELECT letter_id FROM letter_mail WHERE sent_at IS NULL AND fault = '')
"""
OF_SCHOOLS = sa.text("student_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("batch_line", sa.Column("is_said_posted", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(BEING_POSTED)
    where = {"sqlite_where": OF_SCHOOLS, "postgresql_where": OF_SCHOOLS}
    op.create_index("ix_letter_of_school", "letter", ["organisation_id", "sent_on"], **where)


def downgrade() -> None:
    op.drop_index("ix_letter_of_school", "letter")
    op.drop_column("batch_line", "is_said_posted")
