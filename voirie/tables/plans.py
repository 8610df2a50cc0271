"""Tables of the works plan."""

from __future__ import annotations

from voirie.stages import Stage
from voirie.tables.of_plans import (
    OBSERVED,
    OF_A_SCENARIO,
    SCENARIO,
    amount,
    kilometres,
    note_out_of_20,
    seen_and_assumed,
    tax_of_amounts,
)
from voirie.tables.schema import Column, Table
from voirie.tables.section_plans import SECTION_PLANS
from voirie.tables.sections import OF_A_SECTION, SECTION_ID

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
        amount(
            "cost_eur", "coût, HT ou TTC, comme le scénario", "cost, HT or TTC as in the scenario"
        ),
        tax_of_amounts(),
        Column(
            "envelope",
            "text",
            "enveloppe : investissement ou fonctionnement",
            "envelope: investment or operation",
            allowed=("investment", "operation"),
        ),
        note_out_of_20("note_before", "note avant travaux", "note before the work"),
        note_out_of_20("note_after", "note après travaux", "note after the work"),
        Column(
            "assumed",
            "bool",
            "supposé, vrai où la note de la section n'est pas mesurée",
            "assumed, True where the note of the section was not measured",
        ),
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
        note_out_of_20("note", "note moyenne, pondérée par la surface", "note, area-weighted"),
        note_out_of_20(
            "note_seen",
            "note relevée, moyenne des sections relevées",
            "note seen, of the sections that were measured",
            nullable=True,
        ),
        note_out_of_20(
            "note_assumed",
            "note supposée, moyenne des autres sections",
            "note assumed, of the other sections",
            nullable=True,
        ),
        amount(
            "budget_investment_eur",
            "budget d'investissement",
            "budget of investment",
            nullable=True,
        ),
        amount(
            "budget_operation_eur",
            "budget de fonctionnement",
            "budget of operation",
            nullable=True,
        ),
        amount("spend_investment_eur", "dépense d'investissement", "spent on investment"),
        amount(
            "spend_investment_assumed_eur",
            "investissement supposé, sur les sections dont la note est supposée",
            "investment assumed, on sections whose note is assumed",
        ),
        amount("spend_operation_eur", "dépense de fonctionnement", "spent on operation"),
        amount(
            "spend_operation_assumed_eur",
            "fonctionnement supposé, sur les sections dont la note est supposée",
            "operation assumed, on sections whose note is assumed",
        ),
        amount("spend_eur", "dépense des deux enveloppes", "spent from both envelopes"),
        *seen_and_assumed("spend", "dépense", "spending"),
        amount(
            "need_eur",
            "besoin, coût de tous les travaux appelés cette année",
            "need, cost of every work called for that year",
        ),
        *seen_and_assumed("need", "besoin", "need"),
        amount("backlog_eur", "retard, part du besoin non faite", "backlog, the need left undone"),
        *seen_and_assumed("backlog", "retard", "backlog"),
        tax_of_amounts(),
        *(
            column
            for name, fr, en in (
                ("surface", "le seuil de surface", "the surface threshold"),
                ("structure", "le seuil de structure", "the structure threshold"),
                ("12", "12/20", "12/20"),
            )
            for column in (
                kilometres(f"km_below_{name}", f"longueur sous {fr}", f"length under {en}"),
                kilometres(
                    f"km_below_{name}_assumed",
                    f"longueur supposée sous {fr}, non relevée",
                    f"assumed length under {en}, not measured",
                ),
            )
        ),
        OBSERVED,
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
        note_out_of_20(
            "note_start",
            "note de départ, pondérée par la surface, avant tous travaux",
            "note at the start, area-weighted, before any work",
        ),
        note_out_of_20(
            "note_end",
            "note finale, après la dernière année",
            "note at the end, after the last year",
        ),
        note_out_of_20(
            "note_high",
            "note la plus haute des années, départ compris",
            "highest note of the years, the start included",
        ),
        note_out_of_20(
            "note_low",
            "note la plus basse, seulement si elle est sous celle de départ",
            "lowest note, only when under the start",
            nullable=True,
        ),
        note_out_of_20(
            "note_mean",
            "note moyenne des années, départ compris",
            "mean note of the years, the start included",
        ),
        note_out_of_20(
            "note_start_seen",
            "note de départ relevée, moyenne des sections relevées",
            "note seen at the start, of the sections that were measured",
            nullable=True,
        ),
        note_out_of_20(
            "note_end_seen",
            "note finale des sections relevées",
            "note at the end of the sections that were measured",
            nullable=True,
        ),
        amount("total_eur", "dépense totale sur la durée du plan", "total spent over the horizon"),
        *seen_and_assumed("total", "total", "total"),
        tax_of_amounts(),
        amount(
            "need_start_eur",
            "besoin au départ, coût de tous les travaux appelés",
            "need at the start, cost of every work called for",
        ),
        *seen_and_assumed("need_start", "besoin au départ", "need at the start"),
        amount(
            "need_end_eur",
            "besoin à la fin, après la dernière année",
            "need at the end, after the last year",
        ),
        *seen_and_assumed("need_end", "besoin à la fin", "need at the end"),
        note_out_of_20(
            "rule_note_end",
            "note finale de la règle simple",
            "note at the end under the simple rule",
        ),
        amount(
            "rule_total_eur",
            "dépense totale de la règle simple",
            "total spent by the simple rule",
        ),
        amount(
            "rule_need_end_eur",
            "besoin à la fin avec la règle simple",
            "need at the end under the simple rule",
        ),
        amount(
            "do_nothing_need_end_eur",
            "besoin à la fin sans aucuns travaux",
            "need at the end without any work",
        ),
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
            "value_unit",
            "text",
            "unité des objectifs : note moyenne pondérée x années",
            "unit of the objectives: weighted mean note x years",
            allowed=("note-years",),
        ),
        Column(
            "gap_pct",
            "float",
            "écart à la borne, (borne - valeur) / (borne - sans travaux)",
            "gap to the bound, (bound - value) / (bound - do nothing)",
        ),
        Column(
            "scope",
            "text",
            "étendue du plan : all pour tout le réseau, seen pour les seules sections relevées",
            "scope of the plan: all of the network, or seen, the measured sections alone",
            allowed=("all", "seen"),
        ),
        Column(
            "assumed_area_pct",
            "float",
            "part supposée, surface du plan dont la note de départ n'est pas relevée",
            "assumed share, area of the plan whose start note is not surveyed",
            low=0,
            high=100,
        ),
        OBSERVED,
    ),
    key=("scenario",),
    ascending=(("note_low", "note_mean", "note_high"), ("note_low", "note_end", "note_high")),
)

PLAN_TABLES = (WORKS, PLAN_YEARS, SCENARIOS, SECTION_PLANS)
