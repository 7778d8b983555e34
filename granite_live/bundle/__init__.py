"""Model bundles on disk: layout, description, validation. Main entry point: `open_bundle`."""

from granite_live.bundle.description import Bundle, CtcDialect, FrontEnd
from granite_live.bundle.layout import DEMO_MODEL, TIERS
from granite_live.bundle.opening import open_bundle

__all__ = ["DEMO_MODEL", "TIERS", "Bundle", "CtcDialect", "FrontEnd", "open_bundle"]
