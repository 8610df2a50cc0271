"""The sections as the planner sees them: arrays, in the order of their identifiers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from planning.unseen import drawn_notes
from voirie.arrays import Bools, Floats, Ints
from voirie.catalogue.treatments import Treatments
from voirie.errors import ConfigurationError
from voirie.messages import Message, counted

LARGEST = 1e9
"""No section has as many metres or square metres."""

COLUMNS = ("section_id", "area_m2", "length_m", "category", "note_globale")
OPTIONAL_COLUMNS = ("classe_etat", "assumed")


@dataclass(frozen=True)
class Sections:
    """S sections, sorted by identifier so that a plan never hangs on the order of a file.

    Attributes
    ----------
    section_id
        Identifiers.
    area_m2, length_m
        Carriageway, both lanes, once.
    category
        Category of road, known to the price list.
    weight_m2
        Area times the weight of the category: what a point of note counts.
    note
        Note at the start, /20, surveyed or assumed.
    assumed
        True where the note is not surveyed.
    """

    section_id: tuple[str, ...]
    area_m2: Floats
    length_m: Floats
    category: Ints
    weight_m2: Floats
    note: Floats
    assumed: Bools

    def __len__(self) -> int:
        return len(self.section_id)

    @property
    def assumed_area_pct(self) -> float:
        """Share of the area whose start note is assumed."""
        return float(100.0 * self.area_m2[self.assumed].sum() / self.area_m2.sum())

    @property
    def seen(self) -> Sections:
        """The sections whose note was measured."""
        return self.take(np.flatnonzero(~self.assumed))

    def mean_note(self, notes: Floats) -> Floats:
        """Area-weighted mean over the sections (first axis)."""
        return np.asarray(self.area_m2 @ notes / self.area_m2.sum(), dtype=np.float64)

    def take(self, index: Ints) -> Sections:
        """The sections at some positions."""
        return Sections(
            tuple(self.section_id[i] for i in index),
            self.area_m2[index],
            self.length_m[index],
            self.category[index],
            self.weight_m2[index],
            self.note[index],
            self.assumed[index],
        )


def sections_from(
    table: pd.DataFrame, treatments: Treatments, path: Path | None = None
) -> tuple[Sections, list[Message]]:
    """Take what planning needs from a table of sections.

    A section without a note, or of class ``nd``, gets one that is drawn from those measured in
    its category (`planning.unseen.drawn_notes`) and is marked as assumed. A section without a
    category counts as the lowest one (the highest number) and is named in a warning.

    Parameters
    ----------
    table
        Rows with at least `COLUMNS`; at least one has a note. A note beside ``classe_etat`` of
        ``nd`` is not taken; one beside a true ``assumed`` (of an earlier survey, aged) is kept,
        and counts as assumed.
    treatments
        Price list: gives the categories and their weights.
    path
        The file that the table was read from, to be named in errors.

    Returns
    -------
    Sections
        Sorted by identifier.
    list of Message
        Sentences a person should read.

    Raises
    ------
    ConfigurationError
        When a column is missing, an identifier stands twice, an area or a length is not
        positive, a note is outside 0-20, or a category has no line in the price list.

    Examples
    --------
    >>> from voirie.catalogue.treatments import load_treatments
    >>> table = pd.DataFrame(
    ...     {"section_id": ["b", "a"], "area_m2": [1000.0, 800.0], "length_m": [200.0, 160.0],
    ...      "category": [3, 3], "note_globale": [17.0, None]}
    ... )
    >>> sections, told = sections_from(table, load_treatments())
    >>> sections.section_id, sections.note.tolist()
    (('a', 'b'), [17.0, 17.0])
    >>> told[0].n, told[0].values
    (1, {'all': 2, 'area_pct': 44.4})
    """
    missing = [name for name in COLUMNS if name not in table.columns]
    if missing:
        raise ConfigurationError(
            f"the sections lack the column {missing[0]}",
            path,
            f"give a table with {', '.join(COLUMNS)}",
        )
    kept = [name for name in (*COLUMNS, *OPTIONAL_COLUMNS) if name in table.columns]
    frame = pd.DataFrame(table[kept].reset_index(drop=True)).reindex(
        columns=[*COLUMNS, *OPTIONAL_COLUMNS]
    )
    frame["section_id"] = frame["section_id"].astype(str)
    frame = frame.sort_values("section_id", kind="stable").reset_index(drop=True)
    double = frame["section_id"][frame["section_id"].duplicated()]
    if len(double):
        raise ConfigurationError(
            f"the section {double.iloc[0]} stands twice", path, "give each section one row"
        )
    area, length = _numbers(frame["area_m2"]), _numbers(frame["length_m"])
    for name, values in (("area", area), ("length", length)):
        bad = np.flatnonzero(~((values > 0.0) & (values < LARGEST)))
        if len(bad):
            raise ConfigurationError(
                f"the section {frame['section_id'][bad[0]]} has no positive, finite {name}",
                path,
                "complete the table",
            )
    warnings: list[Message] = []
    raw = _numbers(frame["category"])
    lowest = treatments.categories[-1]
    if np.isnan(raw).any():
        warnings.append(
            counted(
                "{n} section has no category: planned as category {category}",
                "{n} sections have no category: planned as category {category}",
                int(np.isnan(raw).sum()),
                category=lowest,
            )
        )
    numbers = np.where(np.isnan(raw), lowest, raw)
    odd = np.flatnonzero(~((np.abs(numbers) < LARGEST) & (numbers == np.floor(numbers))))
    if len(odd):
        raise ConfigurationError(
            f"the section {frame['section_id'][odd[0]]} has the category {raw[odd[0]]:g}",
            path,
            "give a category of the price list",
        )
    category = numbers.astype(np.int64)
    unknown = sorted(set(category.tolist()) - set(treatments.categories))
    if unknown:
        raise ConfigurationError(
            f"the category {unknown[0]} has no rate of ageing in the price list",
            path,
            "add it to rate_by_category and category_weights",
        )
    note = _numbers(frame["note_globale"])
    if ((note < 0.0) | (note > 20.0)).any():
        raise ConfigurationError("a note lies outside 0-20", path, "correct note_globale")
    note = np.where([state == "nd" for state in frame["classe_etat"].tolist()], np.nan, note)
    told = _flags(frame["assumed"], path)
    assumed = np.isnan(note) | told
    ids = tuple(frame["section_id"].tolist())
    drawn = _drawn(ids, note, told, category, area)
    weight = area * np.array([treatments.category_weights[c] for c in category.tolist()])
    sections = Sections(ids, area, length, category, weight, drawn, assumed)
    if assumed.any():
        warnings.append(
            counted(
                "{n} section of {all} is not surveyed (area: {area_pct} %): its score is "
                "assumed, drawn from those measured in its category",
                "{n} sections of {all} are not surveyed (area: {area_pct} %): their score is "
                "assumed, drawn from those measured in their category",
                int(assumed.sum()),
                all=len(ids),
                area_pct=round(sections.assumed_area_pct, 1),
            )
        )
    return sections, warnings


def _numbers(values: pd.Series) -> Floats:
    """Numbers, NaN for what is none; a whole number beyond any float is infinite."""
    if values.dtype == object:
        values = values.map(
            lambda one: np.inf if isinstance(one, int) and abs(one) > LARGEST else one
        )
    numbers = pd.to_numeric(values, errors="coerce")
    return np.asarray(numbers.to_numpy(dtype=np.float64, na_value=np.nan))


def _flags(values: pd.Series, path: Path | None) -> Bools:
    """Yes or no as tables write it; nothing is no."""
    known = {"true": True, "1": True, "1.0": True, "false": False, "0": False, "0.0": False}
    flags = np.zeros(len(values), dtype=bool)
    for i, value in enumerate(values.tolist()):
        if pd.isna(value):
            continue
        flag = known.get(str(value).strip().lower())
        if flag is None:
            raise ConfigurationError(
                f"assumed is {str(value)[:40]!r}, not true or false", path, "correct the column"
            )
        flags[i] = flag
    return flags


def _drawn(
    ids: tuple[str, ...], note: Floats, told: Bools, category: Ints, area_m2: Floats
) -> Floats:
    """The notes with the missing ones drawn; what is told to be assumed gives none to others."""
    kept = told & ~np.isnan(note)
    part = np.flatnonzero(~kept)
    if np.isnan(note[part]).all():
        part = np.arange(len(note))
    filled = note.copy()
    some = tuple(ids[i] for i in part.tolist())
    filled[part] = drawn_notes(some, note[part], category[part], area_m2[part])
    return filled
