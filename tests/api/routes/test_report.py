"""The report as the service hands it out."""

from __future__ import annotations

import shutil
from pathlib import Path

import httpx

from api.routes.report import REPORT_POLICY
from tests.api.conftest import serving


def test_the_report_is_html_that_may_fetch_nothing(url: str) -> None:
    answer = httpx.get(f"{url}/")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"] == REPORT_POLICY
    assert REPORT_POLICY.startswith("default-src 'none'; ") and "http" not in REPORT_POLICY


def test_a_folder_without_a_report_says_so(survey: Path, tmp_path: Path) -> None:
    folder = tmp_path / "silent"
    shutil.copytree(survey, folder)
    (folder / "report.html").unlink()
    with serving(folder) as url:
        answer = httpx.get(url)
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:voirie:problem:not-a-survey"


def test_a_report_that_is_a_link_is_not_followed(survey: Path, tmp_path: Path) -> None:
    folder = tmp_path / "linked"
    shutil.copytree(survey, folder)
    (tmp_path / "private.txt").write_text("private", "utf-8")
    (folder / "report.html").unlink()
    (folder / "report.html").symlink_to(tmp_path / "private.txt")
    with serving(folder) as url:
        answer = httpx.get(url)
    assert answer.status_code == 404 and "private" not in answer.text.replace("private.txt", "")
