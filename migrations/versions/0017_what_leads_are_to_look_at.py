"""What a lead is to look at on the cases of others is found by an index of its own, however much else is unread; so
are likely matches that wait"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

WAITING = sa.text("decided_at IS NULL")
OF_OTHERS = sa.text("read_at IS NULL AND event IN ('case.transfer_asked', 'sharing.missed_for_long')")


def upgrade() -> None:
    columns = ["person_id", "organisation_id", "role", "case_id"]
    op.create_index("ix_outbox_of_others", "outbox", columns, sqlite_where=OF_OTHERS, postgresql_where=OF_OTHERS)
    columns = ["case_id", "other_case_id"]
    op.create_index("ix_likely_match_waiting", "likely_match", columns, sqlite_where=WAITING, postgresql_where=WAITING)


def downgrade() -> None:
    op.drop_index("ix_likely_match_waiting", table_name="likely_match")
    op.drop_index("ix_outbox_of_others", table_name="outbox")
