"""What the bench prints of a network is what `measures.toml` is read from."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bench.measures import as_toml
from bench.truth.crossed import off_by, said_and_right
from bench.truth.fitting import logistic
from voirie.nets import Aspect, Excess, Existence, Found, Measured, Sizes, load_models
from voirie.nets.measures import load_measures


def test_what_is_printed_is_read_back(tmp_path: Path) -> None:
    told = Measured(
        sha256="a" * 64,
        measured_on="rendered drives of roads 1, 2",
        sizes={
            "pothole": Sizes(
                length=Excess(pixels=9.1),
                width=Excess(metres=0.12),
                aspect=Aspect(usual=1.13, share=0.6),
                length_spread=0.21,
                width_spread=0.16,
                area_spread=0.29,
            )
        },
        found={"pothole": Found(found_share=0.9, true_share=0.8, common_pct=10.0)},
        existence={"pothole": Existence(intercept=1.1, slope=0.5, views=1.8)},
    )
    (tmp_path / "measures.toml").write_text(as_toml("pavement", told), "utf-8")
    assert load_measures(tmp_path) == {told.sha256: told}


def test_what_is_shipped_can_be_printed_and_read_back(tmp_path: Path) -> None:
    shipped = load_models().measures
    text = "\n".join(as_toml(f"role_{k}", one) for k, one in enumerate(shipped.values()))
    (tmp_path / "measures.toml").write_text(text, "utf-8")
    assert load_measures(tmp_path) == shipped


def test_a_curve_is_found_again() -> None:
    rng = np.random.default_rng(5)
    columns = np.stack([np.ones(40_000), rng.normal(size=40_000)], axis=1)
    true = rng.random(40_000) < 1.0 / (1.0 + np.exp(-(columns @ np.array([0.4, 1.2]))))
    found = logistic(columns, true.astype(float), np.zeros(2), np.zeros(2))
    np.testing.assert_allclose(found, [0.4, 1.2], atol=0.05)


def test_what_is_said_and_what_is_right_are_counted_by_row() -> None:
    said = np.array([0.55, 0.55, 0.95, 1.0])
    true = np.array([True, False, True, True])
    assert said_and_right(said, true) == [
        (0.5, 0.6, 2, 0.55, 0.5),
        (0.95, 1.0, 2, 0.97, 1.0),
    ]
    np.testing.assert_allclose(off_by(said, true), (2 * 0.05 + 2 * 0.03) / 4, atol=0.006)
