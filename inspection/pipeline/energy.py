"""Wall time, processor time and energy of each stage, the last by CodeCarbon."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voirie.wording import N_

if TYPE_CHECKING:
    from codecarbon import OfflineEmissionsTracker

CODECARBON = N_("CodeCarbon offline, process mode: counters where the processor has them")


@dataclass(slots=True)
class Cost:
    """What a stage cost.

    Attributes
    ----------
    wall_s, cpu_s
        Elapsed time, and processor time of this process and its children.
    energy_wh
        Energy, None when no figure can be had.
    method
        How the energy was found.
    tries
        Attempts of the stage that this is the sum of.
    """

    wall_s: float = 0.0
    cpu_s: float = 0.0
    energy_wh: float | None = None
    method: str = "not measured"
    tries: int = 1

    def plus(self, later: Cost) -> Cost:
        """Sum with a later try; its energy is known only where that of both is."""
        energy_wh, method = None, self.method
        if self.energy_wh is not None:
            method = later.method
            energy_wh = None if later.energy_wh is None else self.energy_wh + later.energy_wh
        return Cost(
            wall_s=self.wall_s + later.wall_s,
            cpu_s=self.cpu_s + later.cpu_s,
            energy_wh=energy_wh,
            method=method,
            tries=self.tries + later.tries,
        )


class EnergyMeter:
    """Measures stages one after the other; never the reason for a failure.

    CodeCarbon is used offline: no call leaves the machine. Where the processor has no counter
    it estimates from the model's thermal design power and the load, and says so.
    """

    def __init__(self) -> None:
        self._tracker: OfflineEmissionsTracker | None = None
        self._method = "not measured"
        try:
            from codecarbon import OfflineEmissionsTracker

            logging.getLogger("codecarbon").setLevel(logging.CRITICAL)
            self._tracker = OfflineEmissionsTracker(
                country_iso_code="FRA",
                save_to_file=False,
                log_level="critical",
                tracking_mode="process",
                measure_power_secs=5,
                allow_multiple_runs=True,
            )
        except Exception as error:  # a meter that fails is a figure less, not a run less
            self._method = f"not measured ({type(error).__name__})"

    @contextmanager
    def stage(self, name: str) -> Iterator[Cost]:
        """Measure what happens inside the block."""
        cost = Cost(method=self._method)
        started = self._start(name)
        wall, cpu = time.perf_counter(), _cpu_s()
        try:
            yield cost
        finally:
            cost.wall_s = time.perf_counter() - wall
            cost.cpu_s = _cpu_s() - cpu
            if started:
                self._stop(name, cost)

    def _start(self, name: str) -> bool:
        if self._tracker is None:
            return False
        try:
            self._tracker.start_task(name)
        except Exception as error:
            self._method = f"not measured ({type(error).__name__})"
            return False
        return True

    def _stop(self, name: str, cost: Cost) -> None:
        assert self._tracker is not None
        try:
            data = self._tracker.stop_task(name)
            cost.energy_wh = 1000.0 * float(data.energy_consumed)
            cost.method = CODECARBON
        except Exception as error:
            cost.method = f"not measured ({type(error).__name__})"


def _cpu_s() -> float:
    import os

    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
