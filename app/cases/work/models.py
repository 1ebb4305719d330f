"""The index by which My work finds what a lead is to look at on the cases of others."""

from sqlalchemy import Index, literal_column

from app.cases.transfers.rules import ASKED as TRANSFER_ASKED
from app.cases.updates.rules import LONG_SILENT
from app.core.db import only_where
from app.core.events import Outbox

OF_OTHERS = Outbox.event.in_([literal_column(f"'{event}'") for event in (TRANSFER_ASKED, LONG_SILENT)])
"""A clause on Outbox, in the very words of the index: what SQLite is not told literally it does not find there."""

Index(
    "ix_outbox_of_others",
    Outbox.person_id,
    Outbox.organisation_id,
    Outbox.role,
    Outbox.case_id,
    **only_where(f"read_at IS NULL AND event IN ('{TRANSFER_ASKED}', '{LONG_SILENT}')"),
)
