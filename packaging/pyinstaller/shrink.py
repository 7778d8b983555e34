"""Make the libraries of the stand-alone program smaller, on Linux.

Symbols that only a debugger reads are stripped. Libraries that others are linked with, but that
this program never calls, are replaced by stand-ins: encoders of video, pictures, devices and
encrypted connections of FFmpeg, and ICU, whose rules for languages Qt can do without (icu.c).
Libraries that no other file needs are left out: PyInstaller collects what a file needs before the
file itself is left out (see contents.py), and PortAudio, which has to be the system's, as it works
with the system's sound server.

Needs binutils, and `cc` for the stand-ins; where one of them is missing, the libraries stay as they
are.
"""

from __future__ import annotations

import posixpath
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePath

from contents import Entry

HERE = Path(__file__).parent

REPLACED = (
    *("libx265", "libx264", "libSvtAv1Enc", "libwebp", "libwebpmux", "libmp3lame"),
    *("libvpl", "libvpx", "libdav1d", "libgnutls", "libswscale", "libavdevice"),
)
"""Libraries of FFmpeg that only encode, convert pictures, use a graphics card, a camera or a
screen, or open https addresses. FFmpeg decodes VP8 and VP9 without libvpx."""
DECODER = "libdav1d"
"""FFmpeg's decoder of AV1 cannot be opened: its stand-in reports errors. What is in such a video is
known from its container, and FFmpeg goes on without a picture."""
QT = ("Qt", "lib")
"""The end of the folder of Qt's own libraries."""
ICU = re.compile(r"libicu(?:data|i18n|uc)\.so\.(\d+)")


def shrink(entries: Iterable[Entry], work: Path) -> list[Entry]:
    """Return the entries with smaller libraries as sources, which are written into `work`.

    The entries are all of the program's files that are not modules of Python.
    """
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    result = []
    for number, (destination, source, kind) in enumerate(entries):
        path = Path(source)
        if kind in ("BINARY", "EXTENSION") and is_elf(path):
            target = work / f"{number}-{path.name}"
            if not stand_in(PurePath(destination), path, target):
                strip(path, target)
            path = target if target.exists() else path
        result.append((destination, str(path) if kind != "SYMLINK" else source, kind))
    return without_unneeded(result)


def without_unneeded(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries without libraries that no other entry is linked with."""
    if shutil.which("readelf") is None:
        return list(entries)
    libraries = {PurePath(one[0]).name: one for one in entries if is_library(one)}
    used: set[str] = set()
    waiting = [one for one in entries if one[2] in ("BINARY", "EXTENSION") and not is_library(one)]
    waiting += [one for name, one in libraries.items() if name.startswith("libpython")]
    while waiting:
        entry = waiting.pop()
        used.add(entry[0])
        names = needed(Path(entry[1])) & libraries.keys()
        waiting += [libraries[name] for name in names if libraries[name][0] not in used]
    kept = [one for one in entries if one[0] in used or one[2] not in ("BINARY", "EXTENSION")]
    there = {posixpath.normpath(one[0]) for one in kept}
    return [one for one in kept if one[2] != "SYMLINK" or link_target(one) in there]


def is_library(entry: Entry) -> bool:
    """Return whether the entry is only there for others: not a module of Python, or a plugin."""
    folder = PurePath(entry[0]).parent
    is_shared = folder == PurePath() or folder.suffix == ".libs" or folder.parts[-2:] == QT
    return entry[2] == "BINARY" and is_shared


def needed(path: Path) -> set[str]:
    """Return the names of the libraries that a library is linked with."""
    command = ["readelf", "--dynamic", "--wide", str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    return set(re.findall(r"\(NEEDED\).*\[(.*)\]", done.stdout))


def link_target(entry: Entry) -> str:
    """Return where a symbolic link leads within the program's folder."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(entry[0]), entry[1]))


def is_elf(path: Path) -> bool:
    """Return whether the file is a library or program of Linux."""
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def strip(source: Path, target: Path) -> None:
    """Write a library without the symbols for debuggers; nothing if that gains nothing."""
    if shutil.which("strip") is None:
        return
    command = ["strip", "--strip-unneeded", "-o", str(target), str(source)]
    done = subprocess.run(command, capture_output=True)
    gains = not done.returncode and target.stat().st_size < source.stat().st_size
    if not gains or not is_aligned(target):
        target.unlink(missing_ok=True)


def is_aligned(library: Path) -> bool:
    """Return whether the system can map the segments of a library.

    `strip` breaks some libraries that were changed after linking, as those in wheels are.
    """
    command = ["readelf", "--segments", "--wide", str(library)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    for line in lines:
        kind, *numbers = line.split() or [""]
        if kind == "LOAD":
            offset, address, alignment = (int(numbers[at], 16) for at in (0, 1, -1))
            if (offset - address) % alignment:
                return False
    return True


def stand_in(destination: PurePath, source: Path, target: Path) -> bool:
    """Write a stand-in for the library if it is one of those never called; return whether."""
    if shutil.which("cc") is None:
        return False
    icu = ICU.fullmatch(destination.name)
    if icu is not None:
        names = undefined(source.parent, "libQt6*", f"[a-zA-Z_]+_{icu[1]}")
        rest = weak_functions(names, target)
        options = [f"-DICU_VERSION={icu[1]}", "-nostdlib"]
        link([*options, str(HERE / "icu.c"), rest], destination.name, target)
        return True
    if destination.parent.name == "av.libs" and destination.name.partition("-")[0] in REPLACED:
        result = -1 if destination.name.startswith(DECODER) else 0
        versions, code = declarations(exported(source), result)
        program, script = target.with_suffix(".c"), target.with_suffix(".map")
        program.write_text(code, encoding="ascii")
        script.write_text(versions, encoding="ascii")
        versioned = [f"-Wl,--version-script={script}"] if versions else []
        link([*versioned, str(program), "-nostdlib"], destination.name, target)
        return True
    return False


def exported(library: Path) -> list[tuple[str, str, str]]:
    """Return kind, name and version ("" for none) of each symbol that a library offers."""
    command = ["nm", "--dynamic", "--defined-only", "--with-symbol-versions", str(library)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    found = []
    for line in lines:
        _address, kind, symbol = line.split()
        name, _, version = symbol.replace("@@", "@").partition("@")
        found.append((kind, name, version))
    return found


def undefined(folder: Path, files: str, name: str) -> list[str]:
    """Return the names, of a form, that libraries in a folder want from others."""
    command = ["nm", "--dynamic", "--undefined-only", "--format=just-symbols"]
    command += [str(one) for one in sorted(folder.glob(files))]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return sorted({line for line in lines if re.fullmatch(name, line)})


def weak_functions(names: Iterable[str], target: Path) -> str:
    """Write C code beside `target`: functions that return 0 and give way to others of their name.

    Return its path.
    """
    path = target.with_suffix(".c")
    code = [f"__attribute__((weak)) void *{name}(void) {{ return 0; }}\n" for name in names]
    path.write_text("".join(code), encoding="ascii")
    return str(path)


def declarations(symbols: Iterable[tuple[str, str, str]], result: int = 0) -> tuple[str, str]:
    """Return a linker's version script and C code that defines the symbols.

    A function returns `result`, as a pointer or number: for 0, FFmpeg reports an encoder that
    cannot be opened. What tells how a library was built returns an empty text. Data is zero, with
    room for any structure.
    """
    by_version: dict[str, list[str]] = {}
    code = []
    for kind, name, version in symbols:
        if kind == "A" or name.startswith("_"):  # the name of a version; the linker's and C++'s own
            continue
        by_version.setdefault(version, []).append(name)
        is_function = kind in "TWi"
        is_text = name.endswith(("_configuration", "_license"))
        answer = '""' if is_text else f"{result}l"
        function = f"void *{name}(void) {{ return (void *){answer}; }}"
        code.append(function if is_function else f"char {name}[4096];")
    blocks = [
        f"{version} {{ global: {' '.join(f'{name};' for name in names)} }};"
        for version, names in by_version.items()
        if version
    ]
    return "\n".join(blocks), "\n".join(code) + "\n"


def link(arguments: Sequence[str], soname: str, target: Path) -> None:
    """Compile and link a library."""
    flags = ["-shared", "-fPIC", "-Os", "-s", "-w", f"-Wl,-soname,{soname}"]
    subprocess.run(["cc", *flags, *arguments, "-o", str(target)], check=True)
