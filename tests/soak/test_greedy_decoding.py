"""The demo model's editor against greedy decoding, on 210 recordings of many people."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator

import pytest
from helpers.greedy_decoder import GreedyDecoder, loaded_demo, written_by_both
from helpers.segment_sounds import read
from helpers.speech_scenes import SHARED

from granite_live.util.paths import demo_bundle_dir

pytestmark = pytest.mark.soak

UTTERANCES = 210
LENGTHS_S = (2.0, 12.0)
MOST_DIFFERENT = 1 / 100
"""Scores that are equal but for rounding may be ordered otherwise by numpy."""


def recordings() -> Iterator[tuple[str, str]]:
    """Yield folder and file of recordings of moderate length."""
    for part in ("dev", "train_real"):
        with (SHARED / f"{part}.tsv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                if LENGTHS_S[0] < float(row["seconds"]) < LENGTHS_S[1]:
                    yield part, row["file"]


def test_the_passes_end_where_greedy_decoding_ends(
    scale: float, say: Callable[[str], None]
) -> None:
    if not (SHARED / "train_real.tsv").is_file():
        pytest.skip(f"{SHARED} is missing: there are no recordings of many people here")
    wanted_count = max(10, int(scale * UTTERANCES))
    same, different = 0, []
    with loaded_demo() as demo:
        greedy = GreedyDecoder(demo_bundle_dir() / "int8", demo.bundle.eos_id)
        for part, name in recordings():
            edited, wanted = written_by_both(demo, greedy, read(SHARED / part / name))
            same += bool(wanted) and edited == wanted
            if edited != wanted:
                different.append(f"{name}: {edited} against {wanted}")
            if same + len(different) == wanted_count:
                break
    say(f"{same} of {wanted_count} have the same tokens")
    assert same + len(different) == wanted_count
    assert len(different) <= MOST_DIFFERENT * wanted_count, different
