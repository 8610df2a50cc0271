"""Bodies, networks, surveys, and the rows of a survey's tables with their spatial index."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from inspection.store.columns import NUMBER, UtcTime, type_of
from inspection.store.migrations.frozen import frozen_tables

revision = "0001"
down_revision = None

FROZEN = Path(__file__).with_name("v0001.json")
BOX = ("min_x_m", "min_y_m", "max_x_m", "max_y_m")


def upgrade() -> None:
    """Make every table."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    if not on_sqlite:
        op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    _make_heads()
    for name, table in frozen_tables(FROZEN).items():
        box = [sa.Column(bound, sa.Double) for bound in BOX] if table["in_space"] else []
        op.create_table(
            name,
            sa.Column("row_no", NUMBER),
            sa.Column("body_no", NUMBER, nullable=False),
            sa.Column("survey_no", NUMBER, nullable=False),
            *(
                sa.Column(c["name"], type_of(c["kind"]), nullable=c["nullable"])
                for c in table["columns"]
            ),
            *box,
            sa.PrimaryKeyConstraint("row_no", name=f"pk_{name}"),
            sa.UniqueConstraint("survey_no", *table["key"], name=f"uq_{name}_key"),
            sa.ForeignKeyConstraint(
                ["body_no", "survey_no"],
                ["surveys.body_no", "surveys.survey_no"],
                name=f"fk_{name}_survey",
            ),
        )
        if table["in_space"]:
            op.create_index(f"ix_{name}_body", name, ["body_no", "row_no"])
            if on_sqlite:
                _index_boxes(name)
            else:
                op.execute(f"CREATE INDEX ix_{name}_shape ON {name} USING gist (geometry)")
    op.create_index("ix_certificate_sha256", "certificate", ["sha256"])
    op.create_index("ix_findings_place", "findings", ["survey_no", "route", "cumul_m"])


def downgrade() -> None:
    """Remove every table; the extension PostGIS stays, which others may use."""
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for name, table in reversed(frozen_tables(FROZEN).items()):
        if on_sqlite and table["in_space"]:
            op.execute(f"DROP TABLE {name}_box")
        op.drop_table(name)
    for name in ("surveys", "networks", "bodies"):
        op.drop_table(name)


def _make_heads() -> None:
    op.create_table(
        "bodies",
        sa.Column("body_no", NUMBER),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("added_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("body_no", name="pk_bodies"),
        sa.UniqueConstraint("name", name="uq_bodies_name"),
    )
    op.create_table(
        "networks",
        sa.Column("network_no", NUMBER),
        sa.Column("body_no", NUMBER, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("added_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("network_no", name="pk_networks"),
        sa.UniqueConstraint("body_no", "version", name="uq_networks_body_no_version"),
        sa.ForeignKeyConstraint(["body_no"], ["bodies.body_no"], name="fk_networks_body_no"),
    )
    texts = ("survey_id", "run_id", "campaign", "purpose", "controller", "legal_basis")
    op.create_table(
        "surveys",
        sa.Column("survey_no", NUMBER),
        sa.Column("body_no", NUMBER, nullable=False),
        sa.Column("network_no", NUMBER),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("surveyed_from", UtcTime),
        sa.Column("surveyed_to", UtcTime),
        sa.Column("n_passes", sa.Integer, nullable=False),
        sa.Column("n_findings", sa.Integer, nullable=False),
        sa.Column("n_pictures", sa.Integer, nullable=False),
        sa.Column("run_sheet", sa.Text, nullable=False),
        sa.Column("certificate", sa.Text, nullable=False),
        sa.Column("content_sha256", sa.Text, nullable=False),
        sa.Column("added_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("survey_no", name="pk_surveys"),
        sa.UniqueConstraint("body_no", "survey_id", name="uq_surveys_body_no_survey_id"),
        sa.UniqueConstraint("body_no", "survey_no", name="uq_surveys_body_no_survey_no"),
        sa.ForeignKeyConstraint(["body_no"], ["bodies.body_no"], name="fk_surveys_body_no"),
        sa.ForeignKeyConstraint(
            ["network_no"], ["networks.network_no"], name="fk_surveys_network_no"
        ),
    )


def _index_boxes(name: str) -> None:
    """An R*Tree over the boxes of a table and its bodies, which follows every change of a row.

    Its numbers have 32 bits: half a metre of a northing. What it finds is tested again.
    """
    op.execute(
        f"CREATE VIRTUAL TABLE {name}_box USING rtree("
        "row_no, min_x, max_x, min_y, max_y, min_body, max_body)"
    )
    put = (
        f"INSERT INTO {name}_box SELECT new.row_no, new.min_x_m, new.max_x_m, "
        "new.min_y_m, new.max_y_m, new.body_no, new.body_no WHERE new.min_x_m IS NOT NULL;"
    )
    take = f"DELETE FROM {name}_box WHERE row_no = old.row_no;"
    changes = {
        "insert": f"AFTER INSERT ON {name} BEGIN {put} END",
        "update": f"AFTER UPDATE OF body_no, {', '.join(BOX)} ON {name} BEGIN {take} {put} END",
        "delete": f"AFTER DELETE ON {name} BEGIN {take} END",
    }
    for change, what in changes.items():
        op.execute(f"CREATE TRIGGER {name}_box_{change} {what}")
