"""Put the assets into the wheel, but not into an editable installation.

That one reads them in the checkout, and packing 57 MB that nobody reads takes seconds.
"""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsHook(BuildHookInterface[Any]):
    """Hatchling calls it before it builds a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the assets; `version` is "editable" for an editable installation."""
        if version != "editable":
            build_data["force_include"]["assets"] = "granite_live/assets"
