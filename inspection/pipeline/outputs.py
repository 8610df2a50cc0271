"""What a stage wrote, and whether it is still there as it was written."""

from __future__ import annotations

from anonymize import Certificate
from anonymize.certificate import NAME, SUMS, remove_unnamed
from voirie.errors import NotCertified
from voirie.folder import SurveyFolder
from voirie.ids import sha256_of
from voirie.runsheet import StageRecord
from voirie.stages import Stage
from voirie.tables import TABLES

PUBLISHED = (
    *("survey.gpkg", "survey.qgz", "m3_section.csv", "m3_section_fr.csv"),
    *("plan.csv", "plan_fr.csv", "report.html", "survey.toml"),
)


def written_by(stage: Stage) -> list[str]:
    """Files that a stage always writes, by path inside the folder; the pictures come beside.

    Examples
    --------
    >>> written_by(Stage.PLACE)
    ['tables/passes.parquet', 'tables/track.parquet', 'tables/frames.parquet']
    """
    files = [f"tables/{table.name}.parquet" for table in TABLES.values() if table.writer is stage]
    if stage is Stage.INGEST:
        files += [NAME, SUMS]
    if stage is Stage.PUBLISH:
        files += PUBLISHED
    return files


def hashes_of(stage: Stage, folder: SurveyFolder) -> dict[str, str]:
    """SHA-256 of the files that a stage has just written, by path inside the folder."""
    files = written_by(stage)
    if stage is Stage.PUBLISH:  # the rules that were used are kept just before
        files += sorted(
            path.relative_to(folder.root).as_posix() for path in folder.inputs.iterdir()
        )
    return {file: sha256_of(folder.root / file) for file in files}


def is_whole(record: StageRecord, folder: SurveyFolder) -> bool:
    """Whether a folder holds what a record says that its stage wrote, the pictures included.

    Everything is hashed: that takes less than the hashes of the films, which each run begins with.
    """
    if not set(written_by(Stage(record.stage))) <= set(record.files):
        return False
    for file, sha256 in record.files.items():
        path = folder.root / file
        if not path.is_file() or sha256_of(path) != sha256:
            return False
    if record.stage != Stage.INGEST:
        return True
    try:
        Certificate.read(folder.root).verify_named()
    except NotCertified:
        return False
    return True


def remove_strays(folder: SurveyFolder) -> None:
    """Remove from the pictures what their certificate does not name: it would go out with them.

    That somebody, or a file manager, left something there is no reason to seal them all again.
    """
    remove_unnamed(folder.root, Certificate.read(folder.root).names)
