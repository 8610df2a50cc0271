"""Tables of the loggers of phones: columns by their names, and every way to write a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from gis.tracks.csv_points import columns_of, read_csv_points
from gis.tracks.readers import read_track

LOGGERS = {
    "GPSLogger (Android)": (
        "time,lat,lon,elevation,accuracy,bearing,speed,satellites,provider\n"
        "2026-06-01T10:15:0{}.000Z,44.350{},2.575,512,4.0,0,11.1,9,gps\n"
    ),
    "Sensor Logger (iOS)": (
        "time,seconds_elapsed,bearingAccuracy,speedAccuracy,verticalAccuracy,horizontalAccuracy,"
        "speed,bearing,altitude,longitude,latitude\n"
        "178030890{}000000000,0.5,1,1,1,4,11.1,0,512,2.575,44.350{}\n"
    ),
    "SensorLog (iOS)": (
        "loggingTime(txt);locationTimestamp_since1970(s);locationLatitude(WGS84);"
        "locationLongitude(WGS84);locationSpeed(m/s)\n"
        "2026-06-01T12:15:0{0}.000+02:00;178030890{0}.0;44,350{1};2,575;11,1\n"
    ),
    "phyphox": (
        '"Time (s)","Latitude (°)","Longitude (°)","Height (m)","Velocity (m/s)"\n'
        "{}.0,4.4350{}E1,2.575E0,512,1.11E1\n"
    ),
    "RaceChrono": (
        "timestamp (s),latitude (deg),longitude (deg),speed (m/s)\n{}.0,44.350{},2.575,11.1\n"
    ),
    "Traccar": "Valid,Time,Latitude,Longitude,Altitude,Speed\n"
    "true,2026-06-01 10:15:0{},44.350{},2.575,512,11.1\n",
    "QStarz": (
        "INDEX,RCR,UTC DATE,UTC TIME,VALID,LATITUDE,N/S,LONGITUDE,E/W,HEIGHT(m),SPEED(km/h)\n"
        "1,T,2026/06/01,10:15:0{},SPS,44.350{},N,2.575,E,512,39.96\n"
    ),
    "a French table": "Horodatage;Latitude;Longitude;Vitesse (km/h)\n"
    "01/06/2026 10:15:0{};44,350{};2,575;39,96\n",
}


@pytest.mark.parametrize("name", LOGGERS)
def test_a_logger_is_known_by_its_columns(tmp_path: Path, name: str) -> None:
    header, row = LOGGERS[name].split("\n", 1)
    path = tmp_path / "track.csv"
    path.write_text("\n".join([header, *(row.strip().format(k, k) for k in range(5))]) + "\n")
    points = read_csv_points(path)
    assert points["a"].tolist() == pytest.approx([44.35 + k / 1e4 for k in range(5)])
    assert points["b"].tolist() == pytest.approx([2.575] * 5)
    track = read_track(path)
    assert track.fixes["t_s"].diff()[1:].tolist() == pytest.approx([1.0] * 4)
    if name not in ("phyphox", "RaceChrono"):
        assert str(track.started_at)[:19] == "2026-06-01 10:15:00"
    if "m/s" in header or "km/h" in header:
        assert points["speed_mps"].tolist() == pytest.approx([11.1] * 5)
    else:  # a speed that does not say its unit is no speed
        assert points["speed_mps"].isna().all()


def test_south_and_west_are_negative(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("t,latitude,N/S,longitude,E/W\n0,20.9,S,55.5,W\n")
    assert read_csv_points(path)[["a", "b"]].values.tolist() == [[-20.9, -55.5]]
    path.write_text("t,latitude,longitude\n0,20.9S,55.5E\n")
    assert read_csv_points(path)[["a", "b"]].values.tolist() == [[-20.9, 55.5]]


def test_a_column_of_our_name_wins_over_one_that_means_the_same() -> None:
    assert columns_of(["latitude", "lat", "lon", "t"]) == {"lat": 1, "lon": 2, "t": 3}
