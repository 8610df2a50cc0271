"""Severity from what was measured, never from how far a thing reaches: that is its extent.

A pothole is judged by its diameter, a net of cracks by how dark its cracks are, which tells how
wide they gape at scales where no crack is a pixel wide. Which quantity and from which value on is
said by the rating scheme. Where it was not measured severity is NULL.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from voirie.arrays import Floats
from voirie.catalogue.scheme import SeverityRule

QUANTITIES = ("length_m", "width_m", "area_m2", "dark_pct")


def severity_of(
    code: str,
    length_m: float,
    width_m: float,
    area_m2: float,
    rules: Mapping[str, SeverityRule],
    dark_pct: float = math.nan,
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
    dark_pct
        Darkness of the cracks of a net, NaN where it is not known.

    Returns
    -------
    int or None
        None where the quantity is not known or the code is not graded.

    Examples
    --------
    >>> from voirie.catalogue.scheme import load_scheme
    >>> rules, unknown = load_scheme().severity, float("nan")
    >>> severity_of("NDP", 0.5, 0.48, 0.2, rules), severity_of("NDP", 0.5, unknown, 0.2, rules)
    (2, None)
    """
    rule = rules.get(code)
    if rule is None:
        return None
    severity = _severities(rule, np.array([[length_m], [width_m], [area_m2], [dark_pct]]))[0]
    return None if math.isnan(severity) else int(severity)


def graded(findings: pd.DataFrame, rules: Mapping[str, SeverityRule]) -> pd.DataFrame:
    """Findings with their severity, NULL where they have none.

    Parameters
    ----------
    findings
        With `code` and `QUANTITIES`, unless there are none.
    rules
        `Scheme.severity`.
    """
    if findings.empty:
        return findings
    severity = np.full(len(findings), np.nan)
    for code, rule in rules.items():
        rows = (findings["code"] == code).to_numpy(bool)
        severity[rows] = _severities(rule, findings.loc[rows, [*QUANTITIES]].to_numpy(float).T)
    return findings.assign(severity=pd.Series(severity, findings.index).astype("Int64"))


def _severities(rule: SeverityRule, quantities: Floats) -> Floats:
    """Severity by one rule, NaN where the quantity is not known; `QUANTITIES` are rows."""
    known = dict(zip(QUANTITIES, quantities, strict=True))
    known["larger_m"] = np.maximum(known["length_m"], known["width_m"])
    known["diameter_m"] = np.sqrt(known["length_m"] * known["width_m"])
    value = known[rule.quantity]
    reached = np.sum([value >= bound for bound in rule.bounds], axis=0)
    return np.where(np.isnan(value), np.nan, 1.0 + reached)
