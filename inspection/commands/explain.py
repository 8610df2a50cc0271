"""`voirie explain`: why a section has the note it has, from stored numbers."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from gis.scoring.explain import explain_section
from voirie.catalogue.scheme import load_scheme
from voirie.errors import ConfigurationError
from voirie.folder import open_survey


def explain_command(
    section_id: Annotated[str, typer.Argument(help="Identifier of the section")],
    survey: Annotated[Path, typer.Option(help="Survey folder")],
    scheme: Annotated[
        Path | None, typer.Option(help="Another rating scheme than the one that the folder keeps")
    ] = None,
    lang: Annotated[str, typer.Option(help="fr or en")] = "fr",
    as_json: Annotated[bool, typer.Option("--json", help="Every term as JSON")] = False,
) -> None:
    """Show every extent, weight and product behind the notes of a section."""
    if lang not in {"fr", "en"}:
        raise ConfigurationError(f"--lang {lang} is not known", remedy="say fr or en")
    language: Literal["fr", "en"] = "en" if lang == "en" else "fr"
    folder = open_survey(survey)
    explanation = explain_section(
        section_id,
        folder.read("extents"),
        folder.read("section_notes"),
        load_scheme(scheme or folder.rules("scheme")),
    )
    if as_json:
        print(json.dumps(asdict(explanation), indent=1, ensure_ascii=False))
    else:
        print("\n".join(explanation.sentences(language)))
