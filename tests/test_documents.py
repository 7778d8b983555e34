"""Links in all documents lead somewhere, and the documents agree with the program."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest

from granite_live import __version__

ROOT = Path(__file__).parents[1]
_LINK = re.compile(r"!?\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^)\s]+)\)|^\[[^\]]+\]:\s*(\S+)", re.MULTILINE)
_CODE = re.compile(
    r"^(`{3,}).*?^\1|^(?: {4}|\t).*?$|`[^`\n]*`|<!--.*?-->", re.DOTALL | re.MULTILINE
)
_NOT_OURS = {
    "models/",
    "parts/",
    "prepared/",
    "sessions/",
    ".incoming/NAME-TIER/",
    ".trash/",
    "NAME/",
}
"""Folders of a user's data, which the documents name too."""
_ELSEWHERE = ("http://", "https://", "mailto:")


def documents() -> list[Path]:
    """Return all Markdown files of the project; of an unpacked archive, those in its folders."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listed.returncode == 0:
        return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]
    folders = ("docs", "assets", "tools", "tests")
    return [*ROOT.glob("*.md"), *(path for one in folders for path in (ROOT / one).rglob("*.md"))]


def links(path: Path) -> list[str]:
    text = _CODE.sub("", path.read_text(encoding="utf-8"))
    return [inline or reference for inline, reference in _LINK.findall(text)]


def anchors(path: Path) -> set[str]:
    """Return the anchors of a document's headings, as GitHub and MkDocs make them."""
    text = re.sub(r"^(`{3,}).*?^\1", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.M)
    found = set()
    for heading in re.findall(r"^#{1,6} +(.+?) *$", text, re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        found.add(re.sub(r"[^\w\- ]", "", plain).strip().replace(" ", "-"))
    return found


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(path: Path) -> None:
    broken = []
    for link in links(path):
        if link.startswith(_ELSEWHERE):
            continue
        name, _, anchor = unquote(link).partition("#")
        target = (path.parent / name).resolve() if name else path
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert not broken


@pytest.mark.parametrize(
    "path",
    [
        ROOT / "ARCHITECTURE.md",
        ROOT / "CONTRIBUTING.md",
        ROOT / "PRIVACY.md",
        ROOT / "docs" / "measurements.md",
        *sorted((ROOT / "docs" / "design").glob("*.md")),
        *sorted((ROOT / "docs" / "decisions").glob("*.md")),
    ],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_every_module_that_is_named_exists(path: Path) -> None:
    """A path is counted from the root or from `granite_live`; a bare name is found anywhere."""
    named = set(re.findall(r"`([\w./-]+(?:\.py|\.toml|/))`", path.read_text(encoding="utf-8")))
    code = [ROOT / folder for folder in ("granite_live", "tests", "tools", "benchmarks")]
    missing = [
        one
        for one in sorted(named)
        if not (ROOT / one).exists()
        and not (ROOT / "granite_live" / one).exists()
        and not ("/" not in one and any(list(folder.rglob(one)) for folder in code))
        and one not in _NOT_OURS
    ]
    assert not missing


def test_the_readme_stays_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 200


def test_the_changelog_has_this_version_and_what_comes_next() -> None:
    titles = re.findall(r"^## (\S+)(?: - (\S+))?$", (ROOT / "CHANGELOG.md").read_text(), re.M)
    versions = [version for version, _ in titles]
    assert versions[:2] == ["Unreleased", __version__]
    assert all(re.fullmatch(r"\d{4}-\d{2}-\d{2}", date) for _, date in titles[1:])


def test_the_site_shows_every_page() -> None:
    shown = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    pages = [one.relative_to(ROOT / "docs").as_posix() for one in (ROOT / "docs").rglob("*.md")]
    assert [page for page in pages if f" {page}\n" not in shown] == []
