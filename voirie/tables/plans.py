"""Tables of the works plan."""

from __future__ import annotations

from voirie.stages import Stage
from voirie.tables.schema import Column, ForeignKey, Table
from voirie.tables.sections import OF_A_SECTION, SECTION_ID
from voirie.tables.shared import NOTE_HIGH, NOTE_LOW

SCENARIO = Column("scenario", "text", "scénario, nom", "scenario, its name")
OF_A_SCENARIO = ForeignKey("scenario", "scenarios", "scenario")


def _note(name: str, fr: str, en: str, *, nullable: bool = False) -> Column:
    return Column(name, "float", fr, en, nullable, stated_unit="/20", low=NOTE_LOW, high=NOTE_HIGH)


def _eur(name: str, fr: str, en: str, *, nullable: bool = False) -> Column:
    return Column(name, "float", fr, en, nullable, low=0)


def _km(name: str, fr: str, en: str) -> Column:
    return Column(name, "float", fr, en, stated_unit="km", low=0)


WORKS = Table(
    "works",
    Stage.PLAN,
    "un chantier programmé",
    "one planned work",
    (
        Column(
            "work_id",
            "text",
            "chantier, identifiant tiré du scénario, de l'année et de la section",
            "work, identifier from the scenario, year and section",
        ),
        SCENARIO,
        Column("year", "int", "année", "year", low=0),
        SECTION_ID,
        Column(
            "treatment",
            "text",
            "traitement, code du bordereau des prix",
            "treatment, code of the price list",
        ),
        Column("area_m2", "float", "surface traitée", "treated area", low=0),
        _eur(
            "cost_eur", "coût, HT ou TTC, comme le scénario", "cost, HT or TTC as in the scenario"
        ),
        Column(
            "envelope",
            "text",
            "enveloppe : investissement ou fonctionnement",
            "envelope: investment or operation",
            allowed=("investment", "operation"),
        ),
        _note("note_before", "note avant travaux", "note before the work"),
        _note("note_after", "note après travaux", "note after the work"),
        Column(
            "reason_fr",
            "text",
            "motif en français, pourquoi ce lieu et cette année",
            "reason in French, why then and there",
        ),
        Column(
            "reason_en",
            "text",
            "motif en anglais, pourquoi ce lieu et cette année",
            "reason in English, why then and there",
        ),
    ),
    key=("work_id",),
    foreign_keys=(OF_A_SECTION, OF_A_SCENARIO),
)

PLAN_YEARS = Table(
    "plan_years",
    Stage.PLAN,
    "une année d'un scénario",
    "scenario x year",
    (
        SCENARIO,
        Column(
            "year",
            "int",
            "année, après ses travaux et son vieillissement ; le départ est la première moins un",
            "year, after its works and its ageing; the start is year first - 1",
            low=0,
        ),
        _note("note", "note moyenne, pondérée par la surface", "note, area-weighted"),
        _eur(
            "budget_investment_eur",
            "budget d'investissement",
            "budget of investment",
            nullable=True,
        ),
        _eur(
            "budget_operation_eur",
            "budget de fonctionnement",
            "budget of operation",
            nullable=True,
        ),
        _eur("spend_investment_eur", "dépense d'investissement", "spent on investment"),
        _eur("spend_operation_eur", "dépense de fonctionnement", "spent on operation"),
        _eur(
            "need_eur",
            "besoin, coût de tous les travaux appelés cette année",
            "need, cost of every work called for that year",
        ),
        _eur("backlog_eur", "retard, part du besoin non faite", "backlog, the need left undone"),
        _km(
            "km_below_surface",
            "longueur sous le seuil de surface",
            "length under the surface threshold",
        ),
        _km(
            "km_below_structure",
            "longueur sous le seuil de structure",
            "length under the structure threshold",
        ),
        _km("km_below_12", "longueur sous 12/20", "length under 12/20"),
    ),
    key=("scenario", "year"),
    foreign_keys=(OF_A_SCENARIO,),
)

SCENARIOS = Table(
    "scenarios",
    Stage.PLAN,
    "un scénario, une ligne de la comparaison",
    "one scenario, the line of the comparison",
    (
        SCENARIO,
        _note(
            "note_start",
            "note de départ, pondérée par la surface, avant tous travaux",
            "note at the start, area-weighted, before any work",
        ),
        _note(
            "note_end",
            "note finale, après la dernière année",
            "note at the end, after the last year",
        ),
        _note(
            "note_high",
            "note la plus haute des années, départ compris",
            "highest note of the years, the start included",
        ),
        _note(
            "note_low",
            "note la plus basse, seulement si elle est sous celle de départ",
            "lowest note, only when under the start",
            nullable=True,
        ),
        _note(
            "note_mean",
            "note moyenne des années, départ compris",
            "mean note of the years, the start included",
        ),
        _eur("total_eur", "dépense totale sur la durée du plan", "total spent over the horizon"),
        Column("tax", "text", "taxe : HT ou TTC", "tax: HT or TTC", allowed=("HT", "TTC")),
        Column(
            "observations",
            "text",
            "observations, le budget en clair",
            "observations, the budget in words",
        ),
        Column("scenario_en", "text", "nom anglais du scénario", "English name of the scenario"),
        Column(
            "observations_en",
            "text",
            "observations en anglais, le budget en clair",
            "observations in English, the budget in words",
        ),
        Column("value", "float", "valeur de l'objectif atteinte", "objective of the plan"),
        Column("bound", "float", "borne supérieure de l'objectif", "upper bound of the objective"),
        Column(
            "do_nothing_value",
            "float",
            "objectif sans aucuns travaux",
            "objective without any work",
        ),
        Column(
            "rule_value",
            "float",
            "objectif d'une règle simple, servir le besoin par avantage rapporté au coût",
            "objective of a simple rule, the need in the order of benefit over cost",
            nullable=True,
        ),
        Column(
            "gap_pct",
            "float",
            "écart à la borne, (borne - valeur) / (borne - sans travaux)",
            "gap to the bound, (bound - value) / (bound - do nothing)",
        ),
        Column(
            "assumed_area_pct",
            "float",
            "part de surface dont la note de départ est supposée, non relevée",
            "share of area whose start note is assumed, not surveyed",
            low=0,
            high=100,
        ),
    ),
    key=("scenario",),
    ascending=(("note_low", "note_mean", "note_high"), ("note_low", "note_end", "note_high")),
)

PLAN_TABLES = (WORKS, PLAN_YEARS, SCENARIOS)
