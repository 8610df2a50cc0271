"""docs/formats names every key and column that is read, none that is not, and its examples work."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from PIL import Image

from docs.fill_formats import FOLDER, MODELS, filled, pages
from gis.network.axes import AXES_OPTIONAL, AXES_REQUIRED, PR_KINDS, PR_REQUIRED, SECTIONS_REQUIRED
from gis.tracks.readers import read_track
from inspection.capture.chainage import REQUIRED
from inspection.context import context_of
from planning.sections import COLUMNS, OPTIONAL_COLUMNS
from tests.inspection.conftest import SAMPLE, cut
from voirie.cli import main
from voirie.documents import keys_of

EXAMPLES = FOLDER / "examples"


def prose(page: Path) -> str:
    """A page without its blocks of code."""
    return re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)


def names_in_rows(page: Path) -> list[list[str]]:
    """Names in the first cell of each row of its tables."""
    cells = re.findall(r"^\| (`[^|]+) \|", prose(page), re.MULTILINE)
    return [re.findall(r"`([^`]+)`", cell) for cell in cells]


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_a_page_is_filled_from_the_code(page: Path) -> None:
    assert page.read_text("utf-8") == filled(page), "run: python docs/fill_formats.py"


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_every_page_is_there_in_both_languages_with_the_same_names(page: Path) -> None:
    french = page.name.endswith(".fr.md")
    other = page.with_name(page.name.replace(".fr.md", ".md" if french else ".fr.md"))
    twin = other if french else page.with_suffix(".fr.md")
    assert names_in_rows(page) == names_in_rows(twin)


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("network.md", {*AXES_REQUIRED, *AXES_OPTIONAL, *PR_REQUIRED, *PR_KINDS}),
        ("network.md", set(SECTIONS_REQUIRED)),
        ("film.md", set(REQUIRED)),
        ("tables.md", {*COLUMNS, *OPTIONAL_COLUMNS}),
    ],
)
def test_no_column_that_is_read_is_missing(page: str, names: set[str]) -> None:
    told = set(re.findall(r"`([^`]+)`", prose(FOLDER / page)))
    assert names - told == set()


@pytest.mark.parametrize("name", MODELS)
def test_every_key_stands_on_its_page(name: str) -> None:
    text = (FOLDER / f"{name}.md").read_text("utf-8")
    assert [key.name for key in keys_of(MODELS[name]) if f"| `{key.name}` |" not in text] == []


@pytest.mark.parametrize("name", ["drive.gpx", "drive.csv"])
def test_the_example_of_a_track_is_read(name: str) -> None:
    track = read_track(EXAMPLES / name)
    assert len(track) == 3 and track.started_at is not None and not any(track.dropped.values())


def test_the_example_of_stills_is_read(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    for number in (1, 2):
        Image.new("RGB", (320, 240)).save(tmp_path / "photos" / f"000{number}.jpg")
    ctx = context_of([tmp_path / "photos"], track=EXAMPLES / "photos.csv", purpose="p")
    assert ctx.passes[0].kind == "stills"


def test_the_example_of_a_plan_gives_one(tmp_path: Path) -> None:
    words = ["plan", str(EXAMPLES / "sections.csv"), "--budgets", str(EXAMPLES / "scenarios.toml")]
    assert main([*words, "--first-year", "2027", "--out", str(tmp_path / "plan")]) == 0
    assert (tmp_path / "plan" / "plan.csv").is_file()


def test_nothing_is_wrong_with_the_example_of_a_survey(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the smallest film and the network of the smallest file of roads."""
    for name in ("survey.toml", "vehicle.toml", "scenarios.toml", "drive.gpx"):
        shutil.copy(EXAMPLES / name, tmp_path)
    cut(SAMPLE / "pass_a.mp4", tmp_path / "drive.mp4", 8.0, 9.0)
    changed = (tmp_path / "survey.toml").read_text("utf-8").replace("= 2.4", "= 0.5")
    (tmp_path / "survey.toml").write_text(changed, encoding="utf-8")
    words = ["network", "import", str(EXAMPLES / "roads.geojson"), "--out"]
    assert main([*words, str(tmp_path / "network.gpkg")]) == 0
    assert main(["check", str(tmp_path / "survey.toml")]) == 0, capsys.readouterr().out
