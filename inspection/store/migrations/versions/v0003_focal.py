"""A frame says with which focal length it was placed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the focal length; of surveys that were there before nobody knows it."""
    op.add_column("frames", sa.Column("focal_px", sa.Double()))


def downgrade() -> None:
    """Forget it."""
    op.drop_column("frames", "focal_px")
