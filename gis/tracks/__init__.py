"""GPS tracks: read, smoothed, and laid on the network."""

from gis.tracks.matching import Placed, match, place_track
from gis.tracks.readers import Track, read_track
from gis.tracks.smoothing import ReceiverNoise, RoadHints, SmoothedTrack, smooth

__all__ = [
    "Placed",
    "ReceiverNoise",
    "RoadHints",
    "SmoothedTrack",
    "Track",
    "match",
    "place_track",
    "read_track",
    "smooth",
]
