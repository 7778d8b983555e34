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
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "packaging" / "linux"
DIST = ROOT / "dist"
APP_ID = "org.granitelive.App"
ICON = ROOT / "assets" / "icons" / "granite-live.svg"
ICON_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
DEBIAN_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}

_RELEASE = re.compile(r"^## (\d+\.\d+\.\d+) - (\d{4}-\d{2}-\d{2})$", re.MULTILINE)


def version_and_date() -> tuple[str, str]:
    """Return the newest release in the changelog: its version and its date."""
    found = _RELEASE.search((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    if found is None:
        sys.exit("CHANGELOG.md has no release such as '## 1.2.3 - 2026-01-31'.")
    return found[1], found[2]


def fill(template: Path, values: Mapping[str, object]) -> str:
    """Return a template with each @NAME@ replaced.

    Raises KeyError if a name has no value.
    """
    text = template.read_text(encoding="utf-8")
    return re.sub(r"@([A-Z_]+)@", lambda found: str(values[found[1]]), text)


def draw_icons(folder: Path) -> None:
    """Draw the icon in all sizes into a hicolor theme."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    application = QGuiApplication.instance() or QGuiApplication([])
    renderer = QSvgRenderer(str(ICON))
    for size in ICON_SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        path = folder / f"{size}x{size}" / "apps" / f"{APP_ID}.png"
        path.parent.mkdir(parents=True)
        if not image.save(str(path)):
            sys.exit(f"{path} cannot be written.")
    del application
    scalable = folder / "scalable" / "apps" / f"{APP_ID}.svg"
    scalable.parent.mkdir(parents=True)
    shutil.copy(ICON, scalable)


def lay_out_share(share: Path) -> None:
    """Write everything that belongs below /usr/share."""
    version, date = version_and_date()
    values = {"VERSION": version, "DATE": date}
    desktop = share / "applications" / f"{APP_ID}.desktop"
    desktop.parent.mkdir(parents=True)
    shutil.copy(HERE / desktop.name, desktop)
    metainfo = share / "metainfo" / f"{APP_ID}.metainfo.xml"
    metainfo.parent.mkdir()
    metainfo.write_text(fill(HERE / metainfo.name, values), encoding="utf-8")
    draw_icons(share / "icons" / "hicolor")

    manual = share / "man" / "man1" / "granite-live.1.gz"
    manual.parent.mkdir(parents=True)
    manual.write_bytes(packed(ROOT / "packaging" / "man" / "granite-live.1"))
    completions = ROOT / "packaging" / "completions"
    for source, target in (
        ("granite-live.bash", "bash-completion/completions/granite-live"),
        ("_granite-live", "zsh/site-functions/_granite-live"),
        ("granite-live.fish", "fish/vendor_completions.d/granite-live.fish"),
    ):
        (share / target).parent.mkdir(parents=True)
        shutil.copy(completions / source, share / target)

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
    version, _date = version_and_date()
    architecture = DEBIAN_ARCHITECTURES[platform.machine()]
    target = DIST / f"granite-live_{version}_{architecture}.deb"
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        usr = root / "usr"
        shutil.copytree(app, usr / "lib" / "granite-live", symlinks=True)
        shutil.copytree(share, usr / "share")
        (usr / "bin").mkdir()
        (usr / "bin" / "granite-live").symlink_to("../lib/granite-live/granite-live")
        size = sum(one.lstat().st_size for one in root.rglob("*") if not one.is_symlink())
        values = {
            "VERSION": version,
            "ARCHITECTURE": architecture,
            "INSTALLED_KIB": -(-size // 1024),
            "GLIBC": platform.libc_ver()[1],
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
    version, _date = version_and_date()
    name = f"granite-live-{version}-linux-{platform.machine()}"
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
