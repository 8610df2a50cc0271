"""What training needs is named where it is missing, and keeps to itself."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from inspection.train import libraries
from voirie.errors import MissingExtra

HAS_YOLO = all(importlib.util.find_spec(name) for name in libraries.NEEDED)


def test_each_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "NEEDED", ("json", "not_here", "nor_here"))
    with pytest.raises(MissingExtra, match="needs not_here, nor_here") as raised:
        libraries.require()
    assert raised.value.remedy == "install voirie[yolo]"
    monkeypatch.setattr(libraries, "NEEDED", ("json",))
    libraries.require()


def test_a_library_is_loaded_by_name() -> None:
    assert libraries.load("json.decoder") is sys.modules["json.decoder"]


@pytest.mark.skipif(not HAS_YOLO, reason="the extra yolo is not installed")
@pytest.mark.slow
def test_ultralytics_is_told_before_it_is_imported(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from inspection.train.libraries import keep_quiet, load\n"
        "assert 'ultralytics' not in sys.modules\n"
        f"keep_quiet(Path({str(tmp_path)!r}))\n"
        "settings = load('ultralytics').settings\n"
        "assert settings['sync'] is False\n"
        "import os\n"
        "assert os.environ['YOLO_OFFLINE'] == 'true'\n"
        f"assert Path(settings.file).is_relative_to({str(tmp_path)!r})\n"
    )
    plain = {key: value for key, value in os.environ.items() if not key.startswith("YOLO_")}
    subprocess.run([sys.executable, "-c", code], check=True, env=plain)
