"""What the tests of downloading share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hub_server import Hub

from granite_live.bundle.download import Patience
from granite_live.bundle.store import Store

IMPATIENT = Patience(
    connect_s=5.0,
    stall_s=0.5,
    slow_window_s=0.3,
    slow_bytes_s=1000.0,
    first_wait_s=0.0,
    longest_wait_s=0.0,
)

Fetch = Callable[..., Path]


def is_whole(store: Store, hub: Hub, tier: str = "int8") -> bool:
    """Whether the installed tier is byte for byte what the hub has, and nothing is on its way."""
    folder = store.root / "small"
    mine = [path for path in hub.files if "/" not in path or path.startswith(f"{tier}/")]
    wanted = [path for path in mine if path not in ("export.py", "special_tokens_map.json")]
    return all((folder / path).read_bytes() == hub.files[path] for path in wanted)
