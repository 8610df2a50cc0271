"""Columns that the tables of a plan share."""

from __future__ import annotations

from voirie.tables.schema import Column, ForeignKey
from voirie.tables.shared import NOTE_HIGH, NOTE_LOW

SCENARIO = Column("scenario", "text", "scénario, nom", "scenario, its name")
OF_A_SCENARIO = ForeignKey("scenario", "scenarios", "scenario")


def note_out_of_20(name: str, fr: str, en: str, *, nullable: bool = False) -> Column:
    """A note, 0 to 20."""
    return Column(name, "float", fr, en, nullable, stated_unit="/20", low=NOTE_LOW, high=NOTE_HIGH)


def amount(name: str, fr: str, en: str, *, nullable: bool = False) -> Column:
    """An amount of money, never negative, in the tax of `tax_of_amounts`."""
    return Column(name, "float", fr, en, nullable, low=0)


def seen_and_assumed(stem: str, fr: str, en: str) -> tuple[Column, ...]:
    """Parts of an amount: on sections that were measured, and on those with an assumed note."""
    return (
        amount(f"{stem}_seen_eur", f"{fr} relevé, part des sections relevées", f"{en} seen"),
        amount(
            f"{stem}_assumed_eur",
            f"{fr} supposé, part des sections dont la note est supposée",
            f"{en} assumed, on sections whose note is assumed",
        ),
    )


def tax_of_amounts() -> Column:
    """The tax that every amount of the row is in."""
    return Column(
        "tax",
        "text",
        "taxe des montants : HT ou TTC",
        "tax of the amounts: HT or TTC",
        allowed=("HT", "TTC"),
    )


OBSERVED = Column(
    "observed_area_pct",
    "float",
    "part relevée, surface du réseau dont la note est mesurée",
    "observed share, area of the network whose note was measured",
    low=0,
    high=100,
)


def kilometres(name: str, fr: str, en: str) -> Column:
    """A length in kilometres."""
    return Column(name, "float", fr, en, stated_unit="km", low=0)
