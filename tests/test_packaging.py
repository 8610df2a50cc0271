"""The wheel, in an empty environment and from another folder, surveys without torch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import av
import pytest

from voirie.doctor import OUR_PACKAGES
from voirie.inputs import read_survey

ROOT = Path(__file__).resolve().parent.parent
UV = str(Path(sys.executable).parent / "uv")
CLIP_S = 6.0

pytestmark = pytest.mark.slow


def _run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as a user would, with nothing of this environment around it."""
    hidden = {"VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "VOIRIE_WEIGHTS"}
    clean = {key: value for key, value in os.environ.items() if key not in hidden}
    return subprocess.run(words, cwd=cwd, env=clean, capture_output=True, text=True)


def _done(*words: str, cwd: Path) -> str:
    """Run a command that must succeed and return what it printed."""
    done = _run(*words, cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    constraints = str(ROOT / "constraints.txt")
    _done(
        *(UV, "build", "--wheel", "--out-dir", str(out)),
        *("--build-constraints", constraints, str(ROOT)),
        cwd=out,
    )
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel in an empty environment and return the folder of its programs."""
    environment = tmp_path_factory.mktemp("environment") / "env"
    _done(UV, "venv", "--quiet", "--python", sys.executable, str(environment), cwd=ROOT)
    _done(
        *(UV, "pip", "install", "--quiet", "--python", str(environment / "bin" / "python")),
        *("--constraints", str(ROOT / "constraints.txt"), str(wheel)),
        cwd=ROOT,
    )
    return environment / "bin"


def test_the_wheel_holds_our_packages_and_the_weights_alone(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if ".dist-info/" not in name]
        licences = [name for name in archive.namelist() if name.endswith("licenses/LICENSE")]
        register = archive.read("voirie/_weights/models.toml")
    assert {name.split("/")[0] for name in names} == set(OUR_PACKAGES)
    assert not [name for name in names if name.endswith((".pt", ".pyc"))]
    assert register == (ROOT / "weights" / "models.toml").read_bytes()
    shipped = {name.removeprefix("voirie/_weights/") for name in names if name.endswith(".onnx")}
    here = {str(path.relative_to(ROOT / "weights")) for path in ROOT.glob("weights/**/*.onnx")}
    assert shipped == here
    assert len(licences) == 1


def test_every_data_file_travels(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    data = {
        str(path.relative_to(ROOT))
        for package in OUR_PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.suffix in {".yaml", ".toml", ".json", ".j2", ".html", ".css", ".js", ".svg"}
    }
    assert {name for name in data if "_weights" not in name} <= inside


def test_the_doctor_finds_it_fit_without_torch(programs: Path, tmp_path: Path) -> None:
    report = json.loads(_done(str(programs / "voirie"), "doctor", "--json", cwd=tmp_path))
    assert report["fit"] is True
    states = {check["name"]: check["state"] for check in report["checks"]}
    assert states["extra yolo (training, export)"] == "optional"


def test_a_package_of_the_same_name_is_found_out(programs: Path, tmp_path: Path) -> None:
    (tmp_path / "gis").mkdir()
    (tmp_path / "gis" / "__init__.py").touch()
    # ``python -m`` looks in the current folder first; the command itself does not.
    done = _run(str(programs / "python"), "-m", "voirie", "doctor", "--json", cwd=tmp_path)
    assert done.returncode == 2
    (missing,) = (c for c in json.loads(done.stdout)["checks"] if c["state"] == "missing")
    assert missing["name"] == "package gis"
    assert _run(str(programs / "voirie"), "doctor", cwd=tmp_path).returncode == 0


def test_a_run_from_another_folder(programs: Path, tmp_path: Path) -> None:
    survey = _first_seconds_of_the_sample(tmp_path)
    program = str(programs / "voirie")
    _done(program, "run", str(survey), "--out", "out", "--experimental", cwd=tmp_path)
    assert (tmp_path / "out" / "run.json").is_file()
    assert list((tmp_path / "out" / "pictures").rglob("*.jpg"))
    assert (tmp_path / "out" / "survey.gpkg").is_file()


def _first_seconds_of_the_sample(folder: Path) -> Path:
    """Cut the first pass of the sample short and write a `survey.toml` for it."""
    sample = read_survey(ROOT / "samples" / "drive" / "survey.toml")
    drive = sample.passes[0]
    clip = folder / "clip.mp4"
    _cut(drive.inputs[0], clip)
    vehicle = drive.vehicle or sample.vehicle
    files = {
        "network": sample.network,
        "vehicle": vehicle,
        "treatments": sample.treatments,
        "scenarios": sample.scenarios,
        "scheme": sample.scheme,
    }
    lines = [f"{key} = {json.dumps(str(path))}" for key, path in files.items() if path]
    lines += [f"purpose = {json.dumps(sample.purpose)}", "[campaign]"]
    lines += [f"{key} = {json.dumps(value)}" for key, value in sample.campaign]
    lines += ["[[passes]]", f'id = "{drive.id}"', 'inputs = ["clip.mp4"]']
    lines += [f"track = {json.dumps(str(drive.track))}", f"offset_s = {drive.offset_s}"]
    if drive.started_at:
        lines += [f"started_at = {drive.started_at.isoformat()}"]
    path = folder / "survey.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _cut(source: Path, target: Path) -> None:
    """Copy the first seconds of a video without decoding it."""
    with av.open(str(source)) as given, av.open(str(target), "w") as made:
        stream = given.streams.video[0]
        copy = made.add_stream_from_template(stream)
        for packet in given.demux(stream):
            if packet.pts is None or packet.time_base is None:
                continue
            if float(packet.pts * packet.time_base) >= CLIP_S:
                break
            packet.stream = copy
            made.mux(packet)
