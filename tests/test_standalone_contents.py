"""Which files the stand-alone program has, and how its libraries are made smaller on Linux."""

from __future__ import annotations

import ctypes
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path, PurePath
from types import ModuleType

import pytest

PYINSTALLER = Path(__file__).parents[1] / "packaging" / "pyinstaller"

pytestmark = [
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="libraries of Linux"),
    pytest.mark.skipif(not shutil.which("cc"), reason="needs a C compiler"),
]


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[ModuleType, ModuleType]]:
    """The modules beside PyInstaller's specification."""
    monkeypatch.syspath_prepend(str(PYINSTALLER))
    yield import_module("contents"), import_module("shrink")
    for name in ("contents", "shrink"):
        sys.modules.pop(name)


@pytest.fixture
def shrink(modules: tuple[ModuleType, ModuleType]) -> ModuleType:
    return modules[1]


@pytest.fixture
def library(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that builds a library from C code."""

    def build(name: str, code: str, *options: str) -> Path:
        path = tmp_path / name
        command = ["cc", "-shared", "-fPIC", "-g", f"-Wl,-soname,{name}", "-o", str(path)]
        subprocess.run([*command, "-xc", "-", "-xnone", *options], input=code.encode(), check=True)
        return path

    return build


def test_unused_plugins_and_languages_are_left_out(modules: tuple[ModuleType, ModuleType]) -> None:
    contents, _ = modules
    qt = "PySide6/Qt"
    used = [
        f"{qt}/plugins/platforms/libqxcb.so",
        f"{qt}/translations/qtbase_de.qm",
        "granite_live/assets/translations/granite-live_de.qm",
        "av.libs/libavcodec-0.so",
        "numpy-2.4.6.dist-info/METADATA",
        "libX11-xcb.so.1",
    ]
    unused = [
        f"{qt}/plugins/platforms/libqvnc.so",
        f"{qt}/translations/qtbase_fr.qm",
        "numpy-2.4.6.dist-info/RECORD",
        "libX11.so.6",
        "platformdirs-4.14.8.dist-info/sboms/platformdirs.cdx.json",
    ]
    entries = [(one, f"/from/{one}", "DATA") for one in used + unused]
    assert contents.select(entries) == entries[: len(used)]


def test_a_stand_in_has_the_symbols_and_does_nothing(
    shrink: ModuleType, library: Callable[..., Path], tmp_path: Path
) -> None:
    versions = tmp_path / "versions"
    versions.write_text("X264_1 { global: x264_open; x264_levels; local: *; };")
    code = "int x264_levels[3] = {7, 8, 9}; int x264_open(int a) { return a + 1; }"
    real = library("libx264-0.so", code, f"-Wl,--version-script={versions}")
    caller = library("user.so", "int x264_open(int); int go() { return x264_open(4); }", str(real))
    target = tmp_path / "made" / "libx264-0.so"
    target.parent.mkdir()
    assert shrink.stand_in(PurePath("av.libs/libx264-0.so"), real, target)
    real.write_bytes(target.read_bytes())
    # A process of its own, as a library is never unloaded. Warnings of the linker would be here.
    program = f"import ctypes; ctypes.CDLL({str(real)!r}); print(ctypes.CDLL({str(caller)!r}).go())"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("0\n", "")
    assert ctypes.c_int.in_dll(ctypes.CDLL(str(real)), "x264_levels").value == 0


def test_other_libraries_have_no_stand_in(
    shrink: ModuleType, library: Callable[..., Path], tmp_path: Path
) -> None:
    real = library("libopus-0.so", "int f() { return 0; }")
    assert not shrink.stand_in(PurePath("av.libs/libopus-0.so"), real, tmp_path / "target")
    assert not shrink.stand_in(PurePath("libx264-0.so"), real, tmp_path / "target")


def test_libraries_that_nothing_needs_go_with_their_links(
    shrink: ModuleType, library: Callable[..., Path], tmp_path: Path
) -> None:
    deep = library("libdeep.so", "int deep() { return 1; }")
    near = library("libnear.so", "int deep(); int near() { return deep(); }", str(deep))
    alone = library("libalone.so", "int alone() { return 1; }")
    module = library("module.so", "int near(); int run() { return near(); }", str(near))
    entries = [
        ("pkg/module.so", str(module), "EXTENSION"),
        ("pkg.libs/libnear.so", str(near), "BINARY"),
        ("libdeep.so", str(deep), "BINARY"),
        ("pkg.libs/libalone.so", str(alone), "BINARY"),
        ("libnear.so", "pkg.libs/libnear.so", "SYMLINK"),
        ("libalone.so", "pkg.libs/libalone.so", "SYMLINK"),
        ("pkg/data.txt", __file__, "DATA"),
    ]
    made = shrink.shrink(entries, tmp_path / "work")
    assert [(one[0], one[2]) for one in made] == [
        (one[0], one[2]) for one in entries if "alone" not in one[0]
    ]
    small = Path(made[0][1])
    assert small.parent == tmp_path / "work"
    assert small.stat().st_size < module.stat().st_size
    assert shrink.is_aligned(small)


def test_without_tools_everything_stays(
    shrink: ModuleType,
    library: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entries = [("av.libs/libx265-0.so", str(library("libx265-0.so", "int f;")), "BINARY")]
    monkeypatch.setenv("PATH", "")
    assert shrink.shrink(entries, tmp_path / "work") == entries


def test_a_stand_in_answers_as_its_caller_needs_it(
    shrink: ModuleType, library: Callable[..., Path], tmp_path: Path
) -> None:
    """A missing decoder is an error, and how a library was built is a text."""
    made: dict[str, ctypes.CDLL] = {}
    for name, function in (("libdav1d", "dav1d_open"), ("libswscale", "swscale_configuration")):
        real = library(f"{name}-0.so", f"char *{function}(void) {{ return 0; }}")
        target = tmp_path / f"{name}-made.so"
        assert shrink.stand_in(PurePath("av.libs", real.name), real, target)
        made[name] = ctypes.CDLL(str(target))
    assert made["libdav1d"].dav1d_open() == -1
    configuration = made["libswscale"].swscale_configuration
    configuration.restype = ctypes.c_char_p
    assert configuration() == b""


def test_icu_supports_nothing(
    shrink: ModuleType, library: Callable[..., Path], tmp_path: Path
) -> None:
    wanted = (
        "void ucol_open_73(); void ucol_close_73(); void f() { ucol_open_73(); ucol_close_73(); }"
    )
    library("libQt6Core.so.6", wanted)
    made = tmp_path / "made.so"
    assert shrink.stand_in(
        PurePath("PySide6/Qt/lib/libicui18n.so.73"), tmp_path / "libicui18n.so.73", made
    )
    status = ctypes.c_int()
    icu = ctypes.CDLL(str(made))
    assert icu.ucol_open_73(None, ctypes.byref(status)) == 0
    assert status.value > 0
    assert icu.ucol_close_73() == 0


def test_the_program_starts_without_slow_preparations(
    modules: tuple[ModuleType, ModuleType],
) -> None:
    names = ["pyi_rth_inspect", "pyi_rth_pyside6", "start"]
    scripts = [(name, f"/from/{name}.py", "PYSOURCE") for name in names]
    assert modules[0].quick(scripts) == scripts[-1:]


def test_a_process_of_multiprocessing_is_run_by_the_first_module(tmp_path: Path) -> None:
    """The tracker of what workers leave behind: any other start goes on to the program."""
    written = tmp_path / "written"
    program = "from multiprocessing.resource_tracker import main; import pathlib; "
    program += f"pathlib.Path({str(written)!r}).touch()"
    run_child = runpy.run_path(str(PYINSTALLER / "start.py"))["run_child"]
    run_child(["granite-live", "--version"])
    assert not written.exists()
    with pytest.raises(SystemExit):
        run_child(["granite-live", "-B", "-c", program])
    assert written.exists()
