"""Every way an input can be broken: one sentence, the right exit code, nothing written."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import av
import geopandas as gpd
import pytest

from tests.inspection.conftest import Clip
from voirie.cli import main
from voirie.lock import locked
from voirie.partial import partial_of

pytestmark = pytest.mark.slow

Break = Callable[[Path], None]


def _zero(folder: Path) -> None:
    (folder / "clip.mp4").write_bytes(b"")


def _rubbish(folder: Path) -> None:
    (folder / "clip.mp4").write_bytes(b"this is no film" * 999)


def _cut_index(folder: Path) -> None:
    data = (folder / "clip.mp4").read_bytes()
    (folder / "clip.mp4").write_bytes(data[: len(data) // 2])


def _tiny_film(folder: Path) -> None:
    with av.open(str(folder / "clip.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 16, 16, "yuv420p"
        for _ in range(50):
            container.mux(stream.encode(av.VideoFrame(16, 16, "yuv420p")))
        container.mux(stream.encode(None))


def _missing_film(folder: Path) -> None:
    (folder / "clip.mp4").unlink()


def _other_day(folder: Path) -> None:
    survey = folder / "survey.toml"
    text = survey.read_text("utf-8")
    line = next(x for x in text.splitlines() if x.startswith("started_at"))
    survey.write_text(text.replace(line, "started_at = 2019-01-01T08:00:00Z"), encoding="utf-8")


def _empty_track(folder: Path) -> None:
    (folder / "track_a.gpx").write_bytes(b"")


def _empty_network(folder: Path) -> None:
    axes = gpd.read_file(folder / "network.gpkg", layer="axes")
    points = gpd.read_file(folder / "network.gpkg", layer="pr")
    (folder / "network.gpkg").unlink()
    axes.iloc[:0].to_file(folder / "network.gpkg", layer="axes", driver="GPKG")
    points.to_file(folder / "network.gpkg", layer="pr", driver="GPKG")


def _no_crs(folder: Path) -> None:
    axes = gpd.read_file(folder / "network.gpkg", layer="axes")
    points = gpd.read_file(folder / "network.gpkg", layer="pr")
    (folder / "network.gpkg").unlink()
    with pytest.warns(UserWarning, match="crs"):
        axes.set_crs(None, allow_override=True).to_file(
            folder / "network.gpkg", layer="axes", driver="GPKG"
        )
    points.to_file(folder / "network.gpkg", layer="pr", driver="GPKG")


def _elsewhere(folder: Path) -> None:
    for layer in ("axes", "pr"):
        table = gpd.read_file(folder / "network.gpkg", layer=layer)
        table["geometry"] = table.translate(80_000, 0)
        table.to_file(folder / "moved.gpkg", layer=layer, driver="GPKG")
    os.replace(folder / "moved.gpkg", folder / "network.gpkg")


def _unknown_category(folder: Path) -> None:
    axes = gpd.read_file(folder / "network.gpkg", layer="axes")
    axes.loc[0, "category"] = 7
    axes.to_file(folder / "network.gpkg", layer="axes", driver="GPKG")


def _no_purpose(folder: Path) -> None:
    survey = folder / "survey.toml"
    text = survey.read_text("utf-8").replace('purpose = "pavement maintenance"', 'purpose = ""')
    survey.write_text(text, encoding="utf-8")


def _bad_toml(folder: Path) -> None:
    (folder / "survey.toml").write_text("[campaign\nname = 1", encoding="utf-8")


def _low_camera(folder: Path) -> None:
    (folder / "vehicle.toml").write_text("[camera]\nheight_m = 0.01\n", encoding="utf-8")


CASES: tuple[tuple[Break, int, str, str], ...] = (
    (_zero, 3, "clip.mp4", "no byte"),
    (_rubbish, 3, "clip.mp4", "no film"),
    (_cut_index, 3, "clip.mp4", "cut off"),
    (_tiny_film, 3, "clip.mp4", "16 x 16 px"),
    (_missing_film, 3, "clip.mp4", "no such file"),
    (_other_day, 3, "track_a.gpx", "no moment in common"),
    (_empty_track, 3, "track_a.gpx", "no byte"),
    (_empty_network, 3, "network.gpkg", ""),
    (_no_crs, 3, "network.gpkg", "reference system"),
    (_elsewhere, 3, "track_a.gpx", ""),
    (_unknown_category, 3, "network.gpkg", "category 7"),
    (_no_purpose, 2, "", "purpose"),
    (_bad_toml, 2, "survey.toml", "TOML"),
    (_low_camera, 2, "vehicle.toml", "height_m"),
)


@pytest.mark.parametrize(
    ("broken", "code", "file", "words"), CASES, ids=[case[0].__name__ for case in CASES]
)
def test_one_sentence_the_right_code_and_nothing_written(
    broken: Break,
    code: int,
    file: str,
    words: str,
    clip: Clip,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "in"
    shutil.copytree(clip.folder, folder)
    broken(folder)
    before = sorted(p.name for p in folder.iterdir())
    out = tmp_path / "survey"
    assert main(["run", str(folder / "survey.toml"), "--out", str(out)]) == code
    said = [line for line in capsys.readouterr().err.splitlines() if ": " in line][-1]
    assert file in said
    assert words in said
    assert said.rstrip().endswith(".")
    assert not out.exists()
    assert not partial_of(out).exists()
    assert sorted(p.name for p in folder.iterdir()) == before


def test_missing_weights_of_the_anonymiser_let_nothing_out(
    clip: Clip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "weights"
    empty.mkdir()
    monkeypatch.setenv("VOIRIE_WEIGHTS", str(empty))
    out = tmp_path / "survey"
    assert main(["run", str(clip.survey), "--out", str(out)]) == 5
    assert "models.toml" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [empty]


def test_a_changed_detector_is_refused(
    clip: Clip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from voirie.nets import load_models

    source = load_models().folder
    weights = tmp_path / "weights"
    shutil.copytree(source, weights, ignore=shutil.ignore_patterns("*.pt"))
    changed = weights / load_models().entries["pavement"].file
    changed.write_bytes(changed.read_bytes()[:-1] + b"\x00\x01")
    monkeypatch.setenv("VOIRIE_WEIGHTS", str(weights))
    out = tmp_path / "survey"
    assert main(["run", str(clip.survey), "--out", str(out)]) == 2
    assert changed.name in capsys.readouterr().err
    assert not out.exists()
    assert not partial_of(out).exists()


def test_an_output_that_is_something_else_is_left_alone(
    clip: Clip, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "mine"
    out.mkdir()
    (out / "letter.txt").write_text("keep me", encoding="utf-8")
    assert main(["run", str(clip.survey), "--out", str(out)]) == 2
    assert "no survey folder" in capsys.readouterr().err
    assert (out / "letter.txt").read_text("utf-8") == "keep me"


def test_a_partial_folder_of_somebody_else_is_left_alone(
    clip: Clip, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    partial = partial_of(tmp_path / "survey")
    partial.mkdir()
    (partial / "letter.jpg").write_bytes(b"keep me")
    assert main(["run", str(clip.survey), "--out", str(tmp_path / "survey")]) == 2
    assert "is left alone" in capsys.readouterr().err
    assert [path.name for path in tmp_path.rglob("*")] == ["survey.partial", "letter.jpg"]


def test_an_output_that_names_no_folder_is_refused(
    clip: Clip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["run", str(clip.survey), "--out", "."]) == 2
    assert "give --out the name of a folder" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_an_output_that_another_run_works_on_is_left_to_it(
    clip: Clip, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with locked(tmp_path / "survey"):
        assert main(["run", str(clip.survey), "--out", str(tmp_path / "survey")]) == 2
        assert "is at work on it" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_an_output_below_a_file_cannot_be_written(
    clip: Clip, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert main(["run", str(clip.survey), "--out", str(tmp_path / "file" / "survey")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_a_film_cut_off_in_its_pictures_is_done_in_part(clip: Clip, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    shutil.copytree(clip.folder, folder)
    whole = folder / "whole.mp4"
    with (
        av.open(str(clip.film)) as film,
        av.open(str(whole), "w", options={"movflags": "faststart"}) as copy,
    ):
        stream = copy.add_stream_from_template(film.streams.video[0])
        for packet in film.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                copy.mux(packet)
    data = whole.read_bytes()
    whole.unlink()
    (folder / "clip.mp4").write_bytes(data[: int(len(data) * 0.7)])
    out = tmp_path / "survey"
    words = ["run", str(folder / "survey.toml"), "--out", str(out), "--step", "15m"]
    assert main(words) == 4
    assert (out / "report.html").is_file()


def test_a_full_disk_is_said_and_what_is_done_stays(
    clip: Clip, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A real small disk: 1 MB takes a few pictures and no more."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("this test mounts a small disk, which needs root")
    try:
        assert main(["run", str(clip.survey), "--out", str(disk / "survey")]) == 2
        assert "disk is full" in capsys.readouterr().err
        assert not (disk / "survey").exists()
        assert partial_of(disk / "survey").is_dir()
    finally:
        subprocess.run(["umount", str(disk)], check=True)
