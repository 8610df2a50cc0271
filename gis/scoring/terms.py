"""Terms of an explained note: a weighted extent, and the bounds that gave its severity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from voirie.catalogue.scheme import Quantity, SetName
from voirie.taxonomy import Taxonomy
from voirie.wording import N_, Wording

_GRADED: Mapping[Quantity, str] = {
    "dark_pct": N_(
        "Severity of {code} by how dark its cracks are: 2 from {second}%, 3 from {third}%."
    ),
    "diameter_m": N_("Severity of {code} by the diameter: 2 from {second} m, 3 from {third} m."),
    "larger_m": N_("Severity of {code} by the larger side: 2 from {second} m, 3 from {third} m."),
    "length_m": N_("Severity of {code} by length: 2 from {second} m, 3 from {third} m."),
    "width_m": N_("Severity of {code} by width: 2 from {second} m, 3 from {third} m."),
    "area_m2": N_("Severity of {code} by area: 2 from {second} m², 3 from {third} m²."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One term of a weighted extent.

    Attributes
    ----------
    set_name
        Structure or surface.
    code, severity
        What was seen.
    extent_pct, weight
        Share of the surveyed length, and weight of the scheme.
    n_findings, n_assumed
        Findings behind it, and those whose type, position or severity is assumed.
    """

    set_name: SetName
    code: str
    severity: int
    extent_pct: float
    weight: float
    n_findings: int
    n_assumed: int

    @property
    def product(self) -> float:
        """Percent it adds to D."""
        return self.extent_pct * self.weight

    def sentence(self, wording: Wording, taxonomy: Taxonomy) -> str:
        """The product in words, and how many of its findings are assumed in part."""
        text = wording.text(
            "{code} severity {severity} ({label}): {extent} × {weight} = {product}",
            code=self.code,
            severity=self.severity,
            label=taxonomy.label(self.code, wording.language),
            extent=wording.percent(self.extent_pct, 2),
            weight=wording.number(self.weight, 2),
            product=wording.number(self.product, 2),
        )
        if self.n_assumed:
            text += " " + wording.text(
                "(of which {n} of assumed type, position or severity)",
                n=wording.number(self.n_assumed),
            )
        return f"{text}."


@dataclass(frozen=True, slots=True)
class Grading:
    """How the scheme makes the severity of a code from a size.

    Attributes
    ----------
    code, quantity
        What is judged, and by what.
    second, third
        Value from which severity is 2, then 3.
    """

    code: str
    quantity: Quantity
    second: float
    third: float

    def sentence(self, wording: Wording) -> str:
        """The bounds in words.

        Examples
        --------
        >>> Grading("NDP", "larger_m", 0.2, 0.45).sentence(Wording("en"))
        'Severity of NDP by the larger side: 2 from 0.20 m, 3 from 0.45 m.'
        """
        return wording.text(
            _GRADED[self.quantity],
            code=self.code,
            second=wording.number(self.second, 2),
            third=wording.number(self.third, 2),
        )
