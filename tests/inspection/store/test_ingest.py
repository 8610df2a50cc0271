"""A survey folder comes in whole and once, or not at all; bodies do not see each other."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from sqlalchemy import func, select

from inspection.store.database import Store
from inspection.store.ingest import add_survey, content_of, remove_survey
from inspection.store.models import STORED, bodies, rows, surveys
from inspection.store.pictures import FOLDER, picture_of
from tests.made_files import SURVEY
from voirie.errors import ConfigurationError, NotASurvey, NotCertified, NotFound, VoirieError
from voirie.folder import SurveyFolder
from voirie.tables.stream import SortedTable

ARIEGE, HERS = "Ariège", "Pays de l'Hers"


@pytest.fixture
def own(made: Path, tmp_path: Path) -> SurveyFolder:
    """A copy of the made survey that may be spoiled."""
    shutil.copytree(made, tmp_path / "own")
    return SurveyFolder(tmp_path / "own")


def counted(store: Store) -> dict[str, int]:
    with store.reading() as connection:
        return {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in {"surveys": surveys, "bodies": bodies, **rows}.items()
        }


def files_of(store: Store) -> list[Path]:
    return sorted(path for path in (store.root / FOLDER).rglob("*") if path.is_file())


def test_every_row_comes_in_as_it_was(store: Store, made: Path) -> None:
    added = add_survey(store, made, ARIEGE)
    assert added.outcome == "added" and added.survey_id == SURVEY
    for name, declared in STORED.items():
        if name == "certificate":
            continue
        table = rows[name]
        given = SurveyFolder(made).read(name)
        wanted = select(*(table.c[column] for column in declared.names)).order_by(table.c.row_no)
        with store.reading() as connection:
            got = pd.DataFrame(connection.execute(wanted).mappings().all(), columns=given.columns)
        assert len(got) == len(given) == added.n_rows[name]
        for column in declared.columns:
            was, is_now = given[column.name], got[column.name]
            if column.kind == "geometry":
                shapes = gpd.GeoSeries.from_wkb(is_now, crs=2154)
                same = shapely.equals_identical(shapes.to_numpy(), was.to_numpy())
                assert (same | (shapes.isna() & was.isna()).to_numpy()).all()
                continue
            assert (is_now.isna().to_numpy() == was.isna().to_numpy()).all(), column
            known = was.notna().to_numpy()
            assert was[known].tolist() == is_now[known].tolist(), column


def test_rectangles_of_the_certificate_come_in(store: Store, made: Path) -> None:
    add_survey(store, made, ARIEGE)
    table = rows["certificate"]
    first = next(iter(SortedTable("certificate", made / "tables")))
    with store.reading() as connection:
        got = connection.execute(select(table).where(table.c.file == first["file"])).one()
    assert (got.mask, got.destroyed) == (first["mask"], first["destroyed"])


def test_the_same_folder_twice_is_one_survey(store: Store, made: Path) -> None:
    add_survey(store, made, ARIEGE)
    before = counted(store)
    assert add_survey(store, made, ARIEGE).outcome == "known"
    assert counted(store) == before and before["surveys"] == 1


def test_other_content_gives_way_only_where_that_is_asked(
    store: Store, made: Path, own: SurveyFolder
) -> None:
    add_survey(store, made, ARIEGE)
    own.write("dumping", own.read("dumping").iloc[1:])
    with pytest.raises(ConfigurationError, match=r"with other content.*--replace"):
        add_survey(store, own.root, ARIEGE)
    before = counted(store)
    assert add_survey(store, own.root, ARIEGE, replace=True).outcome == "replaced"
    after = counted(store)
    assert after == before | {"dumping": before["dumping"] - 1}
    assert content_of(own) != content_of(SurveyFolder(made))


def test_removing_leaves_nothing(store: Store, made: Path) -> None:
    add_survey(store, made, ARIEGE)
    assert len(files_of(store)) > 0
    assert remove_survey(store, ARIEGE, SURVEY)
    assert counted(store) == dict.fromkeys(counted(store), 0) | {"bodies": 1}
    assert files_of(store) == []
    assert not remove_survey(store, ARIEGE, SURVEY)


def test_bodies_have_data_of_their_own(store: Store, made: Path) -> None:
    add_survey(store, made, ARIEGE)
    add_survey(store, made, HERS)
    files = files_of(store)
    assert remove_survey(store, ARIEGE, SURVEY)
    assert counted(store)["surveys"] == 1
    assert files_of(store) == files  # the other body's pictures are the same files
    with store.reading() as connection:
        named = connection.execute(select(bodies.c.name, bodies.c.body_no))
        numbers = {row.name: row.body_no for row in named}
        whose = set(connection.scalars(select(rows["findings"].c.body_no)))
    assert whose == {numbers[HERS]}
    picture = SurveyFolder(made).read("findings")["picture_id"].iloc[0]
    sealed = (made / "pictures" / f"{picture}.jpg").read_bytes()
    assert picture_of(store, numbers[HERS], picture) == sealed
    with pytest.raises(NotFound):
        picture_of(store, numbers[ARIEGE], picture)


def _without_table(own: SurveyFolder) -> None:
    (own.tables / "signs.parquet").unlink()


def _half_a_table(own: SurveyFolder) -> None:
    path = own.tables / "findings.parquet"
    path.write_bytes(path.read_bytes()[:-200])


def _without_sheet(own: SurveyFolder) -> None:
    own.run_sheet.unlink()


def _broken_sheet(own: SurveyFolder) -> None:
    own.run_sheet.write_text('{"schema": "voirie.run/1"}')


def _without_certificate(own: SurveyFolder) -> None:
    own.certificate.unlink()


def _changed_picture(own: SurveyFolder) -> None:
    path = sorted(own.pictures.rglob("*.jpg"))[3]
    path.write_bytes(path.read_bytes() + b"\0")


def _picture_that_is_not_named(own: SurveyFolder) -> None:
    path = sorted(own.pictures.rglob("*.jpg"))[3]
    shutil.copy(path, path.with_name("raw.jpg"))


def _missing_picture(own: SurveyFolder) -> None:
    sorted(own.pictures.rglob("*.jpg"))[3].unlink()


def _frame_without_certificate(own: SurveyFolder) -> None:
    frames = own.read("frames")
    frames.loc[frames["picture_id"].isna(), "picture_id"] = "somewhere/else"
    own.write("frames", frames)


def _row_that_refers_to_nothing(own: SurveyFolder) -> None:
    own.write("dumping", own.read("dumping").assign(finding_id=["x", "y"]))


def _row_twice(own: SurveyFolder) -> None:
    findings = own.read("findings")
    pd.concat([findings, findings.iloc[:1]]).to_parquet(own.tables / "findings.parquet")


def _other_system(own: SurveyFolder) -> None:
    own.read("findings").to_crs(3857).to_parquet(own.tables / "findings.parquet")


def _unfinished(own: SurveyFolder) -> None:
    (own.root / "unfinished.json").write_text(json.dumps({}))


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (_without_table, NotASurvey),
        (_half_a_table, NotASurvey),
        (_without_sheet, NotASurvey),
        (_broken_sheet, NotASurvey),
        (_without_certificate, NotCertified),
        (_changed_picture, NotCertified),
        (_picture_that_is_not_named, NotCertified),
        (_missing_picture, NotCertified),
        (_frame_without_certificate, NotASurvey),
        (_row_that_refers_to_nothing, NotASurvey),
        (_row_twice, NotASurvey),
        (_other_system, NotASurvey),
        (_unfinished, NotASurvey),
    ],
)
def test_what_is_no_whole_survey_leaves_no_row(
    store: Store, own: SurveyFolder, spoil, error: type[VoirieError]
) -> None:
    spoil(own)
    with pytest.raises(error):
        add_survey(store, own.root, ARIEGE)
    assert counted(store) == dict.fromkeys(counted(store), 0)


def test_a_body_has_a_name(store: Store, made: Path) -> None:
    with pytest.raises(ConfigurationError, match="no name"):
        add_survey(store, made, "  ")
