"""What people write, broken in every way: it is read, or refused in one line that names it.

A quick run tries 30 broken files a reader; ``VOIRIE_TRIES=10000`` tries as many.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import tomli_w
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.network.network import Network, read_network
from gis.tracks.readers import read_track
from inspection.capture.chainage import read_chainage
from planning.cli import read_sections
from planning.scenarios import load_scenarios
from planning.sections import sections_from
from tests.gis.network.made_network import axis, frame, mark
from voirie.catalogue.scheme import load_scheme
from voirie.catalogue.treatments import load_treatments
from voirie.errors import VoirieError
from voirie.inputs import read_survey, read_vehicle
from voirie.taxonomy import load_taxonomy

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "samples" / "drive"
TRIES = int(os.environ.get("VOIRIE_TRIES", "30"))

CSV_TRACK = "t,x,y,speed_mps,epsg\n" + "".join(
    f"{t},{570000 + 12 * t},6270000,12.0,2154\n" for t in range(12)
)
CHAINAGE = "image,route,chainage_m,sens,voie,cote\n" + "".join(
    f"{k:03d}.jpg,D108,{5 * k},+,1,U\n" for k in range(6)
)
SECTIONS = "section_id,area_m2,length_m,category,note_globale\n" + "".join(
    f"s{k},1000.0,200.0,3,{12 + k}\n" for k in range(5)
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


def planned(path: Path) -> object:
    return sections_from(read_sections(path), load_treatments(), path)


DOCUMENTS = (
    of("survey.toml", SAMPLE / "survey.toml", read_survey),
    of("vehicle.toml", SAMPLE / "vehicle.toml", read_vehicle),
    of("scenarios.toml", SAMPLE / "scenarios.toml", load_scenarios),
    of("treatments.yaml", SAMPLE / "treatments.yaml", load_treatments),
    of("scheme.yaml", ROOT / "voirie" / "catalogue" / "scheme.yaml", load_scheme),
    of("taxonomy.yaml", ROOT / "voirie" / "taxonomy.yaml", load_taxonomy),
)
TABLES = (
    of("track.csv", CSV_TRACK, read_track),
    of("chainage.csv", CHAINAGE, read_chainage),
    of("sections.csv", SECTIONS, planned),
)
FILES = (*DOCUMENTS, *TABLES, of("track.gpx", GPX, read_track))
EACH = pytest.mark.parametrize("kind", FILES, ids=lambda kind: kind.name)
EACH_DOCUMENT = pytest.mark.parametrize("kind", DOCUMENTS, ids=lambda kind: kind.name)

trying = settings(
    max_examples=TRIES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    database=None,
)
seeds = st.integers(0, 2**32 - 1)
STRANGE: list[Any] = [
    *(float("nan"), float("inf"), float("-inf"), 1e308, -1e308, 5e-324, -1, 0, 1.5, 2**63, 10**30),
    *(True, None, "", " ", "\0", "a\nb", "é", "日本", "../../x", "nan", "1e999", "9" * 400),
    *([], {}, [[]], [1, "a"], {"a": 1}, {"": ""}, "x" * 5000, "2026-13-45"),
]
WORDS = (
    *(b"nan", b"inf", b"-inf", b"1e999", b"-1", b"0", b"1.5", b"", b'""', b"\0", b"\xff\xfe"),
    *(b"9" * 400, b"\xe9", "日".encode(), b"\n", b"\r", b"\t", b",", b";", b'"', b"'", b"<", b"&"),
    *(b"9" * 5000, b"true", b"null", b"~", b"[", b"]", b"{", b"}", b"*a", b"&a", b"!!python/name:"),
    *(b"0001-01-01T00:00:00+12:00", b"9999-12-31T23:59:59-12:00", b"2026-13-45", b"EPSG:5720"),
)


def read_or_refused(kind: Kind, path: Path) -> None:
    """Read it, or be told in one line what is wrong with which file."""
    try:
        kind.read(path)
    except VoirieError as error:
        told = str(error)
        assert told.isprintable(), told
        assert path.name in told, told
        assert len(told) < 2000, told


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document, from the top down."""
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [at, *(place for key, one in inner for place in places(one, (*at, key)))]


def spoiled(document: Any, chance: random.Random) -> Any:
    """One value of a document dropped, retyped, repeated or buried."""
    *way, last = chance.choice(places(document)[1:])
    holder = document
    for key in way:
        holder = holder[key]
    how = chance.randrange(5)
    if how == 0:
        del holder[last]
    elif how == 1 and isinstance(holder, dict):
        holder[chance.choice(["", "x", "é", "a.b", "\n"])] = holder[last]
    elif how == 2 and isinstance(holder, list):
        holder.append(holder[last])
    elif how == 3:
        holder[last] = {"a": [holder[last]]}
    else:
        holder[last] = chance.choice(STRANGE)
    return document


@EACH_DOCUMENT
def test_a_document_of_other_values_is_read_or_refused(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / kind.name
    is_toml = path.suffix == ".toml"

    @trying
    @given(seeds)
    def tries(seed: int) -> None:
        chance = random.Random(seed)
        document = tomllib_or_yaml(kind)
        for _ in range(chance.randint(1, 3)):
            document = spoiled(document, chance)
            if not document:
                break
        try:
            text = tomli_w.dumps(document) if is_toml else yaml.safe_dump(document)
        except (TypeError, ValueError):
            return  # there is no way to write it
        path.write_bytes(text.encode())
        read_or_refused(kind, path)

    tries()


def tomllib_or_yaml(kind: Kind) -> Any:
    import tomllib

    text = kind.right.decode()
    return tomllib.loads(text) if kind.name.endswith(".toml") else yaml.safe_load(text)


@EACH
def test_a_file_of_other_bytes_is_read_or_refused(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / kind.name

    @trying
    @given(seeds)
    def tries(seed: int) -> None:
        chance = random.Random(seed)
        data = kind.right
        for _ in range(chance.randint(1, 4)):
            a, b = sorted(chance.randrange(len(data) + 1) for _ in range(2))
            b = min(b, a + 40)
            how = chance.randrange(6)
            if how == 0:
                data = data[:a] + data[b:]
            elif how == 1:
                data = data[:b] + data[a:b] + data[b:]
            elif how == 2:
                data = data[:a]
            elif how == 3:
                lines = data.splitlines(keepends=True)
                chance.shuffle(lines)
                data = b"".join(lines)
            else:
                data = data[:a] + chance.choice(WORDS) + data[a + chance.randrange(4) :]
        path.write_bytes(data)
        read_or_refused(kind, path)

    tries()


@pytest.mark.parametrize("kind", TABLES, ids=lambda kind: kind.name)
def test_a_table_of_other_cells_is_read_or_refused(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / kind.name
    rows = [line.split(b",") for line in kind.right.splitlines()]

    @trying
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
        read_or_refused(kind, path)

    tries()


AXES = [
    axis([(0, 0), (300, 0)], 0, 300, width_m=6.0, traffic=100, category=3),
    axis([(300, 0), (700, 0)], 300, 700, width_m=5.0, traffic=200, category=3),
]
PR = [mark("PR0", 0, 0.0, (0, 0)), mark("PR", 1, 600.0, (600, 0))]


@trying
@given(seeds)
def test_a_network_of_other_values_is_made_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    layers = [frame(AXES), frame(PR)]
    for _ in range(chance.randint(1, 3)):
        layer = chance.choice(layers)
        column = chance.choice([name for name in layer.columns if name != "geometry"])
        values = [value for value in STRANGE if not isinstance(value, list | dict)]
        cells = layer[column].astype(object)
        cells.iloc[chance.randrange(len(layer))] = chance.choice(values)
        if chance.random() < 0.2:
            cells[:] = chance.choice(values)
        layer[column] = cells
    try:
        network = Network.of(*layers, Path("network.gpkg"))
        for route in network.routes():
            network.cumul_range_m(route)
    except VoirieError as error:
        assert "network.gpkg" in str(error) and str(error).isprintable()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: data[:1000],
        lambda data: data[: len(data) // 2],
        lambda data: b"\0" * 4096,
        lambda data: data.replace(b"cumul_from_m", b"cumul_fr\xff_m"),
        lambda data: data.replace(b"D108", b"D\xff\xfe8"),
    ],
)
def test_a_network_file_of_other_bytes_is_refused_or_read(
    spoil: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "network.gpkg"
    path.write_bytes(spoil((SAMPLE / "network.gpkg").read_bytes()))
    read_or_refused(Kind("network.gpkg", b"", read_network), path)


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


@EACH
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


@EACH
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
    made = Network.of(frame(AXES), frame(PR))
    assert len(made.routes()) == 1
    assert np.isfinite(pd.DataFrame(frame(AXES))["width_m"]).all()
    assert isinstance(frame(PR), gpd.GeoDataFrame)
