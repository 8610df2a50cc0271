"""A stage that was stopped and taken up again costs the sum of its tries."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspection.pipeline.attempts import Attempts
from inspection.pipeline.energy import Cost, EnergyMeter
from voirie.stages import Stage


@pytest.fixture(scope="module")
def meter() -> EnergyMeter:
    return EnergyMeter()


@pytest.mark.parametrize("stopped_by", [KeyboardInterrupt, ValueError])
def test_a_stopped_try_counts(
    stopped_by: type[BaseException], meter: EnergyMeter, tmp_path: Path
) -> None:
    first = Attempts(tmp_path, Stage.FUSE, "print")
    with pytest.raises(stopped_by), first.measure(meter):
        raise stopped_by
    assert first.cost is not None and first.cost.tries == 1
    again = Attempts(tmp_path, Stage.FUSE, "print")
    assert again.cost == first.cost
    with again.measure(meter):
        pass
    assert again.cost is not None and again.cost.tries == 2
    assert again.cost.wall_s >= first.cost.wall_s
    assert again.cost.cpu_s >= first.cost.cpu_s
    again.forget()
    assert Attempts(tmp_path, Stage.FUSE, "print").cost is None
    assert not list(tmp_path.iterdir())


def test_other_work_counts_from_nothing(meter: EnergyMeter, tmp_path: Path) -> None:
    with Attempts(tmp_path, Stage.FUSE, "print").measure(meter):
        pass
    assert Attempts(tmp_path, Stage.FUSE, "another print").cost is None
    assert Attempts(tmp_path, Stage.SCORE, "print").cost is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"fingerprint": "print", "cost": {"wall_s": "long"}}',
        '{"fingerprint": "print", "cost": 1}',
    ],
)
def test_a_file_that_cannot_be_read_is_no_failure(text: str, tmp_path: Path) -> None:
    (tmp_path / "fuse.tries.json").write_text(text)
    assert Attempts(tmp_path, Stage.FUSE, "print").cost is None


@pytest.mark.parametrize(
    ("one", "two", "both"), [(0.25, 0.5, 0.75), (None, 0.5, None), (0.25, None, None)]
)
def test_energy_is_known_where_every_try_was_measured(
    one: float | None, two: float | None, both: float | None
) -> None:
    def cost(energy_wh: float | None) -> Cost:
        return Cost(1.0, 2.0, energy_wh, "not measured" if energy_wh is None else "measured")

    total = cost(one).plus(cost(two))
    method = "not measured" if both is None else "measured"
    assert total == Cost(2.0, 4.0, both, method, tries=2)
