"""Errors of a model that is checked before it is installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from granite_live.models.layout import REMEDY
from granite_live.util.errors import BundleError


@contextmanager
def told_of_origin(staged: Path, origin: str, remedy: str) -> Iterator[None]:
    """Let errors of the bundle at `staged` name where it came from.

    The folder is gone when the user reads of it, and the usual remedy names an option that the
    commands which install models lack.

    Raises:
        BundleError: One was raised; it names `origin` and `remedy`.
    """
    try:
        yield
    except BundleError as error:
        told = str(error).replace(str(staged), origin.rstrip("/")).replace(REMEDY, remedy)
        raise BundleError(told) from error
