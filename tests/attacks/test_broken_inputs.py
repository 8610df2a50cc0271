"""What people write, broken in every way: it is read, or refused in one line that names it."""

from __future__ import annotations

import encodings.aliases
import os
import pickle
import random
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import tomli_w
import yaml
from hypothesis import given

from gis.tracks.readers import read_track
from inspection.capture.chainage import read_chainage
from planning.cli import read_sections
from planning.scenarios import load_scenarios
from planning.sections import sections_from
from tests.attacks.spoiling import WORDS, read_or_refused, seeds, spoiled, spoiled_bytes, trying
from voirie.catalogue.scheme import load_scheme
from voirie.catalogue.treatments import load_treatments
from voirie.errors import VoirieError
from voirie.inputs import read_survey, read_vehicle
from voirie.nets import load_models
from voirie.taxonomy import load_taxonomy

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "samples" / "drive"

CSV_TRACK = "t,x,y,speed_mps,epsg\n" + "".join(
    f"{t},{570000 + 12 * t},6270000,12.0,2154\n" for t in range(12)
)
CHAINAGE = "image,route,chainage_m,sens,voie,cote\n" + "".join(
    f"{k:03d}.jpg,D108,{5 * k},+,1,U\n" for k in range(6)
)
SECTIONS = "section_id,area_m2,length_m,category,note_globale\n" + "".join(
    f"s{k},1000.0,200.0,3,{12 + k}\n" for k in range(5)
)
SHORT_REGISTER = "".join(
    f"[models.{role}]\nfile = '{role}.onnx'\nsha256 = '{'0' * 64}'\nclasses = ['car', 'bus']\n"
    f"imgsz = 640\nthresholds = {{ default = 0.1, iou = 0.6 }}\nlicence = 'CC0'\n"
    for role in ("gate", "plates")
)
GPX = (
    "<gpx><trk><trkseg>"
    + "".join(
        f'<trkpt lat="43.{600 + k}" lon="1.44"><time>2026-05-02T10:00:{k * 4:02d}Z</time>'
        "<speed>12</speed></trkpt>"
        for k in range(10)
    )
    + "</trkseg></trk></gpx>"
)


@dataclass(frozen=True)
class Kind:
    """A kind of file: its name, a right one, what reads it."""

    name: str
    right: bytes
    read: Callable[[Path], object]


def of(name: str, content: str | Path, read: Callable[[Path], object]) -> Kind:
    text = content.read_text("utf-8") if isinstance(content, Path) else content
    return Kind(name, text.encode(), read)


def short_taxonomy() -> str:
    """The shipped taxonomy with a few classes and the codes that they need: quick to read."""
    whole = yaml.safe_load((ROOT / "voirie" / "taxonomy.yaml").read_text("utf-8"))
    for holder in (whole, whole["signs"]):
        every = holder["classes"]
        kept = {name: entry for rank, (name, entry) in enumerate(every.items()) if rank % 6 == 0}
        meant = [entry["same_as"] for entry in kept.values() if "same_as" in entry]
        holder["classes"] = {name: every[name] for name in meant} | kept
    told = yaml.safe_dump([whole["families"], whole["classes"]], allow_unicode=True)
    whole["codes"] = {name: entry for name, entry in whole["codes"].items() if name in told}
    return yaml.safe_dump(whole, sort_keys=False, allow_unicode=True)


def registered(path: Path) -> object:
    return load_models(path.parent)


def planned(path: Path) -> object:
    return sections_from(read_sections(path), load_treatments(), path)


DOCUMENTS = (
    of("survey.toml", SAMPLE / "survey.toml", read_survey),
    of("vehicle.toml", SAMPLE / "vehicle.toml", read_vehicle),
    of("scenarios.toml", SAMPLE / "scenarios.toml", load_scenarios),
    of("treatments.yaml", SAMPLE / "treatments.yaml", load_treatments),
    of("scheme.yaml", ROOT / "voirie" / "catalogue" / "scheme.yaml", load_scheme),
    of("taxonomy.yaml", short_taxonomy(), load_taxonomy),
    of("models.toml", SHORT_REGISTER, registered),
)
TABLES = (
    of("track.csv", CSV_TRACK, read_track),
    of("chainage.csv", CHAINAGE, read_chainage),
    of("sections.csv", SECTIONS, planned),
)
GPX_KIND = of("track.gpx", GPX, read_track)
FILES = (*DOCUMENTS, *TABLES, GPX_KIND)
EACH = pytest.mark.parametrize("kind", FILES, ids=lambda kind: kind.name)
EACH_NAMED = pytest.mark.parametrize(
    "kind", [kind for kind in FILES if kind.read is not registered], ids=lambda kind: kind.name
)
EACH_DOCUMENT = pytest.mark.parametrize("kind", DOCUMENTS, ids=lambda kind: kind.name)


def parsed(kind: Kind) -> dict[str, object]:
    text = kind.right.decode()
    whole: dict[str, object] = (
        tomllib.loads(text) if kind.name.endswith(".toml") else yaml.safe_load(text)
    )
    return whole


@EACH_DOCUMENT
def test_a_document_of_other_values_is_read_or_refused(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / kind.name
    right = pickle.dumps(parsed(kind))

    @trying()
    @given(seeds)
    def tries(seed: int) -> None:
        chance = random.Random(seed)
        document: dict[str, object] = pickle.loads(right)
        for _ in range(chance.randint(1, 3)):
            document = spoiled(document, chance)
            if not document:
                break
        try:
            text = tomli_w.dumps(document) if path.suffix == ".toml" else yaml.safe_dump(document)
        except (TypeError, ValueError):
            return  # there is no way to write it
        path.write_bytes(text.encode())
        read_or_refused(kind.read, path)

    tries()


@EACH
def test_a_file_of_other_bytes_is_read_or_refused(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / kind.name

    @trying()
    @given(seeds)
    def tries(seed: int) -> None:
        path.write_bytes(spoiled_bytes(kind.right, random.Random(seed)))
        read_or_refused(kind.read, path)

    tries()


@pytest.mark.parametrize("kind", TABLES, ids=lambda kind: kind.name)
def test_a_table_of_other_cells_is_read_or_refused(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / kind.name
    rows = [line.split(b",") for line in kind.right.splitlines()]

    @trying()
    @given(seeds)
    def tries(seed: int) -> None:
        chance = random.Random(seed)
        own = [list(row) for row in rows]
        for _ in range(chance.randint(1, 4)):
            row, cell = chance.randrange(len(own)), chance.randrange(len(own[0]))
            whole = chance.random() < 0.3
            word = chance.choice(WORDS)
            for line in own[1:] if whole else [own[row]]:
                line[cell] = word
        path.write_bytes(b"\n".join(b",".join(row) for row in own))
        read_or_refused(kind.read, path)

    tries()


ENCODINGS = sorted(set(encodings.aliases.aliases.values()) | {"utf-8-sig"})


@pytest.mark.parametrize("kind", [*TABLES, GPX_KIND], ids=lambda kind: kind.name)
def test_a_table_in_any_encoding_is_read_or_refused(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / kind.name
    text = kind.right.decode().replace("D108", "Déviation").replace("s1", "é1")
    tried = 0
    for encoding in ENCODINGS:
        try:
            data = text.encode(encoding)
        except (LookupError, UnicodeError, TypeError, AttributeError):
            continue  # no encoding of text, or not of this one
        path.write_bytes(data)
        read_or_refused(kind.read, path)
        tried += 1
    assert tried > 40


@pytest.mark.parametrize(
    "name", ["survey.toml", "vehicle.toml", "scenarios.toml", "treatments.yaml", "taxonomy.yaml"]
)
@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "{a = "])
def test_what_is_nested_5000_deep_is_refused(name: str, opening: str, tmp_path: Path) -> None:
    kind = next(kind for kind in DOCUMENTS if kind.name == name)
    path = tmp_path / name
    start = "a = " if name.endswith(".toml") else "a: "
    path.write_text(start + opening * 5000, "utf-8")
    with pytest.raises(VoirieError) as refused:
        kind.read(path)
    assert name in str(refused.value) and str(refused.value).isprintable()


def test_a_few_lines_do_not_stand_for_millions(tmp_path: Path) -> None:
    path = tmp_path / "treatments.yaml"
    lines = [
        "a0: &a0 [x]",
        *(f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 9)}]" for k in range(1, 9)),
    ]
    path.write_text("\n".join(lines), "utf-8")
    with pytest.raises(VoirieError, match="alias"):
        load_treatments(path)


def test_a_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "treatments.yaml"
    path.write_bytes(FILES[3].right + b"\nvat_rate: 0.1\n")
    with pytest.raises(VoirieError, match="vat_rate stands twice"):
        load_treatments(path)


@EACH_NAMED
def test_a_pipe_a_device_and_a_folder_are_not_read(kind: Kind, tmp_path: Path) -> None:
    suffix = Path(kind.name).suffix
    pipe, device, folder = (tmp_path / f"{name}{suffix}" for name in ("pipe", "device", "folder"))
    os.mkfifo(pipe)
    device.symlink_to("/dev/zero")
    folder.mkdir()
    for path in (pipe, device, folder, tmp_path / f"nowhere{suffix}"):
        with pytest.raises(VoirieError) as refused:
            kind.read(path)
        assert path.name in str(refused.value)


@EACH_NAMED
@pytest.mark.parametrize("stem", [b"a\nb", b"a\tb", b"\xff\xfe", b"~", "日本".encode()])
def test_a_file_may_be_called_anything(kind: Kind, stem: bytes, tmp_path: Path) -> None:
    path = tmp_path / (os.fsdecode(stem) + Path(kind.name).suffix)
    path.write_bytes(kind.right)
    kind.read(path)
    path.write_bytes(b"\xff")
    with pytest.raises(VoirieError) as refused:
        kind.read(path)
    told = str(refused.value)
    assert told.isprintable() and told.encode()


def test_the_right_files_are_read(tmp_path: Path) -> None:
    for kind in FILES:
        path = tmp_path / kind.name
        path.write_bytes(kind.right)
        assert kind.read(path) is not None
        path.write_bytes(b"\xef\xbb\xbf" + kind.right)
        assert kind.read(path) is not None
