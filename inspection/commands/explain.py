"""`voirie explain`: why a section has the note it has, from stored numbers."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from gis.scoring.explain import explain_section
from inspection.publish.bundle import Bundle
from inspection.publish.places import route_name, section_named, section_span
from voirie.catalogue.scheme import load_scheme
from voirie.errors import ConfigurationError
from voirie.folder import open_survey
from voirie.session import session_language
from voirie.taxonomy import load_taxonomy
from voirie.wording import LANGUAGES, Wording


def explain_command(
    section: Annotated[
        str,
        typer.Argument(help="Identifier, rank (1 is the worst), or place: 'D752 PR 0+0060'"),
    ],
    survey: Annotated[Path, typer.Option(help="Survey folder")],
    scheme: Annotated[
        Path | None, typer.Option(help="Another rating scheme than the one that the folder keeps")
    ] = None,
    lang: Annotated[str | None, typer.Option(help="fr or en; that of the session if none")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Every term as JSON")] = False,
) -> None:
    """Show what is behind the notes of a section, and what each budget does about it.

    First every extent, weight and product; then, for each scenario, when a work is planned there,
    why not before, and what it would take.
    """
    asked = session_language() if lang is None else lang
    language = next((known for known in LANGUAGES if known == asked), None)
    if language is None:
        raise ConfigurationError(f"--lang {lang} is not known", remedy="say fr or en")
    folder = open_survey(survey)
    taxonomy = load_taxonomy(folder.rules("taxonomy"))
    sections = folder.read("sections")
    row = section_named(section, sections)
    w, bundle = Wording(language), Bundle(folder)
    plans = bundle.section_plans
    plans = plans[plans["section_id"] == row.section_id]
    notes = folder.read("section_notes")
    # A road that nobody drove has no sum, but a place in the plans.
    is_driven = bool((notes["section_id"] == row.section_id).any())
    explanation = (
        explain_section(
            row.section_id,
            sections,
            folder.read("extents"),
            notes,
            load_scheme(scheme or folder.rules("scheme"), taxonomy),
        )
        if is_driven or plans.empty
        else None
    )
    if as_json:
        told = {"section_id": row.section_id} if explanation is None else asdict(explanation)
        rows = json.loads(plans.to_json(orient="records"))
        print(json.dumps(told | {"plans": rows}, indent=1))
        return
    road = route_name((row.gestionnaire, row.dep, row.route, row.cote))
    print(f"{road} {section_span(row)} ({row.section_id})")
    if explanation is not None:
        print("\n".join(explanation.sentences(w, taxonomy)))
    if len(plans):
        print(f"\n{w.text('Why not my road?')}")
        lines = bundle.scenarios.set_index("scenario")
        for name, why in zip(plans["scenario"], plans[f"why_{language}"], strict=True):
            called = name if language == "fr" else lines.loc[name, "scenario_en"]
            print(f"- {called}{w.text(': ')}{why}")
