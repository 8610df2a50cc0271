"""GPS tracks: read, smoothed, and laid on the network."""

from gis.tracks.matching import MatchReport, Placed, match, match_track, place_track
from gis.tracks.readers import Track, read_track
from gis.tracks.smoothing import ReceiverNoise, RoadHints, SmoothedTrack, smooth

__all__ = [
    "MatchReport",
    "Placed",
    "ReceiverNoise",
    "RoadHints",
    "SmoothedTrack",
    "Track",
    "match",
    "match_track",
    "place_track",
    "read_track",
    "smooth",
]
