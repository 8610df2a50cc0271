"""A survey folder read once, for everything that is published from it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, overload

import geopandas as gpd
import pandas as pd

from inspection.publish.places import natural
from voirie.errors import NotASurvey
from voirie.files import read_json
from voirie.folder import SurveyFolder
from voirie.tables import empty
from voirie.tables.declared import GeoTableName
from voirie.taxonomy import Taxonomy, load_taxonomy
from voirie.wording import Language

Sheet = dict[str, Any]
"""What a JSON or TOML file holds, in a schema that whoever reads it knows."""


@dataclass(frozen=True)
class Bundle:
    """Tables and sheets of a survey folder, each read at its first use.

    A table whose file is absent is empty: a chain without a plan, or without a network, has no
    such file, and what is published says so instead of failing.
    """

    folder: SurveyFolder
    taxonomy: Taxonomy = field(default_factory=load_taxonomy)

    @overload
    def table(self, name: GeoTableName) -> gpd.GeoDataFrame: ...
    @overload
    def table(self, name: str) -> pd.DataFrame: ...
    def table(self, name: str) -> pd.DataFrame:
        """Table of the folder, empty when its file is absent."""
        path = self.folder.tables / f"{name}.parquet"
        return self.folder.read(name) if path.is_file() else empty(name)

    @cached_property
    def sections(self) -> gpd.GeoDataFrame:
        """Planning units, along their routes."""
        rows = self.table("sections")
        keys = rows[["gestionnaire", "dep", "route", "cote"]].itertuples(index=False, name=None)
        order = [natural(key) for key in keys]
        rows = rows.assign(_order=pd.Series(order, index=rows.index, dtype=object))
        return rows.sort_values(["_order", "cumul_from_m"]).drop(columns="_order")

    @cached_property
    def section_notes(self) -> pd.DataFrame:
        """Notes of each lane of each section."""
        return self.table("section_notes")

    @cached_property
    def extents(self) -> pd.DataFrame:
        """Extents that make the notes."""
        return self.table("extents")

    @cached_property
    def findings(self) -> gpd.GeoDataFrame:
        """Things on the ground, along their routes."""
        return self.table("findings").sort_values(["route", "cumul_m", "finding_id"])

    @cached_property
    def frames(self) -> gpd.GeoDataFrame:
        """Frames, kept or refused."""
        return self.table("frames")

    @cached_property
    def views(self) -> gpd.GeoDataFrame:
        """Detections in the frames."""
        return self.table("views")

    @cached_property
    def coverage(self) -> pd.DataFrame:
        """Stretches of lane, surveyed or not."""
        return self.table("coverage")

    @cached_property
    def passes(self) -> pd.DataFrame:
        """Drives."""
        return self.table("passes")

    @cached_property
    def works(self) -> pd.DataFrame:
        """Planned works."""
        return self.table("works").sort_values(["scenario", "year", "section_id"])

    @cached_property
    def plan_years(self) -> pd.DataFrame:
        """Scenario by year."""
        return self.table("plan_years").sort_values(["scenario", "year"])

    @cached_property
    def scenarios(self) -> pd.DataFrame:
        """Comparison of the scenarios, in the order given by the user."""
        return self.table("scenarios")

    @cached_property
    def section_plans(self) -> pd.DataFrame:
        """Where each section stands in each scenario."""
        return self.table("section_plans")

    @cached_property
    def run(self) -> Sheet:
        """Run sheet, empty while the run is not finished."""
        return _json(self.folder.run_sheet)

    @cached_property
    def _survey(self) -> Sheet:
        """`survey.toml`, empty where there is none."""
        path = self.folder.root / "survey.toml"
        if not path.is_file():
            return {}
        try:
            return tomllib.loads(path.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise NotASurvey(f"it is not valid TOML ({error})", path, "run again") from error

    @property
    def campaign(self) -> Sheet:
        """Table `campaign` of `survey.toml`, empty where there is none."""
        return _table(self._survey, "campaign")

    def stated(self, what: str, language: Language) -> str:
        """What the survey says of itself, in English where it does; empty where it does not.

        Parameters
        ----------
        what
            ``campaign``, ``body``, ``purpose``, ``controller`` or ``legal_basis``.
        language
            Of the reader.
        """
        english = _table(self._survey, "english") if language == "en" else {}
        own = {"campaign": self.campaign.get("name"), "body": self.campaign.get("body")}
        return str(english.get(what) or self.run.get(what) or own.get(what) or "")


def _json(path: Path) -> Sheet:
    if not path.is_file():
        return {}
    try:
        found = read_json(path)
    except (OSError, ValueError) as error:
        raise NotASurvey(f"it is not valid JSON ({error})", path, "run again") from error
    return found if isinstance(found, dict) else {}


def _table(sheet: Sheet, name: str) -> Sheet:
    found = sheet.get(name, {})
    return found if isinstance(found, dict) else {}
