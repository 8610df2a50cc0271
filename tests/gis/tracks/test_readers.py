"""Tracks: GPX and CSV, cleaned of the impossible."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import numpy as np
import pytest

from gis.tracks.readers import jumps, read_track
from tests.made_telemetry import AT, rmc, srt_of
from voirie.errors import EmptyInput, NotDecodable

HEAD = '<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>'
FOOT = "</trkseg></trk></gpx>"


def point(i: int, lat: float, lon: float = 2.57, more: str = "") -> str:
    return f'<trkpt lat="{lat}" lon="{lon}"><time>2024-05-02T08:00:{i:02d}Z</time>{more}</trkpt>'


def gpx(path: Path, body: str, foot: str = FOOT) -> Path:
    path.write_text(HEAD + body + foot)
    return path


def drive(n: int = 10) -> str:
    return "".join(point(i, 44.35 + i * 1e-4) for i in range(n))


def test_gpx_in_lambert(tmp_path: Path) -> None:
    track = read_track(gpx(tmp_path / "a.gpx", drive()))
    assert track.fixes["t_s"].tolist() == list(range(10))
    assert str(track.fixes["t_utc"].iloc[1]) == "2024-05-02 08:00:01+00:00"
    assert track.fixes["x"].iloc[0] == pytest.approx(665_740, abs=300)  # Rodez, EPSG:2154
    assert track.fixes["y"].iloc[0] == pytest.approx(6_361_000, abs=3000)
    assert np.hypot(*np.diff(track.fixes[["x", "y"]], axis=0).T) == pytest.approx(11.1, abs=0.1)
    assert track.fixes["speed_mps"].isna().all()
    assert track.dropped == {"no_time": 0, "no_fix": 0, "same_time": 0, "jump": 0}


def test_speed_in_any_namespace(tmp_path: Path) -> None:
    more = "<extensions><a:Point><a:speed>11.5</a:speed></a:Point></extensions>"
    track = read_track(gpx(tmp_path / "a.gpx", drive(3) + point(3, 44.3503, more=more)))
    assert track.fixes["speed_mps"].iloc[-1] == 11.5


def test_made_and_comments_are_ignored(tmp_path: Path) -> None:
    body = "<!-- made, not driven --><name>made</name>" + drive()
    assert len(read_track(gpx(tmp_path / "a.gpx", body))) == 10


def test_disorder_is_mended_and_counted(tmp_path: Path) -> None:
    rows = [point(i, 44.35 + i * 1e-4) for i in range(8)]
    rows[2], rows[3] = rows[3], rows[2]
    rows.insert(5, point(3, 44.36))  # the same second again, elsewhere
    rows.insert(6, point(4, 0.0, 0.0))  # no fix
    rows.insert(6, '<trkpt lat="44.35" lon="2.57"></trkpt>')  # no time
    rows.append(point(8, 45.0))  # 70 km away
    track = read_track(gpx(tmp_path / "a.gpx", "".join(rows)))
    assert track.fixes["t_s"].tolist() == list(range(8))
    assert track.dropped == {"no_time": 1, "no_fix": 1, "same_time": 1, "jump": 1}
    assert track.out_of_order == 2
    assert np.diff(track.fixes["y"]) == pytest.approx(11.1, abs=0.1)


def test_a_logger_that_lost_power(tmp_path: Path) -> None:
    track = read_track(gpx(tmp_path / "a.gpx", drive() + '<trkpt lat="44.36" lo', foot=""))
    assert len(track) == 10
    assert track.truncated
    assert not read_track(gpx(tmp_path / "a.gpx", drive())).truncated


def test_a_track_knows_its_file_and_its_dates(tmp_path: Path) -> None:
    path = gpx(tmp_path / "a.gpx", drive())
    track = read_track(path)
    assert track.source == path
    assert str(track.started_at) == "2024-05-02 08:00:00+00:00"
    assert str(track.ended_at) == "2024-05-02 08:00:09+00:00"
    with pytest.raises(FrozenInstanceError):
        track.truncated = True  # type: ignore[misc]


def test_a_csv_with_seconds_has_no_date_and_one_with_times_starts_at_second_0(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("t,x,y\n5,600000,6250000\n6,600010,6250000\n")
    assert read_track(path).started_at is None
    assert read_track(path).ended_at is None
    path.write_text(
        "time,x,y\n2024-05-02T08:00:04Z,0,\n2024-05-02T08:00:05Z,600000,6250000\n"
        "2024-05-02T08:00:06Z,600010,6250000\n"
    )
    track = read_track(path)
    assert track.fixes["t_s"].tolist() == [1, 2]
    assert str(track.started_at) == "2024-05-02 08:00:04+00:00"


def test_entities_are_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE gpx [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    (tmp_path / "a.gpx").write_text(bomb + HEAD + drive() + FOOT)
    with pytest.raises(NotDecodable, match="document type"):
        read_track(tmp_path / "a.gpx")


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("", EmptyInput, "no byte"),
        (HEAD + FOOT, EmptyInput, "no track point"),
        (HEAD + point(0, 44.0) + FOOT, EmptyInput, "fewer than two"),
        ("not xml at all", NotDecodable, "no GPX"),
        (HEAD + '<trkpt lat="44" lon="2"/>' * 3 + FOOT, NotDecodable, "no time"),
        ("<gpx><rte><rtept lat='1' lon='1'/></rte></gpx>", NotDecodable, "planned route"),
    ],
)
def test_gpx_refusals(tmp_path: Path, text: str, error: type[Exception], words: str) -> None:
    path = tmp_path / "a.gpx"
    path.write_text(text)
    with pytest.raises(error, match=words) as caught:
        read_track(path)
    assert str(path) in str(caught.value)
    assert "give a GPX" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "t,lat,lon\n5,44.35,2.57\n6,44.3501,2.57\n",
        "t;lat;lon\n5,0;44,35;2,57\n6,0;44,3501;2,57\n",
        "T\tLAT\tLON\tcomment\n5\t44.35\t2.57\ta\n6\t44.3501\t2.57\tb\n",
        "# made, not driven\nt,lat,lon\n5,44.35,2.57\n# a stop\n6,44.3501,2.57\n",
    ],
)
def test_csv_keeps_its_clock(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text)
    track = read_track(path)
    assert track.fixes["t_s"].tolist() == [5, 6]
    assert track.fixes["t_utc"].isna().all()
    assert track.fixes["y"].diff().iloc[1] == pytest.approx(11.1, abs=0.1)


def test_csv_with_iso_times_and_speed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "time,x,y,speed_mps\n2024-05-02T08:00:00+02:00,600000,6250000,9\n"
        "2024-05-02T08:00:01.5+02:00,600010,6250000,\n"
    )
    track = read_track(path)
    assert track.fixes["t_s"].tolist() == [0, 1.5]
    assert str(track.fixes["t_utc"].iloc[0]) == "2024-05-02 06:00:00+00:00"
    assert track.fixes["x"].tolist() == [600_000, 600_010]
    assert track.fixes["speed_mps"].iloc[0] == 9


def test_csv_in_another_system(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("t,x,y,epsg\n0,3.0,46.5,4258\n1,3.0,46.5001,EPSG:4258\n")
    track = read_track(path)
    assert track.fixes[["x", "y"]].iloc[0].tolist() == pytest.approx([700_000, 6_600_000], abs=0.1)


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("lat,lon\n1,2\n", NotDecodable, "no column t"),
        ("t,lat\n1,2\n", NotDecodable, "neither lat"),
        ("t,lat,lon\n", EmptyInput, "no row"),
        ("t,lat,lon\n1,x,y\n2,x,y\n", EmptyInput, "fewer than two"),
        ("time,lat,lon\nnoon,44,2\none,44,2\n", NotDecodable, "noon"),
        ("t,x,y,epsg\n1,5,5,999999\n2,5,5,999999\n", NotDecodable, "epsg"),
    ],
)
def test_csv_refusals(tmp_path: Path, text: str, error: type[Exception], words: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text)
    with pytest.raises(error, match=words):
        read_track(path)


def test_binary_is_no_track(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(bytes(range(256)) * 8)
    with pytest.raises(NotDecodable):
        read_track(path)
    with pytest.raises(NotDecodable, match="no such file"):
        read_track(tmp_path / "b.csv")


def test_jumps_even_at_the_start() -> None:
    t = np.arange(10.0)
    xy = np.stack([t * 20, t * 0], axis=1)
    xy[0] += 5000
    xy[6] += 300
    assert np.flatnonzero(jumps(t, xy)).tolist() == [0, 6]


def test_jitter_of_a_fast_receiver_is_no_jump() -> None:
    t = np.arange(0, 5, 0.1)
    xy = np.stack([t * 20, np.where(np.arange(50) % 2, 8.0, 0.0)], axis=1)
    assert not jumps(t, xy).any()


@pytest.mark.parametrize("cell", ["inf", "nan", "1e300", "-inf"])
def test_a_number_that_is_none_is_no_fix(cell: str, tmp_path: Path) -> None:
    path = tmp_path / "drive.csv"
    path.write_text(f"t,x,y\n0,6e5,6.4e6\n1,600012,6.4e6\n2,{cell},6.4e6\n{cell},6e5,6.4e6\n")
    track = read_track(path)
    assert len(track) == 2
    assert (track.dropped["no_time"], track.dropped["no_fix"]) == (1, 1)


def test_sentences_of_a_receiver_are_a_track(tmp_path: Path) -> None:
    path = tmp_path / "drive.nmea"
    path.write_text("\n".join(rmc(k) for k in range(5)), encoding="utf-8")
    track = read_track(path)
    assert len(track) == 5 and track.started_at == AT


def test_subtitles_are_a_track_on_the_clock_of_their_film(tmp_path: Path) -> None:
    path = tmp_path / "drive.srt"
    texts = ["no fix yet", *(f"N{44.35 + k / 1e4:.5f} E2.57500" for k in range(4))]
    path.write_text(srt_of(texts), encoding="utf-8")
    assert read_track(path).fixes["t_s"].tolist() == [1.0, 2.0, 3.0, 4.0]
    path.write_text(srt_of(["Rodez"]), encoding="utf-8")
    with pytest.raises(EmptyInput, match="tells no position"):
        read_track(path)


def table(path: Path, rows: list[str]) -> Path:
    path.write_text("\n".join(["t,lat,lon", *rows]) + "\n", encoding="utf-8")
    return path


def test_a_track_that_is_mostly_impossible_is_refused(tmp_path: Path) -> None:
    rows = [f"{k},{44.0 + (k % 3)},2.5" for k in range(30)]
    with pytest.raises(NotDecodable, match="where no car could have been") as refused:
        read_track(table(tmp_path / "t.csv", rows))
    assert refused.value.exit_code == 3


def test_a_receiver_that_was_carried_elsewhere_keeps_its_longer_drive(tmp_path: Path) -> None:
    here = [f"{k},{44.35 + k / 1e4},2.575" for k in range(60)]
    there = [f"{60 + k},{45.35 + k / 1e4},2.575" for k in range(50)]
    found = read_track(table(tmp_path / "t.csv", here + there))
    assert (len(found), found.dropped["jump"]) == (60, 50)


def test_two_drives_in_one_file_are_told(tmp_path: Path) -> None:
    once = [f"{k},{44.35 + k / 1e4},2.575" for k in range(30)]
    again = [f"{k},{45.35 + k / 1e4},2.575" for k in range(30)]
    shifted = [row.replace(",", ".5,", 1) for row in again]
    with pytest.raises(NotDecodable, match="its times go back 1 times"):
        read_track(table(tmp_path / "t.csv", once + shifted))


def test_a_few_points_back_in_time_are_put_in_order(tmp_path: Path) -> None:
    rows = [f"{k},{44.35 + k / 1e4},2.575" for k in range(30)]
    rows[7], rows[8] = rows[8], rows[7]
    track = read_track(table(tmp_path / "t.csv", rows))
    assert (len(track), track.out_of_order) == (30, 1)


def test_the_180th_meridian_and_a_single_fix_are_told(tmp_path: Path) -> None:
    with pytest.raises(NotDecodable, match="180th meridian"):
        read_track(table(tmp_path / "t.csv", ["0,-17,179.9999", "1,-17,-179.9999"]))
    with pytest.raises(EmptyInput, match="fewer than two usable fixes"):
        read_track(table(tmp_path / "t.csv", ["0,44.35,2.575"]))
