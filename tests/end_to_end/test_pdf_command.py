"""`transcribe --format pdf` writes a PDF file where there is no display."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from helpers.transcribe_runs import recording
from pypdf import PdfReader


def test_a_pdf_file_needs_no_display_and_a_text_file_no_qt(
    bundle_dir: Path, tmp_path: Path
) -> None:
    talk = recording(tmp_path / "talk.wav", 1.0)
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in names}
    code = (
        "import sys; from granite_live import launch; from granite_live.cli.main import run; "
        "code = run(sys.argv[1:], window=launch); "
        "print([name for name in ('PySide6.QtGui', 'PySide6.QtWidgets') if name in sys.modules]); "
        "sys.exit(code)"
    )
    loaded = {}
    for name in ("pdf", "txt"):
        options = [
            "--bundle",
            str(bundle_dir),
            "--no-segmentation",
            "-o",
            f"{tmp_path}/talk.{name}",
        ]
        done = subprocess.run(
            [sys.executable, "-c", code, "transcribe", str(talk), *options],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "qt." not in done.stderr.lower()
        loaded[name] = done.stdout.strip()
    assert loaded == {"pdf": "['PySide6.QtGui']", "txt": "[]"}
    (page,) = PdfReader(tmp_path / "talk.pdf").pages
    assert (tmp_path / "talk.txt").read_text("utf-8").split()[0] in page.extract_text()
