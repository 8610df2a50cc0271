"""The network: axes, their points of reference (PR), and every way from one place to another."""

from gis.network.junctions import Junctions, junctions_of
from gis.network.lane_geometry import Lanes, direction_of, lanes_at
from gis.network.network import Network, read_network
from gis.network.pr_text import PrText, parse_pr
from gis.network.referencing import cumul_of, pr_of, pr_of_places, written
from gis.network.routes import by_route

__all__ = [
    "Junctions",
    "Lanes",
    "Network",
    "PrText",
    "by_route",
    "cumul_of",
    "direction_of",
    "junctions_of",
    "lanes_at",
    "parse_pr",
    "pr_of",
    "pr_of_places",
    "read_network",
    "written",
]
