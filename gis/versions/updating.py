"""A network brought up to a newer version: its sections keep their ends and their identifiers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd

from gis.network.axes import normalise_sections
from gis.network.network import Network
from gis.scoring.held import held_sections
from gis.scoring.sections import cut, identifiers
from gis.versions.ground import common_ground
from gis.versions.history import SAME, carried_ids, contiguous, history_of, overlaid
from gis.versions.runs import JOINT_M
from gis.versions.stretches import Stretches
from voirie.catalogue.scheme import SectionRule, load_scheme
from voirie.ids import content_id
from voirie.places import ROUTE_KEY

SLIVER_M = 20.0
"""What is left beside a section that goes on, and is shorter than this, becomes part of it."""

Ground = tuple[int, float, float]
"""A stretch of the new network, and the cumul of both ends on it."""


@dataclass(frozen=True, slots=True, eq=False)
class Updated:
    """A newer version of a network, and how it came of the older one.

    Attributes
    ----------
    network
        The newer network; its sections carry the identifiers on.
    sections
        Its sections with reference and line, as `gis.scoring.cut` gives them.
    axes
        Identifier of each route and carriageway: ``axis_id`` and the route key.
    history
        As `gis.versions.history.history_of` gives it.
    """

    network: Network
    sections: gpd.GeoDataFrame
    axes: pd.DataFrame
    history: pd.DataFrame


def update(
    old: Network,
    new: Network,
    old_axes: pd.DataFrame | None = None,
    rule: SectionRule | None = None,
    *,
    recut: bool = False,
) -> Updated:
    """Carry identifiers of sections and axes over to a newer version of a network.

    An old section that lies unbroken on the newer axes keeps its ends there, whatever is called
    otherwise now: the route, the PR, the commune. What is new is cut as usual. A section keeps
    its identifier if `SAME` of it goes on. Sections that the newer network brings along (its layer
    ``sections``, with its version) are taken as they are.

    Parameters
    ----------
    old, new
        The two versions.
    old_axes
        Identifiers of the axes of `old`, None where they have none yet.
    rule
        Lengths of sections, None for those of the shipped scheme.
    recut
        Cut everything anew: sections are split and merged where what breaks them has changed.

    Examples
    --------
    >>> from pathlib import Path
    >>> from gis.network.network import read_network
    >>> network = read_network(Path("samples/drive/network.gpkg"))
    >>> done = update(network, network)
    >>> done.history["kind"].unique().tolist(), done.network.version == network.version
    (['kept'], True)
    """
    rule = rule or load_scheme().sections
    before = cut(old, rule)
    pieces = common_ground(old, new, before)
    brought = held_sections(new)
    if recut or len(brought):
        after = cut(replace(new, sections=brought), rule)
        fresh = after["section_id"]
    else:
        after = cut(replace(new, sections=_held(before, new, pieces, rule)), rule)
        fresh = identifiers(after)
    parts = overlaid(before, after, pieces, new.routes())
    after["section_id"] = carried_ids(before, after, parts, fresh, new.version)
    history = history_of(before, after, parts, (old.version, new.version))
    return Updated(
        replace(new, sections=normalise_sections(after)),
        after,
        _axis_ids(axis_ids(old) if old_axes is None else old_axes, new, history),
        history,
    )


def axis_ids(network: Network) -> pd.DataFrame:
    """Identifiers of the axes of a network that has had none before.

    Examples
    --------
    >>> from pathlib import Path
    >>> from gis.network.network import read_network
    >>> axis_ids(read_network(Path("samples/drive/network.gpkg")))["route"].tolist()[:2]
    ['D741', 'D752']
    """
    rows = [(k.gestionnaire, k.dep, k.route, k.cote) for k in network.routes()]
    ids = [content_id("axis", *row) for row in rows]
    return pd.DataFrame(rows, columns=list(ROUTE_KEY)).assign(axis_id=ids)[["axis_id", *ROUTE_KEY]]


def _axis_ids(known: pd.DataFrame, new: Network, history: pd.DataFrame) -> pd.DataFrame:
    """Each new axis has the identifier of the old one that most of it was, and that is mostly it.

    An old route of the same name goes on in it even where nothing of it lies where it lay.
    """
    names = [f"to_{name}" for name in ROUTE_KEY]
    both = history[history["kind"].isin(["kept", "transferred", "split", "merged"])]
    metres = both.groupby([*ROUTE_KEY, *names], as_index=False)["length_m"].sum()
    metres = metres.merge(known, on=list(ROUTE_KEY)).sort_values(
        ["length_m", "axis_id"], ascending=[False, True], kind="stable"
    )
    once = metres[~metres["axis_id"].duplicated()]
    once = once[~once[names].duplicated()]
    given = {tuple(row[:4]): row[4] for row in once[[*names, "axis_id"]].itertuples(index=False)}
    out = axis_ids(new)
    same = {tuple(row[1:]): row[0] for row in known.itertuples(index=False)}
    taken = set(given.values())
    ids = []
    for own, *key in out.itertuples(index=False):
        one = given.get(tuple(key)) or same.get(tuple(key))
        if one is None or (tuple(key) not in given and one in taken):
            one = own if own not in taken else content_id("axis", *key, new.version)
        taken.add(one)
        ids.append(one)
    return out.assign(axis_id=ids)


def _held(
    before: pd.DataFrame, new: Network, pieces: pd.DataFrame, rule: SectionRule
) -> pd.DataFrame:
    """Old sections as they lie on the new axes, to be cut there and nowhere else."""
    stretches = Stretches(new)
    length = (before["cumul_to_m"] - before["cumul_from_m"]).to_numpy(float)
    # Where most of a section goes on, a new way inside it is part of it.
    across = _grounds(pieces)
    goes_on = across["laid_m"] >= SAME * length[across["section"].to_numpy(int)]
    across = across[goes_on & (across["stretch"] >= 0)]
    rest = _grounds(pieces[pieces["laid"] & ~pieces["section"].isin(across["section"])])
    rest = rest[rest["high"] - rest["low"] >= rule.shortest_m]
    both = pd.concat([across, rest])[["stretch", "low", "high"]]
    grounds = list(both.itertuples(index=False, name=None))
    rows_of = []
    for stretch, low, high in _without_slivers(grounds, stretches):
        key = stretches.keys[int(stretches.route[stretch])]
        rows_of.append((key.gestionnaire, key.dep, key.route, key.cote, low, high))
    held = pd.DataFrame(rows_of, columns=[*ROUTE_KEY, "cumul_from_m", "cumul_to_m"])
    held = held.assign(
        section_id=[f"held-{row}" for row in range(len(held))], network_version=new.version
    )
    return normalise_sections(held)


def _grounds(pieces: pd.DataFrame) -> pd.DataFrame:
    """Where sections lie unbroken: ``section``, ``stretch``, ``laid_m``, ``low`` and ``high``."""
    ends = pieces[["new_from_m", "new_to_m"]]
    table = pd.DataFrame(
        {
            "section": pieces["section"].astype("int64"),
            "stretch": pieces["stretch"].astype("int64"),
            "laid_m": (pieces["old_to_m"] - pieces["old_from_m"]).where(pieces["laid"], 0.0),
            "low": ends.min(axis=1),
            "high": ends.max(axis=1),
        }
    )
    how = {"section": "first", "stretch": "first", "laid_m": "sum", "low": "min", "high": "max"}
    return table.groupby(contiguous(pieces)).agg(how)


def _without_slivers(grounds: list[Ground], stretches: Stretches) -> list[Ground]:
    """Sections that take in what is too short beside them to be one."""
    out: list[Ground] = []
    by_stretch: dict[int, list[tuple[float, float]]] = {}
    for stretch, low, high in grounds:
        by_stretch.setdefault(int(stretch), []).append((low, high))
    for stretch, spans in sorted(by_stretch.items()):
        start, end = float(stretches.from_m[stretch]), float(stretches.to_m[stretch])
        spans.sort()
        lows = [max(low, start) for low, _ in spans]
        highs = [min(high, end) for _, high in spans]
        if lows[0] - start < SLIVER_M:
            lows[0] = start
        for at, low in enumerate([*lows[1:], end]):
            if low - highs[at] < SLIVER_M:
                highs[at] = low
        out += [
            (stretch, low, high)
            for low, high in zip(lows, highs, strict=True)
            if high - low > JOINT_M
        ]
    return out
