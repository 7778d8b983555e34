"""No library is loaded while it would send data about its user."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.messages import sentence

from granite_live.messages.models import PrivacyMessage
from granite_live.models import onnx_runtime
from granite_live.models.onnx_runtime import check_telemetry_off
from granite_live.util.errors import PrivacyError
from granite_live.util.privacy import OPT_OUT, ORT_OPT_OUT, disable_telemetry

ROOT = Path(__file__).parents[1]
FOLDERS = ("granite_live", "tests", "tools", "benchmarks")
GUARD = Path(str(onnx_runtime.__file__)).relative_to(ROOT)


def python_files() -> Iterator[Path]:
    for folder in FOLDERS:
        yield from sorted((ROOT / folder).rglob("*.py"))


def imports(tree: ast.AST) -> Iterator[str]:
    """Yield the modules that a file imports, by a statement or by a name in a call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or ""
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
            ("import_module", "__import__", "importorskip")
        ):
            yield from (one.value for one in node.args if is_text(one))


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_onnxruntime_is_imported_in_one_place_only() -> None:
    found = {
        path.relative_to(ROOT)
        for path in python_files()
        if "onnxruntime" in (text := path.read_text(encoding="utf-8"))
        for name in imports(ast.parse(text))
        if name.partition(".")[0] == "onnxruntime"
    }
    assert found == {GUARD}


def test_the_package_opts_out_whatever_the_environment_says() -> None:
    code = "import os, granite_live; print(os.environ['ORT_DISABLE_TELEMETRY'])"
    environment = {**os.environ, ORT_OPT_OUT: "0"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "1"


@pytest.mark.parametrize("value", [None, "", "0", "true"])
def test_onnxruntime_is_not_loaded_where_it_would_send(value: str | None) -> None:
    environment = {} if value is None else {ORT_OPT_OUT: value}
    with pytest.raises(PrivacyError, match=ORT_OPT_OUT):
        check_telemetry_off(environment, set())


def test_onnxruntime_is_not_used_if_it_was_loaded_elsewhere() -> None:
    with pytest.raises(PrivacyError, match=sentence(PrivacyMessage.IMPORTED_ELSEWHERE)):
        check_telemetry_off(dict(OPT_OUT), {"onnxruntime"})


def test_the_guard_holds_in_a_real_process() -> None:
    """The variable is removed before the first import of onnxruntime."""
    code = (
        "import os, granite_live\n"
        "del os.environ['ORT_DISABLE_TELEMETRY']\n"
        "import granite_live.models.onnx_runtime\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "PrivacyError: onnxruntime would send telemetry" in done.stderr


def test_what_is_set_otherwise_is_overruled() -> None:
    environment = {ORT_OPT_OUT: "0", "DO_NOT_TRACK": "", "OTHER": "kept"}
    disable_telemetry(environment)
    assert environment == {**OPT_OUT, "OTHER": "kept"}


def test_huggingface_hub_is_told_too() -> None:
    from huggingface_hub import constants

    assert constants.HF_HUB_DISABLE_TELEMETRY
    assert constants.HF_HUB_DISABLE_UPDATE_CHECK
