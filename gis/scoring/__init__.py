"""From findings to notes: sections, extents, coverage, notes out of 20 and why they are so."""

from gis.scoring.explain import Explanation, explain_section
from gis.scoring.score import Observation, ScoreResult, score
from gis.scoring.sections import cut, cut_from_places

__all__ = [
    "Explanation",
    "Observation",
    "ScoreResult",
    "cut",
    "cut_from_places",
    "explain_section",
    "score",
]
