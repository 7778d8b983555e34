"""Make a Debian package and an archive with an installer of the program in dist/granite-live.

    python packaging/linux/build.py

Build the program first (`make app`). The results are dist/granite-live_VERSION_ARCHITECTURE.deb,
where dpkg-deb is found, and dist/granite-live-VERSION-linux-MACHINE.tar.gz.
"""

from __future__ import annotations

import gzip
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path

from granite_live import __version__, launch

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "packaging" / "linux"
DIST = ROOT / "dist"
DEBIAN_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def fill(template: Path, values: Mapping[str, object]) -> str:
    """Return a template with each @NAME@ replaced.

    Raises KeyError if a name has no value.
    """
    text = template.read_text(encoding="utf-8")
    return re.sub(r"@([A-Z_]+)@", lambda found: str(values[found[1]]), text)


def lay_out_share(share: Path) -> None:
    """Write what belongs below /usr/share: what the wheel puts there, and a Debian package's own.

    Manual pages are compressed.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    files: dict[str, str]
    files = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    for source, target in files.items():
        path = share / target.removeprefix("share/")
        path.parent.mkdir(parents=True, exist_ok=True)
        if target.startswith("share/man/"):
            path.with_name(f"{path.name}.gz").write_bytes(packed(ROOT / source))
        else:
            shutil.copy(ROOT / source, path)
    documents = share / "doc" / "granite-live"
    documents.mkdir(parents=True)
    (documents / "changelog.gz").write_bytes(packed(ROOT / "CHANGELOG.md"))
    shutil.copy(HERE / "copyright", documents / "copyright")


def packed(path: Path) -> bytes:
    """Return a file compressed, the same bytes each time."""
    return gzip.compress(path.read_bytes(), mtime=0)


def build_deb(app: Path, share: Path) -> Path | None:
    """Build the Debian package; None where dpkg-deb is missing."""
    if shutil.which("dpkg-deb") is None:
        print("No .deb: dpkg-deb is not installed.")
        return None
    architecture = DEBIAN_ARCHITECTURES[platform.machine()]
    target = DIST / f"granite-live_{__version__}_{architecture}.deb"
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        usr = root / "usr"
        shutil.copytree(app, usr / "lib" / "granite-live", symlinks=True)
        shutil.copytree(share, usr / "share")
        (usr / "bin").mkdir()
        (usr / "bin" / "granite-live").symlink_to("../lib/granite-live/granite-live")
        size = sum(one.lstat().st_size for one in root.rglob("*") if not one.is_symlink())
        values = {
            "VERSION": __version__,
            "ARCHITECTURE": architecture,
            "INSTALLED_KIB": -(-size // 1024),
            "GLIBC": platform.libc_ver()[1],
            "WINDOW_PACKAGES": ", ".join((launch.QT_PACKAGES | launch.X11_PACKAGES).values()),
            "WAYLAND_PACKAGES": ", ".join(launch.WAYLAND_PACKAGES.values()),
        }
        (root / "DEBIAN").mkdir()
        control = fill(HERE / "control.in", values)
        (root / "DEBIAN" / "control").write_text(control, encoding="utf-8")
        for one in (root, *root.rglob("*")):
            if not one.is_symlink():
                one.chmod(0o755 if one.is_dir() or os.access(one, os.X_OK) else 0o644)
        command = ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(root), str(target)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return target


def build_archive(app: Path, share: Path) -> Path:
    """Build the archive with its installer."""
    name = f"granite-live-{__version__}-linux-{platform.machine()}"
    target = DIST / f"{name}.tar.gz"
    files = sorted(one for one in share.rglob("*") if one.is_file())
    listed = "".join(f"share/{one.relative_to(share).as_posix()}\n" for one in files)
    with tempfile.TemporaryDirectory() as folder, tarfile.open(target, "w:gz") as archive:
        listing = Path(folder) / "granite-live-files"
        listing.write_text(listed, encoding="utf-8")
        archive.add(app, f"{name}/granite-live", filter=as_root)
        archive.add(share, f"{name}/share", filter=as_root)
        archive.add(listing, f"{name}/share/granite-live-files", filter=as_root)
        archive.add(HERE / "install.sh", f"{name}/install.sh", filter=as_root)
        archive.add(ROOT / "LICENSE", f"{name}/LICENSE", filter=as_root)
    return target


def as_root(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Return a member without its owner, readable by everybody."""
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
    return member


def main() -> int:
    """Build both and print what was built."""
    app = DIST / "granite-live"
    if not (app / "granite-live").is_file():
        sys.exit(f"There is no program in {app}: build it first, with 'make app'.")
    with tempfile.TemporaryDirectory() as folder:
        share = Path(folder) / "share"
        share.mkdir()
        lay_out_share(share)
        for built in (build_deb(app, share), build_archive(app, share)):
            if built is not None:
                print(f"{built.relative_to(ROOT)}: {built.stat().st_size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
