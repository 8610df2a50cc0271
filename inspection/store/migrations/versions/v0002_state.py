"""A survey may be withdrawn, and the lanes of a section are asked for over all surveys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from inspection.store.columns import UtcTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the moment of the withdrawal and the index of lanes."""
    op.add_column("surveys", sa.Column("withdrawn_at", UtcTime))
    op.create_index(
        "ix_section_notes_lane", "section_notes", ["body_no", "section_id", "sens", "voie"]
    )


def downgrade() -> None:
    """Forget both; withdrawn surveys count again."""
    op.drop_index("ix_section_notes_lane", "section_notes")
    op.drop_column("surveys", "withdrawn_at")
