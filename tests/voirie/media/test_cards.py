"""Names of films on a memory card: camera, order, drives, and what is left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from voirie.errors import EmptyInput
from voirie.media.cards import drives_of, film_of, read_card


def card(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"film")
    return folder


def names(folder: Path) -> list[str]:
    return [film.path.name for film in read_card(folder).films]


def test_a_gopro_card(tmp_path: Path) -> None:
    gopro = "DCIM/100GOPRO/"
    card(tmp_path, *(gopro + name for name in (
        "GX010042.MP4", "GX010043.MP4", "GX020042.MP4", "GX030042.MP4",
        "GL010042.LRV", "GX010042.THM", ".Trashes/GX010001.MP4",
    )))  # fmt: skip
    found = read_card(tmp_path)
    assert names(tmp_path) == ["GX010042.MP4", "GX020042.MP4", "GX030042.MP4", "GX010043.MP4"]
    assert found.left_out == {"small": 1}
    drives = drives_of(found, lambda path: 480.0)
    assert [[film.path.name[:4] for film in drive] for drive in drives] == [
        ["GX01", "GX02", "GX03"],
        ["GX01"],
    ]


def test_an_older_gopro_begins_with_the_file_that_has_no_chapter(tmp_path: Path) -> None:
    card(tmp_path, "GP010007.MP4", "GOPR0007.MP4", "GP020007.MP4")
    assert names(tmp_path) == ["GOPR0007.MP4", "GP010007.MP4", "GP020007.MP4"]


@pytest.mark.parametrize(
    ("kept", "others"),
    [
        # Viofo
        (["DCIM/Movie/2026_0601_101500_0001F.MP4", "DCIM/Movie/RO/2026_0601_101800_0003F.MP4"],
         {"DCIM/Movie/2026_0601_101500_0002R.MP4": "rear",
          "DCIM/Movie/2026_0601_101500_0002I.MP4": "interior",
          "DCIM/Movie/Parking/2026_0601_231500_0009PF.MP4": "parking"}),
        (["DCIM/Movie/20260601101500_000001F.MP4", "DCIM/Movie/20260601101800_000003F.MP4"],
         {"DCIM/Movie/20260601101500_000002T.MP4": "telephoto"}),
        # BlackVue
        (["BlackVue/Record/20260601_101500_NF.mp4", "BlackVue/Record/20260601_101600_EF.mp4"],
         {"BlackVue/Record/20260601_101500_NR.mp4": "rear",
          "BlackVue/Record/20260601_231600_PF.mp4": "parking"}),
        # Nextbase
        (["DCIM/260601_101500_001_FH.MP4", "DCIM/260601_101800_002_FH.MP4"],
         {"DCIM/260601_101500_001_RH.MP4": "rear", "DCIM/LOW/260601_101500_001_FL.MP4": "small"}),
        # 70mai
        (["Normal/Front/NO20260601-101500-000001F.MP4"],
         {"Normal/Back/NO20260601-101500-000002B.MP4": "rear"}),
    ],
)  # fmt: skip
def test_cards_of_dashcams(tmp_path: Path, kept: list[str], others: dict[str, str]) -> None:
    found = read_card(card(tmp_path, *kept, *others))
    assert [film.path for film in found.films] == [tmp_path / name for name in kept]
    assert sorted(found.left_out) == sorted(set(others.values()))
    assert sum(found.left_out.values()) == len(others)
    assert len(drives_of(found, lambda path: 180.0)) == 1


def test_a_pause_begins_another_drive(tmp_path: Path) -> None:
    card(tmp_path, "20260601_101500F.mp4", "20260601_102000F.mp4", "20260601_140000F.mp4")
    assert [len(drive) for drive in drives_of(read_card(tmp_path), lambda path: 300.0)] == [2, 1]


def test_names_that_tell_nothing_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    card(tmp_path, "drive10.mp4", "drive9.mp4", "drive1.mp4", "notes.txt")
    assert names(tmp_path) == ["drive1.mp4", "drive9.mp4", "drive10.mp4"]
    assert len(drives_of(read_card(tmp_path), lambda path: 60.0)) == 1
    assert film_of(Path("99999999_999999.mp4")).begins_at is None


def test_a_folder_of_other_cameras_and_one_without_films(tmp_path: Path) -> None:
    with pytest.raises(EmptyInput, match="only of other cameras"):
        read_card(card(tmp_path / "a", "20260601_101500_NR.mp4"))
    with pytest.raises(EmptyInput, match="holds no film"):
        read_card(card(tmp_path / "b", "GL010042.LRV"))
