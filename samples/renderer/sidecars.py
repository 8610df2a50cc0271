"""The small files beside the videos: vehicle, survey, README."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from .camera import HEIGHT_PX, WIDTH_PX, Lens
from .drive import HEIGHT_M
from .noise import generator
from .tracks import CLOCK_OFFSET_S

SHIPPED = Path(__file__).resolve().parents[1] / "drive"
STARTED_AT = {
    "a": datetime(2025, 9, 16, 11, 10, 0, tzinfo=UTC),
    "b": datetime(2025, 9, 17, 14, 35, 0, tzinfo=UTC),
    "c": datetime(2025, 9, 23, 9, 5, 0, tzinfo=UTC),
}


def write_vehicle(seed: int, path: Path) -> None:
    """Write what the operator believes of his camera: near the truth, not the truth."""
    rng = generator(seed, "sidecar")
    height = HEIGHT_M * (1 + rng.choice([-1, 1]) * rng.uniform(0.02, 0.05))
    focal = Lens().focal_px * (1 + rng.choice([-1, 1]) * rng.uniform(0.01, 0.03))
    path.write_text(
        "# As measured by hand with a tape: height within 5 %, focal length within 3 %.\n"
        "[vehicle]\n"
        'name = "patrol car (rendered)"\n\n'
        "[camera]\n"
        'name = "windscreen camera (rendered)"\n'
        f"height_m = {height:.3f}\n"
        f"focal_px = {focal:.1f}\n"
        f"image_width_px = {WIDTH_PX}\n"
        f"image_height_px = {HEIGHT_PX}\n",
        encoding="utf-8",
    )


def write_survey(path: Path, names: Iterable[str]) -> None:
    """Write `survey.toml`: the campaign and its passes."""
    lines = [
        "# A rendered survey: no real road, vehicle or person is in it.",
        'network = "network.gpkg"',
        'vehicle = "vehicle.toml"',
        'treatments = "treatments.yaml"',
        'scenarios = "scenarios.toml"',
        'purpose = "entretien des chaussées"',
        'controller = "Département de démonstration (parcours de synthèse)"',
        'legal_basis = "mission d’intérêt public (RGPD, art. 6, § 1, e)"',
        "",
        "[campaign]",
        'name = "Démonstration de synthèse 2025"',
        'body = "Département de démonstration"',
        "",
        "[english]",
        'campaign = "Rendered demonstration 2025"',
        'body = "Demonstration county"',
        'purpose = "pavement maintenance"',
        'controller = "Demonstration county (rendered sample)"',
        'legal_basis = "task carried out in the public interest (GDPR art. 6(1)(e))"',
    ]
    for name in names:
        lines += [
            "",
            "[[passes]]",
            f'id = "{name}"',
            f'inputs = ["pass_{name}.mp4"]',
            f'track = "track_{name}.gpx"',
            f"offset_s = {CLOCK_OFFSET_S}  # added to video time to get track time",
            f'started_at = "{STARTED_AT[name].strftime("%Y-%m-%dT%H:%M:%SZ")}"',
        ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def copy_budgets(folder: Path) -> None:
    """Lay the prices and scenarios of the shipped sample beside another drive."""
    for name in ("treatments.yaml", "scenarios.toml"):
        if not (folder / name).exists():
            shutil.copy(SHIPPED / name, folder / name)


README = """# A rendered drive

**Everything in this folder is RENDERED.** No real road, vehicle, number plate, face or person is in
it. The road, the routes, the communes and every registration number are invented; the numbers hold
letters that are never issued. It is here so that the whole chain can be tried, and measured against
a truth that is known to the centimetre, without any real picture.

| file | what |
|---|---|
| `pass_a.mp4` | 1,600 m out, right lane, about noon: 0-50-30, 6 s stop, 50-70-50 km/h |
| `pass_b.mp4` | 1,200 m back, the other lane, next afternoon, lower sun, partly in shade |
| `track_a.gpx`, `track_b.gpx` | fixes: correlated noise, latency, outliers, 12 s gap on A |
| `network.gpkg` | layers `axes` and `pr`, EPSG:2154, GeoPackage 1.3 |
| `survey.toml`, `vehicle.toml` | what an operator would write; a little wrong |
| `truth.json` | the truth, for tests and benches only: the product must never read it |
| `treatments.yaml`, `scenarios.toml` | prices and budgets for the planning part |

## How it was made

    python samples/render.py --seed 7 --out samples/drive

The renderer (`samples/renderer/`) paints the road once from above at 6 mm a pixel: asphalt,
markings, cracks, alligators, potholes with cast shadow, patches, and the harmless look-alikes. A
camera with lens distortion, rolling shutter, pitch, roll and shocks then drives over it. Trees,
signs, houses, cars and people are planes and meshes drawn from vectors and noise. The same seed
gives the same pictures before encoding. `--quality phone` makes a file with less compression,
`--set train` another road with its own signs, houses, colours and light, drawn from the seed; no
weight may be trained on the demo set.

Time: `t_video + offset_s` is the time of the track, counted from `started_at`. Positions of the
receiver lag a little more; `truth.json` says by how much.

## What it is not

Proof about real roads. Figures measured here are stated as rendered, never mixed with real ones.
"""


def write_readme(path: Path) -> None:
    """Write the folder's README."""
    path.write_text(README, encoding="utf-8")
