"""Batches of a school's letters: which holiday or term a line is about; by when an answer to the letters of a batch is hoped for"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letter_batch", sa.Column("answer_by", sa.Date(), nullable=True))
    op.add_column("batch_line", sa.Column("round", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("batch_line", "round")
    op.drop_column("letter_batch", "answer_by")
