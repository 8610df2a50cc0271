"""Severity from measured quantities in metres, the same at every distance.

The widths of cracks cannot be seen at these scales (one pixel is 5 to 8 mm at 8 m), so that
severity rests on what can: diameter, width across the lane, length and area. Which of them and
from which value on is said by the rating scheme. Without a scale severity is NULL.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from voirie.arrays import Floats
from voirie.catalogue.scheme import SeverityRule

SIZES = ("length_m", "width_m", "area_m2")


def severity_of(
    code: str,
    length_m: float,
    width_m: float,
    area_m2: float,
    rules: Mapping[str, SeverityRule],
) -> int | None:
    """Severity of one finding, 1 to 3.

    Parameters
    ----------
    code
        What was found.
    length_m, width_m, area_m2
        Its size, NaN where it is not known.
    rules
        `Scheme.severity`.

    Returns
    -------
    int or None
        None where the quantity is not known or the code is not graded.

    Examples
    --------
    >>> from voirie.catalogue.scheme import load_scheme
    >>> rules, unknown = load_scheme().severity, float("nan")
    >>> severity_of("NDP", 0.3, 0.28, 0.1, rules), severity_of("NDP", 0.5, unknown, 0.2, rules)
    (2, None)
    """
    rule = rules.get(code)
    if rule is None:
        return None
    severity = _severities(rule, *(np.array([size]) for size in (length_m, width_m, area_m2)))[0]
    return None if math.isnan(severity) else int(severity)


def graded(findings: pd.DataFrame, rules: Mapping[str, SeverityRule]) -> pd.DataFrame:
    """Findings with their severity, NULL where they have none.

    Parameters
    ----------
    findings
        With `code` and the three sizes, unless there are none.
    rules
        `Scheme.severity`.
    """
    if findings.empty:
        return findings
    severity = np.full(len(findings), np.nan)
    for code, rule in rules.items():
        rows = (findings["code"] == code).to_numpy(bool)
        severity[rows] = _severities(rule, *findings.loc[rows, [*SIZES]].to_numpy(float).T)
    return findings.assign(severity=pd.Series(severity, findings.index).astype("Int64"))


def _severities(rule: SeverityRule, length_m: Floats, width_m: Floats, area_m2: Floats) -> Floats:
    """Severity by one rule, NaN where the quantity is not known."""
    sizes = dict(zip(SIZES, (length_m, width_m, area_m2), strict=True))
    sizes["larger_m"] = np.maximum(length_m, width_m)
    sizes["diameter_m"] = np.sqrt(length_m * width_m)
    value = sizes[rule.quantity]
    reached = np.sum([value >= bound for bound in rule.bounds], axis=0)
    return np.where(np.isnan(value), np.nan, 1.0 + reached)
