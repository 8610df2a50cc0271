"""How a run is done, where a user may choose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from voirie.errors import ConfigurationError
from voirie.inputs import HEADLINE_EXISTENCE, SurveyOptions

_STEP = re.compile(r"\s*([0-9]+(?:[.,][0-9]+)?)\s*([ms])\s*")


@dataclass(frozen=True, slots=True)
class Step:
    """Spacing of the kept frames, in metres or in seconds.

    Examples
    --------
    >>> parse_step("5m"), parse_step("2s")
    (Step(value=5.0, unit='m'), Step(value=2.0, unit='s'))
    """

    value: float
    unit: Literal["m", "s"]

    def __str__(self) -> str:
        # Every digit: what is kept with a survey is the step that it was run with.
        return f"{self.value}".removesuffix(".0") + self.unit


def parse_step(text: str) -> Step:
    """Read ``5m``, ``2s`` or ``1,5 m``.

    Raises
    ------
    ConfigurationError
        For anything else, and for less than 0.2 or more than 1000.
    """
    found = _STEP.fullmatch(text)
    value = 0.0 if found is None else float(found[1].replace(",", "."))
    if found is None or not 0.2 <= value <= 1000:
        raise ConfigurationError(
            f"--step {text} is no step", remedy="write 5m or 2s, from 0.2 to 1000"
        )
    return Step(value, "m" if found[2] == "m" else "s")


@dataclass(frozen=True, slots=True)
class Options:
    """How the run is done; every field is part of what the result depends on.

    Attributes
    ----------
    step
        Spacing of the kept frames.
    min_coverage_pct
        Share of a section that must have been seen for it to get notes.
    experimental
        Whether models of unclear licence may look.
    people
        What of a person is destroyed.
    only_seen
        Whether sections whose note is assumed are left out of the plan.
    headline_existence
        What exists less surely is listed as to be checked, and put first nowhere.
    neighbours
        Decoded pictures on either side of a kept one that are searched too.
    """

    step: Step = Step(5.0, "m")
    min_coverage_pct: float = 80.0
    experimental: bool = False
    people: Literal["whole", "head"] = "whole"
    only_seen: bool = False
    headline_existence: float = HEADLINE_EXISTENCE
    neighbours: int = 1

    @classmethod
    def of(cls, stated: SurveyOptions) -> Options:
        """Options as `survey.toml` states them; what it leaves open takes its default.

        Examples
        --------
        >>> Options.of(SurveyOptions(step="2s")).step
        Step(value=2.0, unit='s')
        """
        values = stated.model_dump(exclude_none=True)
        if stated.step is not None:
            values["step"] = parse_step(stated.step)
        return cls(**values)

    def stated(self) -> dict[str, str | float | bool]:
        """What a user can state of them, see `voirie.inputs.SurveyOptions`."""
        return {name: value for name, value in self.canonical().items() if name != "neighbours"}

    def canonical(self) -> dict[str, str | float | bool]:
        """The options as plain values, for hashes."""
        return {
            "step": str(self.step),
            "min_coverage_pct": self.min_coverage_pct,
            "experimental": self.experimental,
            "people": self.people,
            "only_seen": self.only_seen,
            "headline_existence": self.headline_existence,
            "neighbours": self.neighbours,
        }
