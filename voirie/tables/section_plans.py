"""Table of what is told to who asks why his road is not done."""

from __future__ import annotations

from voirie.stages import Stage
from voirie.tables.of_plans import OF_A_SCENARIO, SCENARIO, amount, tax_of_amounts
from voirie.tables.schema import Column, Table
from voirie.tables.sections import OF_A_SECTION, SECTION_ID

SECTION_PLANS = Table(
    "section_plans",
    Stage.PLAN,
    "une section dans un scénario : pourquoi pas ma route",
    "one section in one scenario: why not my road",
    (
        SCENARIO,
        SECTION_ID,
        Column(
            "assumed",
            "bool",
            "supposé, vrai où la note de la section n'est pas mesurée",
            "assumed, True where the note of the section was not measured",
        ),
        Column(
            "situation",
            "text",
            "situation : at_once travaux la première année, later plus tard, nothing_called aucun "
            "travail appelé, too_dear plus cher que toute enveloppe annuelle, outranked devancée, "
            "left_out hors du plan",
            "situation: at_once works in the first year, later, nothing_called no work called for, "
            "too_dear dearer than any yearly envelope, outranked by others, left_out of the plan",
            allowed=("at_once", "later", "nothing_called", "too_dear", "outranked", "left_out"),
        ),
        Column(
            "called_in",
            "int",
            "année appelée, la première où la section laissée seule appelle des travaux",
            "year called, the first in which the section left alone calls for a work",
            nullable=True,
            low=0,
        ),
        Column(
            "called_treatment",
            "text",
            "traitement appelé, code du bordereau des prix",
            "treatment called for, code of the price list",
            nullable=True,
        ),
        amount("called_cost_eur", "coût du traitement appelé", "cost of that", nullable=True),
        amount(
            "envelope_eur",
            "enveloppe, la plus grande d'une année qui puisse payer ce traitement",
            "envelope, the largest of a year that may pay that treatment",
            nullable=True,
        ),
        tax_of_amounts(),
        Column(
            "planned_in",
            "int",
            "année des premiers travaux, vide s'il n'y en a pas",
            "year of its first work, NULL where there is none",
            nullable=True,
            low=0,
        ),
        Column(
            "planned_treatment",
            "text",
            "premier traitement programmé",
            "first treatment planned",
            nullable=True,
        ),
        amount(
            "planned_cost_eur",
            "coût des premiers travaux",
            "cost of its first work",
            nullable=True,
        ),
        Column(
            "benefit_per_eur",
            "float",
            "avantage du traitement appelé, par euro",
            "benefit of the treatment called for, each euro",
            nullable=True,
            stated_unit="m2 note-years/eur",
        ),
        Column(
            "worth_per_eur",
            "float",
            "avantage du dernier euro de l'année appelée",
            "benefit of the last euro of the year called",
            nullable=True,
            stated_unit="m2 note-years/eur",
        ),
        Column(
            "priority",
            "int",
            "rang, parmi les travaux appelés la première année que paient les mêmes enveloppes, "
            "par avantage d'un euro",
            "rank, among the works called for in the first year that the same envelopes may pay, "
            "by benefit of a euro",
            nullable=True,
            low=1,
        ),
        Column(
            "rivals",
            "int",
            "nombre de ces travaux",
            "number of those works",
            nullable=True,
            low=1,
        ),
        amount(
            "entry_eur",
            "budget d'entrée, coût de ces travaux jusqu'à ce rang",
            "entry budget, cost of those works down to that rank",
            nullable=True,
        ),
        Column(
            "why_fr",
            "text",
            "pourquoi pas avant en français, et ce qu'il faudrait",
            "why not before in French, and what it would take",
        ),
        Column(
            "why_en",
            "text",
            "pourquoi pas avant en anglais, et ce qu'il faudrait",
            "why not before in English, and what it would take",
        ),
    ),
    key=("scenario", "section_id"),
    foreign_keys=(OF_A_SECTION, OF_A_SCENARIO),
)
