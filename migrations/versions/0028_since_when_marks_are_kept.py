"""Since when each week of an import of marks is kept, so that imports are undone in any order"""

import sqlalchemy as sa
from alembic import op

from app.core.db import Instant

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

SINCE_WHEN = """
UPDATE imported_week SET kept_at = (
    SELECT coalesce(kept_at, (SELECT max(kept_at) FROM mark_import), asked_at)
    FROM mark_import WHERE mark_import.id = imported_week.import_id
) WHERE is_kept
"""


def upgrade() -> None:
    op.add_column("imported_week", sa.Column("kept_at", Instant(), nullable=True))
    op.execute(SINCE_WHEN)
    op.drop_column("imported_week", "is_kept")


def downgrade() -> None:
    op.add_column("imported_week", sa.Column("is_kept", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE imported_week SET is_kept = kept_at IS NOT NULL")
    op.drop_column("imported_week", "kept_at")
