"""A family that no code of ours knows, described in a file, goes through the chain."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from inspection.stages import fuse, locate, publish
from tests.inspection.stages.made_drive import (
    DRAIN,
    POSE,
    VEHICLE,
    context,
    frames,
    own_taxonomy,
    spot,
    straight_road,
    survey,
    the_pass,
    views_of,
)


@pytest.mark.parametrize("form", ["ground", "heap"])
@pytest.mark.parametrize("bound", [False, True])
def test_a_family_of_a_file_is_placed_fused_and_measured(
    form: str, bound: bool, tmp_path: Path
) -> None:
    table = frames(np.arange(10.0, 200.0, 5.0), "+", camera=True)
    # One in the lane that is driven, one in the other; both seen by several frames.
    views = views_of(table, [spot(60.0, 1.0, 0.6), spot(120.0, -1.5, 0.6)])
    views = views.assign(family="manhole", model_class="manhole_cover")
    made = survey(tmp_path / "s", table, views)
    taxonomy = own_taxonomy(tmp_path, form=form, lane_bound=bound)
    ctx = context(straight_road(tmp_path), VEHICLE, taxonomy)
    locate.run(made, ctx)
    fuse.run(made, ctx)
    found = made.read("findings").sort_values("cumul_m")
    assert found["code"].tolist() == ["REG"] * (1 if bound else 2)
    assert found["family"].eq("manhole").all()
    places = np.array([60.0, 120.0])[: len(found)]
    assert found["cumul_m"].to_numpy() == pytest.approx(places, abs=0.5)
    flat = form == "ground"
    assert found["width_m"].notna().all() == flat
    assert set(found.geometry.geom_type) == {"Polygon" if flat else "Point"}
    assert made.read("signs").empty and made.read("dumping").empty


def test_how_often_a_thing_must_be_seen_is_said_by_its_family(tmp_path: Path) -> None:
    table = frames(np.arange(10.0, 200.0, 5.0), "+", camera=True)
    views = views_of(table, [spot(60.0, 1.0, 0.6)])
    views = views.assign(family="manhole", model_class="manhole_cover")
    number = []
    for least in (len(views), len(views) + 1):
        made = survey(tmp_path / str(least), table, views)
        wanted = {"least": least, "sure_with_fewer": 0.9}
        taxonomy = own_taxonomy(tmp_path, frames=wanted)
        ctx = context(straight_road(tmp_path), VEHICLE, taxonomy)
        locate.run(made, ctx)
        fuse.run(made, ctx)
        number.append(len(made.read("findings")))
    assert number == [1, 0]


def posts_at(table: gpd.GeoDataFrame, cumul_m: float, height_m: float) -> pd.DataFrame:
    """Boxes of a thing on a post 4 m right of the lane in the frames before it."""
    ahead = cumul_m - table["cumul_m"].to_numpy(float)
    rows = np.flatnonzero((ahead > 10.0) & (ahead < 50.0))
    u, v = POSE.pixels(ahead[rows], 4.0, 2.0)
    half = POSE.focal_px * height_m / ahead[rows] / 2
    return (
        views_of(table, [spot(60.0, 1.0)])
        .iloc[[0] * len(rows)]
        .assign(
            view_id=[f"post-{row}" for row in rows],
            frame_id=table["frame_id"].to_numpy(object)[rows],
            x1_px=u - half,
            y1_px=v - half,
            x2_px=u + half,
            y2_px=v + half,
        )
    )


@pytest.mark.parametrize("form", ["ground", "heap", "standing"])
def test_a_family_of_a_file_is_published_by_its_own_name_and_symbol(
    form: str, tmp_path: Path
) -> None:
    table = frames(np.arange(10.0, 200.0, 5.0), "+", camera=True)
    changes: dict[str, object] = {"form": form}
    if form == "standing":
        changes |= {"reach_m": 60, "usual_height_m": {"other": 0.8}}
        changes |= {"gate_m": {"along": 9.0, "across": 4.0}}
        views = posts_at(table, 120.0, 0.8)
    else:
        views = views_of(table, [spot(120.0, 1.0, 0.6)])
    made = survey(
        tmp_path / "s", table, views.assign(family="manhole", model_class="manhole_cover")
    )
    ctx = context(straight_road(tmp_path), VEHICLE, own_taxonomy(tmp_path, **changes))
    made.write("passes", the_pass(table["pass_id"].iloc[0], ctx.survey_id))
    for stage in (locate, fuse, publish):
        stage.run(made, ctx)
    (finding,) = made.read("findings").itertuples()
    assert (finding.family, finding.code) == ("manhole", "REG")
    assert finding.cumul_m == pytest.approx(120.0, abs=0.5)
    page = (made.root / "report.html").read_text("utf-8")
    assert "manholes" in page and "regards" in page
    assert DRAIN["symbol"]["fill"] in page


def test_a_family_of_a_file_is_listed_with_the_attributes_and_the_remark_it_names(
    tmp_path: Path,
) -> None:
    table = frames(np.arange(10.0, 200.0, 5.0), "+", camera=True)
    heaps = views_of(table, [spot(60.0, 1.0, 0.6)]).assign(model_class="rubble", family="dumping")
    views = views_of(table, [spot(120.0, 1.0, 0.6)])
    views = views.assign(family="manhole", model_class="manhole_cover", view_id="m" + views.view_id)
    changes = {
        "attributes": {"table": "dumping", "columns": {"kind": "other", "status": "reported"}},
        "remark": {"fr": "Vus de jour.", "en": "Seen by day."},
    }
    made = survey(tmp_path / "s", table, pd.concat([heaps, views], ignore_index=True))
    ctx = context(straight_road(tmp_path), VEHICLE, own_taxonomy(tmp_path, **changes))
    made.write("passes", the_pass(table["pass_id"].iloc[0], ctx.survey_id))
    for stage in (locate, fuse, publish):
        stage.run(made, ctx)
    # Two families keep their attributes in one table, and each is listed by itself.
    assert sorted(made.read("dumping")["kind"]) == ["other", "rubble"]
    page = (made.root / "report.html").read_text("utf-8")
    listed = page[page.rindex("<h3>Manholes</h3>") :].partition("</section>")[0]
    assert listed.count("<tr>") == 2  # its head and one row
    assert "<td>reported</td>" in listed and "Seen by day." in listed
    assert "Volume" not in listed.split("</table>")[0]


def test_a_family_that_loses_its_attributes_leaves_no_table_of_before(tmp_path: Path) -> None:
    table = frames(np.arange(10.0, 200.0, 5.0), "+", camera=True)
    views = views_of(table, [spot(120.0, 1.0, 0.6)])
    made = survey(
        tmp_path / "s", table, views.assign(family="manhole", model_class="manhole_cover")
    )
    rows = []
    columns = {"kind": "other", "status": "reported"}
    for attributes in ({"table": "dumping", "columns": columns}, None):
        taxonomy = own_taxonomy(tmp_path, attributes=attributes)
        ctx = context(straight_road(tmp_path), VEHICLE, taxonomy)
        locate.run(made, ctx)
        fuse.run(made, ctx)
        rows.append(len(made.read("dumping")))
    assert rows == [1, 0]
