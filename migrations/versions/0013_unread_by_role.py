"""What is unread is counted by role too, from its index alone"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

UNREAD = sa.text("read_at IS NULL")


def upgrade() -> None:
    _index("person_id", "organisation_id", "role", "made_at")


def downgrade() -> None:
    _index("person_id", "organisation_id", "made_at")


def _index(*columns: str) -> None:
    op.drop_index("ix_outbox_unread", table_name="outbox")
    op.create_index("ix_outbox_unread", "outbox", list(columns), sqlite_where=UNREAD, postgresql_where=UNREAD)
