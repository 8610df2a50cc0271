"""The report as a browser lays it out: on a phone, and printed. Skipped without Chromium."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from inspection.publish.report.page import write_report
from voirie.wording import LANGUAGES

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PDFTOTEXT = shutil.which("pdftotext")
PHONE_PX = 375
LEAST_TEXT_PX = 12
HEADLESS = ("--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]

# Measured from outside: the page itself lets no foreign script run.
MEASURE = """<html><body><iframe id="f" style="width:%dpx;height:3000px;border:0"></iframe>
<pre id="o"></pre><script>
const f = document.getElementById("f");
f.onload = () => setTimeout(() => {
  const d = f.contentDocument, w = f.contentWindow, wide = [], small = [];
  const scrolls = e => { for (let p = e.parentElement; p; p = p.parentElement)
    if (/auto|scroll|hidden/.test(w.getComputedStyle(p).overflowX)) return true; return false; };
  for (const e of d.querySelectorAll("main *")) { const r = e.getBoundingClientRect();
    if (r.width && r.right > %d + 1 && !scrolls(e)) wide.push(e.tagName); }
  const walk = d.createTreeWalker(d.body, NodeFilter.SHOW_TEXT);
  for (let n; n = walk.nextNode();) { const e = n.parentElement;
    if (!n.textContent.trim() || !e.getClientRects().length) continue;
    let s = parseFloat(w.getComputedStyle(e).fontSize);
    if (e.ownerSVGElement) { const m = e.getScreenCTM(); s *= Math.sqrt(Math.abs(m.a * m.d)); }
    if (s < %f - 0.05) small.push(e.tagName + " " + s.toFixed(1)); }
  document.getElementById("o").textContent = JSON.stringify(
    {width: d.documentElement.scrollWidth, wide: wide, small: small}); }, 300);
f.src = "%s";
</script></body></html>"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_phone_nothing_is_cut_and_no_text_is_small(
    language: str, made: Path, tmp_path: Path
) -> None:
    write_report(made, tmp_path / "report.html", language)  # type: ignore[arg-type]
    page = tmp_path / "measure.html"
    page.write_text(MEASURE % (PHONE_PX, PHONE_PX, LEAST_TEXT_PX, "report.html"))
    words = ["--disable-web-security", f"--user-data-dir={tmp_path}/u", "--dump-dom"]
    words += ["--virtual-time-budget=8000", page.as_uri()]
    told = subprocess.run([str(CHROMIUM), *HEADLESS, *words], capture_output=True, text=True).stdout
    found = re.search(r'<pre id="o">(.+?)</pre>', told)
    assert found, told[:300]
    measured = json.loads(html.unescape(found[1]))
    assert measured["width"] <= PHONE_PX
    assert not measured["wide"] and not measured["small"]


@pytest.mark.skipif(PDFTOTEXT is None, reason="pdftotext is not installed")
@pytest.mark.parametrize("language", LANGUAGES)
def test_in_print_two_pages_come_first_and_no_heading_is_left_alone(
    language: str, made: Path, tmp_path: Path
) -> None:
    page = write_report(made, tmp_path / "report.html", language)  # type: ignore[arg-type]
    printed = tmp_path / "report.pdf"
    words = [f"--print-to-pdf={printed}", "--no-pdf-header-footer", page.as_uri()]
    subprocess.run([str(CHROMIUM), *HEADLESS, *words], capture_output=True, check=True)
    told = subprocess.run(
        [str(PDFTOTEXT), "-layout", printed, "-"], capture_output=True, text=True, check=True
    ).stdout
    pages = [
        [line.strip() for line in one.splitlines() if line.strip()] for one in told.split("\f")
    ]
    pages = [lines for lines in pages if lines]
    numbered = [
        next((line for line in lines if re.match(r"\d +\w", line)), "") for lines in pages[:3]
    ]
    assert re.match("1 +(La carte|The map)", numbered[1]), numbered
    assert re.match("2 +(Les itinéraires|The routes)", numbered[2]), numbered
    source = page.read_text("utf-8")
    headings = re.findall(r"<(?:h[234]|caption)[^>]*>(.*?)</(?:h[234]|caption)>", source, re.DOTALL)
    known = {" ".join(html.unescape(re.sub("<[^>]+>", " ", one)).split()) for one in headings}
    for lines in pages:
        assert " ".join(lines[-1].split()) not in known, lines[-1]
