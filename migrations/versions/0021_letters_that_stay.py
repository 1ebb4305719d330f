"""What a letter said when it was made, and the letter itself, are kept by the database (LET-6)"""

from alembic import op

from app.core.schema import change_again, keep_as_it_is

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

SAID = ("facts", "wording", "purpose", "step", "round", "is_formal", "versions", "page_count")
MADE = ("asked_at", "asked_by_id", "rendered_at", "file_id", "signed_at", "signed_by_id", "made_at", "made_by_id")


def upgrade() -> None:
    keep_as_it_is(op, "letter", *SAID, *MADE, once="made_at")


def downgrade() -> None:
    change_again(op, "letter")
