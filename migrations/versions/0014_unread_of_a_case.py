"""What is unread of a case is found by the index of what is unread, and which event it is: opening a case marks it, and My
work asks what it was"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

UNREAD = sa.text("read_at IS NULL")


def upgrade() -> None:
    _index("person_id", "organisation_id", "role", "case_id", "made_at", "event")


def downgrade() -> None:
    _index("person_id", "organisation_id", "role", "made_at")


def _index(*columns: str) -> None:
    op.drop_index("ix_outbox_unread", table_name="outbox")
    op.create_index("ix_outbox_unread", "outbox", list(columns), sqlite_where=UNREAD, postgresql_where=UNREAD)
