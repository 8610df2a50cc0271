"""A made drive: real pixels laid by chainage on a real road, with a made track.

The frames are those of section 386RS124739, a Brazilian highway, filmed from a survey vehicle;
the road is a departmental one near Olemps. Together they are no real drive, and every file that
is written says so. Use it for the chain, for places and for coverage, never for accuracy of
detection: the frames are in the training set.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import cv2
import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

SPEED_MPS = 50 / 3.6
CLOCK_S = 3.2
ROAD = "TRONROUT0000000060814676"
STARTED = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
SECTION = "386RS124739"


@dataclass(frozen=True)
class MadeDrive:
    """Files of the made drive and what is true of it."""

    film: Path
    track: Path
    network: Path
    offset_s: float
    frame_cumul_m: np.ndarray
    route: str


def make_drive(data: Path, out: Path, seed: int = 5) -> MadeDrive:
    """Write film, track and network under `out`."""
    axis, network, route = _network(data, out / "made_network.gpkg")
    frames = pd.read_csv(data / "pavement/dnit/frames.csv")
    frames = frames[frames["section"] == SECTION].sort_values("chainage_m")
    along = (frames["chainage_m"] - frames["chainage_m"].iloc[0]).to_numpy(float)
    film = out / "made_drive.mp4"
    _film(film, [data / "pavement/dnit/images/train" / n for n in frames["image"]], along)
    track = out / "made_track.gpx"
    _track(track, axis, float(along[-1]), np.random.default_rng(seed))
    return MadeDrive(film, track, network, CLOCK_S, along, route)


def _network(data: Path, path: Path) -> tuple[shapely.LineString, Path, str]:
    """The driven road and its neighbours, each road a route of its own, PR made every 900 m."""
    source = data / "network/bdtopo_v2_olemps_12174/derived_routes_numerotees_wgs84.geojson"
    roads = gpd.read_file(source).to_crs(2154)
    roads["geometry"] = shapely.force_2d(roads.geometry.to_numpy())
    driven = roads[roads["id"] == ROAD].iloc[0]
    near = roads[roads.distance(driven.geometry) < 400]
    route = f"{driven['numero']}"
    rows, points = [], []
    for number, road in enumerate(near.itertuples()):
        name = route if road.id == ROAD else f"{road.numero}-{number}"
        length = road.geometry.length
        key = {"gestionnaire": "made", "dep": "012", "route": name, "cote": "U"}
        rows.append(
            key
            | {
                "part": 1,
                "cumul_from_m": 0.0,
                "cumul_to_m": length,
                "category": 2,
                "width_m": float(road.largeur) or 5.5,
                "geometry": road.geometry,
            }
        )
        for rank, cumul in enumerate(np.arange(0.0, length, 900.0)):
            points.append(
                key
                | {
                    "num": rank,
                    "kind": "PR0" if rank == 0 else "PR",
                    "plo": f"12PR{rank}",
                    "cumul_m": float(cumul),
                    "geometry": road.geometry.interpolate(cumul),
                }
            )
    gpd.GeoDataFrame(rows, crs=2154).to_file(path, layer="axes", driver="GPKG")
    gpd.GeoDataFrame(points, crs=2154).to_file(path, layer="pr", driver="GPKG")
    return driven.geometry, path, route


def _film(path: Path, pictures: list[Path], along_m: np.ndarray) -> None:
    """One picture at the time the car passes; nothing where no picture exists."""
    with av.open(str(path), "w") as container:
        container.metadata["title"] = "made drive: frames of one road on another"
        stream = container.add_stream("libx264", rate=100)
        stream.width, stream.height, stream.pix_fmt = 896, 560, "yuv420p"
        stream.options = {"crf": "20", "preset": "veryfast", "bf": "0"}
        for picture, metres in zip(pictures, along_m, strict=True):
            pixels = cv2.resize(cv2.imread(str(picture)), (896, 560))
            frame = av.VideoFrame.from_ndarray(pixels, format="bgr24")
            frame.pts = round(metres / SPEED_MPS * 100)
            for packet in stream.encode(frame):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)


def _track(path: Path, axis: shapely.LineString, length_m: float, rng: np.random.Generator) -> None:
    """Phone-grade fixes: bias of the drive, Gauss-Markov of 30 s, white noise, a late position."""
    seconds = np.arange(0.0, length_m / SPEED_MPS + 6.0)
    latency = rng.uniform(0.0, 0.7)
    along = np.clip((seconds - 3.0 - latency) * SPEED_MPS, 0.0, axis.length)
    xy = shapely.get_coordinates(shapely.line_interpolate_point(axis, along))
    drift = np.zeros((len(seconds), 2))
    drift[0] = rng.normal(0, 2.5, 2)
    keep = np.exp(-1 / 30)
    for k in range(1, len(seconds)):
        drift[k] = keep * drift[k - 1] + rng.normal(0, 2.5 * np.sqrt(1 - keep**2), 2)
    xy = xy + rng.normal(0, 1.5, 2) + drift + rng.normal(0, 0.5, xy.shape)
    to_wgs84 = pyproj.Transformer.from_crs(2154, 4326, always_xy=True)
    lon, lat = to_wgs84.transform(xy[:, 0], xy[:, 1])
    # The film starts three seconds into the track; the clocks differ by CLOCK_S.
    first = STARTED + timedelta(seconds=CLOCK_S - 3.0)
    points = "".join(
        f'<trkpt lat="{a:.7f}" lon="{o:.7f}"><time>'
        f"{(first + timedelta(seconds=float(s))).isoformat().replace('+00:00', 'Z')}</time></trkpt>"
        for a, o, s in zip(lat, lon, seconds, strict=True)
    )
    path.write_text(
        '<?xml version="1.0"?><gpx version="1.1" creator="made track" '
        'xmlns="http://www.topografix.com/GPX/1/1"><trk><name>made</name><trkseg>'
        f"{points}</trkseg></trk></gpx>",
        encoding="utf-8",
    )
