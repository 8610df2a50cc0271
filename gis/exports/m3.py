"""The section export, profile M3 v1: one row a section, direction and lane.

Columns 1 to 73 are those of the profile, in its order; what follows are our additions. An empty
cell means not surveyed or not observable, 0 means surveyed and absent. A row of class ``nd`` has
no note, no work and no price.

To add rows up, take ``surface_a_sommer_m2``, ``cout_a_sommer_ht_eur`` and
``cout_a_sommer_ttc_eur``: over the rows of a section they make its carriageway once, whether one
lane or all were driven. ``cout_estime_eur`` (the profile's name, HT) and ``cout_voie_*`` are for
the lane of the row alone; ``cout_chaussee_*`` stand in full in each row of the section.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis.scoring.cells import SectionIndex, lane_code
from voirie.arrays import Floats, Ints
from voirie.catalogue.treatments import Tax, convert_eur
from voirie.taxonomy import Taxonomy, load_taxonomy

PROFILE = "M3-v1"
PROFILE_TEXT = (
    "profil M3 v1 (pourcentage de longueur par section de 200 m), relevé automatique par image"
)

CODES = (
    *("FLB", "FLH", "FTR", "FAI", "FAH", "ARR", "PEL", "NDP"),
    *("ORN", "AFF", "RES", "REM", "REP", "PON", "BOR"),
)
"""Codes of the profile in its order; each has the columns ``_pct_g1`` and ``_pct_g23``."""

_GRADES = ("g1", "g23")

COLUMNS: tuple[str, ...] = (
    *("id_section", "campagne", "profil_releve", "gestionnaire", "code_insee_dep", "route"),
    *("sens", "cote", "voie", "plod", "absd", "plof", "absf", "cumuld", "cumulf", "longueur_m"),
    *("largeur_m", "surface_m2", "longueur_relevee_m", "couverture_pct", "date_releve"),
    *("revetement", "qualite_gnss_m", "n_images"),
    *(f"{code.lower()}_pct_{grade}" for code in CODES for grade in _GRADES),
    *("ftr_nb", "ndp_nb", "ndp_m2", "fai_m2", "rep_m2", "edeg_pct", "ideg", "vizir_is"),
    *("note_structure", "note_surface", "note_patrimoine", "classe_etat", "pci_visuel"),
    *("travaux_propose", "cout_estime_eur", "conf_moy", "validation"),
    *("version_modele", "version_bareme"),
)
"""The 73 columns of the profile; ``source_largeur`` is among the additions."""

ADDED: tuple[str, ...] = (
    *("note_structure_bas", "note_structure_haut", "note_surface_bas", "note_surface_haut"),
    *("note_globale", "note_globale_bas", "note_globale_haut", "codes_absents", "borne_haute"),
    "classe_incertaine",
    *("vizir_if", "vizir_is_min", "vizir_is_max"),
    *("source_largeur", "largeur_chaussee_m", "surface_chaussee_m2", "sens_releves"),
    *("surface_a_sommer_m2", "note_section", "note_section_bas", "note_section_haut"),
    *("cout_a_sommer_ht_eur", "cout_a_sommer_ttc_eur", "cout_voie_ht_eur", "cout_voie_ttc_eur"),
    *("cout_chaussee_ht_eur", "cout_chaussee_ttc_eur"),
    *("categorie", "prd", "commune", "agglo", "trafic", "annee_travaux", "age_releve"),
    *("origine", "experimental", "x_deb", "y_deb", "x_fin", "y_fin"),
)

_TAXES: tuple[Tax, ...] = ("HT", "TTC")
_SOURCES = {"network": "reseau", "assumed": "supposee"}


@dataclass(frozen=True, slots=True)
class M3Campaign:
    """What the export says about the campaign.

    Attributes
    ----------
    name
        Campaign as printed, such as ``2026-09``.
    tax
        Tax of ``proposed_cost_eur`` in the table ``sections``; the profile prints HT, columns with
        ``ht`` or ``ttc`` in their names both.
    vat_rate
        To convert.
    year
        Year the export is read from, for the age of a survey; None leaves the age empty.
    """

    name: str
    tax: Tax
    vat_rate: float
    year: int | None = None


def m3_rows(
    sections: gpd.GeoDataFrame,
    section_notes: pd.DataFrame,
    extents: pd.DataFrame,
    findings: pd.DataFrame,
    campaign: M3Campaign,
    taxonomy: Taxonomy | None = None,
) -> gpd.GeoDataFrame:
    """Rows of ``m3_section``.

    Width, area and cost of a row are those of its lane; the carriageway's stand beside them, and
    a share of them that adds up to it (see the head of the module).

    Parameters
    ----------
    sections, section_notes, extents, findings
        Tables of those names.
    campaign
        Name, tax and year.
    taxonomy
        Families of the survey, of which some are rated; None for the shipped ones.

    Returns
    -------
    geopandas.GeoDataFrame
        Columns `COLUMNS`, `ADDED`, two for each code of `extents` that the profile does not
        know, and ``geometry`` (EPSG:2154, NULL without a network); one row for each row of
        `section_notes`, in its order.

    Examples
    --------
    >>> from gis.scoring.score import Observation, score
    >>> from gis.scoring.sections import cut_from_places
    >>> from voirie.tables import empty
    >>> road = {"gestionnaire": "CD31", "dep": "031", "route": "D108", "cote": "U"}
    >>> sections = cut_from_places(pd.DataFrame([road | {"cumul_m": 100.0}]))
    >>> seen = road | {"pass_id": "p", "sens": "+", "voie": 1, "surveyed": True}
    >>> coverage = pd.DataFrame([seen | {"cumul_from_m": 0.0, "cumul_to_m": 200.0}])
    >>> told = Observation(frozenset({"NDP"}), "made by hand")
    >>> done = score(empty("findings"), coverage, sections, observation=told, survey_id="s")
    >>> campaign = M3Campaign("2026-09", "TTC", 0.20)
    >>> rows = m3_rows(done.sections, done.section_notes, done.extents, empty("findings"), campaign)
    >>> rows[["route", "sens", "absd", "absf", "ndp_nb", "note_globale"]].values.tolist()
    [['D108', '+', 0, 200, 0, 20.0]]
    """
    notes = section_notes.reset_index(drop=True)
    where = pd.Index(sections["section_id"]).get_indexer(pd.Index(notes["section_id"]))
    own = sections.iloc[where].reset_index(drop=True)
    cumul_from = np.floor(own["cumul_from_m"].to_numpy(dtype=np.float64) + 0.5).astype(np.int64)
    cumul_to = np.floor(own["cumul_to_m"].to_numpy(dtype=np.float64) + 0.5).astype(np.int64)
    lane_share = notes["area_m2"].astype("float64") / own["area_m2"].astype("float64")
    noted = notes["classe_etat"] != "nd"
    own.loc[~noted, ["note_patrimoine", "proposed_cost_eur"]] = np.nan
    own.loc[~noted, ["note_globale", "note_globale_low", "note_globale_high"]] = np.nan
    own.loc[~noted, "proposed_treatment"] = pd.NA
    cost = {
        tax: own["proposed_cost_eur"] * convert_eur(1.0, campaign.tax, tax, campaign.vat_rate)
        for tax in _TAXES
    }
    # the price of a section is shared by the lanes that have a note, its area by all
    priced = notes["area_m2"].astype("float64").where(noted)
    shares = _shares(notes, extents)
    own_codes = [column for column in shares if column not in COLUMNS]
    # None would make columns of objects: an empty text column is a text column.
    empty = pd.Series(pd.NA, index=notes.index)
    out: dict[str, object] = {
        "id_section": notes["section_id"],
        "campagne": campaign.name,
        "profil_releve": PROFILE,
        "gestionnaire": own["gestionnaire"],
        "code_insee_dep": own["dep"],
        "route": own["route"],
        "sens": notes["sens"],
        "cote": own["cote"],
        "voie": notes["voie"],
        "plod": own["plod"],
        "absd": own["absd"],
        "plof": own["plof"],
        "absf": own["absf"],
        "cumuld": cumul_from,
        "cumulf": cumul_to,
        "longueur_m": cumul_to - cumul_from,
        "largeur_m": notes["width_m"].round(1),
        "surface_m2": _whole(notes["area_m2"]),
        "longueur_relevee_m": _whole(notes["surveyed_length_m"]),
        "couverture_pct": notes["coverage_pct"].round(1),
        "date_releve": notes["surveyed_on"],
        "revetement": own["surface"].fillna("inc"),
        "qualite_gnss_m": notes["gnss_quality_m"].round(1),
        "n_images": notes["n_frames"],
        **shares,
        "ftr_nb": notes["ftr_nb"],
        "ndp_nb": notes["ndp_nb"],
        "ndp_m2": notes["ndp_m2"].round(2),
        "fai_m2": notes["fai_m2"].round(1),
        "rep_m2": notes["rep_m2"].round(1),
        "edeg_pct": notes["edeg_pct"].round(1),
        "ideg": notes["ideg"],
        "vizir_is": notes["vizir_is"],
        "note_structure": notes["note_structure"].round(1),
        "note_surface": notes["note_surface"].round(1),
        "note_patrimoine": own["note_patrimoine"].round(1),
        "classe_etat": notes["classe_etat"],
        "pci_visuel": empty.astype("Int64"),
        "travaux_propose": own["proposed_treatment"],
        "cout_estime_eur": _whole(cost["HT"] * lane_share),
        "conf_moy": notes["mean_confidence"].round(2),
        **_people(sections, notes, findings, taxonomy or load_taxonomy()),
        "version_modele": notes["model_version"],
        "version_bareme": notes["scheme_version"],
        "note_structure_bas": notes["note_structure_low"].round(1),
        "note_structure_haut": notes["note_structure_high"].round(1),
        "note_surface_bas": notes["note_surface_low"].round(1),
        "note_surface_haut": notes["note_surface_high"].round(1),
        "note_globale": notes["note_globale"].round(1),
        "note_globale_bas": notes["note_globale_low"].round(1),
        "note_globale_haut": notes["note_globale_high"].round(1),
        "codes_absents": notes["missing_codes"],
        "borne_haute": notes["upper_bound"],
        "classe_incertaine": notes["class_uncertain"],
        "vizir_if": notes["vizir_if"],
        "vizir_is_min": notes["vizir_is_min"],
        "vizir_is_max": notes["vizir_is_max"],
        "source_largeur": own["width_source"].replace(_SOURCES),
        "largeur_chaussee_m": own["width_m"].round(1),
        "surface_chaussee_m2": _whole(own["area_m2"]),
        "sens_releves": own["sens_releves"],
        "note_section": own["note_globale"].round(1),
        "note_section_bas": own["note_globale_low"].round(1),
        "note_section_haut": own["note_globale_high"].round(1),
        "surface_a_sommer_m2": _parts(own["area_m2"], notes["area_m2"], notes["section_id"]),
        "cout_a_sommer_ht_eur": _parts(cost["HT"], priced, notes["section_id"]),
        "cout_a_sommer_ttc_eur": _parts(cost["TTC"], priced, notes["section_id"]),
        "cout_voie_ht_eur": _whole(cost["HT"] * lane_share),
        "cout_voie_ttc_eur": _whole(cost["TTC"] * lane_share),
        "cout_chaussee_ht_eur": _whole(cost["HT"]),
        "cout_chaussee_ttc_eur": _whole(cost["TTC"]),
        "categorie": own["category"],
        "prd": own["pole"],
        "commune": own["commune"],
        "agglo": own["agglo"],
        "trafic": own["traffic"],
        "annee_travaux": empty.astype("Int64"),
        "age_releve": _ages(notes["surveyed_on"], campaign.year),
        "experimental": notes["experimental"],
        **_ends(own),
    }
    frame = pd.DataFrame(out, index=notes.index)[[*COLUMNS, *ADDED, *own_codes]]
    return gpd.GeoDataFrame(frame, geometry=own.geometry.to_numpy(), crs=sections.crs)


def _shares(notes: pd.DataFrame, extents: pd.DataFrame) -> dict[str, Floats]:
    """Percent of length of gravity 1 and of gravities 2 and 3, one decimal, code by code.

    Codes of the profile come first, then those that a body rates beside them. The second share is
    what the rounded total leaves, so that both never exceed 100.
    """
    lane = ["section_id", "sens", "voie"]
    keys = pd.MultiIndex.from_frame(notes[lane])
    unit = keys.get_indexer(pd.MultiIndex.from_frame(extents[lane]))
    codes = [*CODES, *sorted(set(extents["code"]) - set(CODES))]
    code = pd.Index(codes).get_indexer(pd.Index(extents["code"]))
    keep = unit >= 0
    cube = np.full((len(codes), 3, len(notes)), np.nan)
    severity = extents["severity"].to_numpy(dtype=np.int64)
    cube[code[keep], severity[keep] - 1, unit[keep]] = extents["extent_pct"].to_numpy()[keep]
    light = np.round(cube[:, 0], 1)
    heavy = np.round(np.round(cube.sum(axis=1), 1) - light, 1)
    return {
        f"{name.lower()}_pct_{grade}": values
        for name, one, more in zip(codes, light, heavy, strict=True)
        for grade, values in zip(_GRADES, (one, more), strict=True)
    }


def _people(
    sections: pd.DataFrame, notes: pd.DataFrame, findings: pd.DataFrame, taxonomy: Taxonomy
) -> dict[str, pd.Series]:
    """Who stands behind a row: state of review and origins of its findings.

    A row is ``proposed`` while one finding is, then ``corrected`` when one was, else
    ``confirmed``; without a finding it rests on the models alone and is ``proposed``.
    """
    rated = findings["family"].isin(taxonomy.rated)
    own = findings[rated & (findings["review_state"] != "rejected")]
    own = own[own["cumul_m"].notna()]
    unit = _rows_of(sections, notes, own)
    state = pd.Series("proposed", index=notes.index, dtype="string")
    origin = pd.Series("machine", index=notes.index, dtype="string")
    found = pd.DataFrame(
        {"unit": unit, "state": own["review_state"].array, "origin": own["origin"].array}
    )
    found = found[found["unit"] >= 0]
    if len(found):
        rank = {"confirmed": 0, "corrected": 1, "proposed": 2}
        worst = found["state"].map(rank).astype("int64").groupby(found["unit"]).max()
        state.loc[worst.index] = worst.map({v: k for k, v in rank.items()}).astype("string")
        pairs = found[["unit", "origin"]].drop_duplicates().sort_values(["unit", "origin"])
        joined = pairs.groupby("unit")["origin"].agg(",".join)
        origin.loc[joined.index] = joined.astype("string")
    return {"validation": state, "origine": origin}


def _rows_of(sections: pd.DataFrame, notes: pd.DataFrame, findings: pd.DataFrame) -> Ints:
    """Row of `notes` in whose lane each finding's place lies, -1 for none."""
    index = SectionIndex(sections)
    section = index.at(index.route_of(findings), findings["cumul_m"].to_numpy(dtype=np.float64))
    lane = lane_code(findings["sens"], findings["voie"])
    own = pd.Index(sections["section_id"]).get_indexer(pd.Index(notes["section_id"]))
    keys = pd.MultiIndex.from_arrays([own, lane_code(notes["sens"], notes["voie"])])
    found = keys.get_indexer(pd.MultiIndex.from_arrays([section, lane]))
    return np.where((section >= 0) & (lane >= 0), found, -1).astype(np.int64)


def _ages(day: pd.Series, year: int | None) -> pd.Series:
    years = pd.to_numeric(day.str[:4], errors="coerce").astype("Int64")
    return years * pd.NA if year is None else year - years


def _ends(own: gpd.GeoDataFrame) -> dict[str, Floats]:
    """Coordinates of both ends, EPSG:2154, two decimals; NaN without geometry."""
    lines = own.geometry.to_numpy()
    first, last = shapely.get_point(lines, 0), shapely.get_point(lines, -1)
    return {
        "x_deb": np.round(shapely.get_x(first), 2),
        "y_deb": np.round(shapely.get_y(first), 2),
        "x_fin": np.round(shapely.get_x(last), 2),
        "y_fin": np.round(shapely.get_y(last), 2),
    }


def _whole(values: pd.Series) -> pd.Series:
    return values.round().astype("Int64")


def _parts(whole: pd.Series, weight: pd.Series, section_id: pd.Series) -> pd.Series:
    """Share out what stands in each row of a section, to the hundredth; the shares add up to it.

    Parameters
    ----------
    whole
        What the section has, the same in each of its rows.
    weight
        What its rows share by; a row without one gets nothing (NULL).
    """
    part = weight.astype("float64")
    reached = part.fillna(0.0).groupby(section_id).cumsum()
    total = part.groupby(section_id).transform("sum")
    hundredths = (whole.astype("float64") * 100.0).round()
    # differences of rounded running sums, so that the last row ends on the whole
    upto = (hundredths * (reached / total)).round()
    before = (hundredths * ((reached - part.fillna(0.0)) / total)).round()
    return ((upto - before) / 100.0).where(part.notna())
