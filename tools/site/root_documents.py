"""Hooks of MkDocs: the documents in the repository's root become pages of the site.

Their links, and links to them, are written for the repository ("docs/faults.md", "../PRIVACY.md")
and rewritten here. A link to a file that is no page of the site becomes plain text.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File

ROOT = Path(__file__).parents[2]
DOCUMENTS = (
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CODE_OF_CONDUCT.md",
    "CONTRIBUTING.md",
    "PRIVACY.md",
    "SECURITY.md",
)
_LINK = re.compile(r"(!?)\[((?:[^\]\[]|\[[^\]]*\])*)\]\(([^)\s]+)\)")


def on_files(files: Any, config: Any) -> Any:
    """Add the root's documents to the pages."""
    for name in DOCUMENTS:
        files.append(File.generated(config, name, abs_src_path=str(ROOT / name)))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Rewrite the links of a page from places in the repository to places in the site."""
    source = page.file.src_uri
    in_repository = source if source in DOCUMENTS else f"docs/{source}"

    def rewritten(link: re.Match[str]) -> str:
        mark, text, target = link.groups()
        if target.startswith(("#", "http://", "https://", "mailto:")):
            return link[0]
        path, _, anchor = target.partition("#")
        place = posixpath.normpath(posixpath.join(posixpath.dirname(in_repository), path))
        page_name = place.removeprefix("docs/")
        if files.get_file_from_path(page_name) is None:
            # MkDocs reports the link if the file does not exist at all.
            return text if (ROOT / place).exists() else link[0]
        relative = posixpath.relpath(page_name, posixpath.dirname(source) or ".")
        return f"{mark}[{text}]({relative}{'#' if anchor else ''}{anchor})"

    return _LINK.sub(rewritten, markdown)
