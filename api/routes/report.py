"""`/`: the report of the survey."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import FileResponse

from api.dependencies import Served
from voirie.errors import NotASurvey

# The report narrows this further: its own policy names its style and script by hash.
REPORT_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

router = APIRouter()


@router.get("/", summary="The report", response_class=FileResponse)
def report(survey: Served) -> FileResponse:
    """The page that the chain wrote."""
    path = survey.folder.root / "report.html"
    # A link could lead to any file of the machine.
    if not path.is_file() or path.is_symlink():
        raise NotASurvey("the folder has no report", path, "run the chain again")
    policy = {"Content-Security-Policy": REPORT_POLICY}
    return FileResponse(path, media_type="text/html; charset=utf-8", headers=policy)
