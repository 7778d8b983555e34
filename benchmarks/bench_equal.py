"""Compare the tokens of prepared graphs with those of published ones, over many sounds.

    python benchmarks/bench_equal.py BUNDLE [--sounds 50] [--speech FOLDER] [--reference fp32]

Sounds are noise that comes and goes, of 1 to 12 s; with `--speech` also the clips of
FOLDER/dev.tsv. Of each tier it prints how many sounds have the same draft and the same edited
tokens in both forms, and how far the drafts' probabilities are apart. `--reference` names the tier
that is taken for exact: how often do the other tiers' forms agree with it? Without a bundle: the
demo model.
"""

from __future__ import annotations

import argparse
import csv
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 16_000
FORMS = ("published", "prepared")


@dataclass(frozen=True)
class FormOutput:
    """The result of one form for a sound."""

    draft: tuple[int, ...]
    edited: tuple[int, ...]
    probabilities: NDArray[np.float32]


def noises(count: int) -> Iterator[NDArray[np.float32]]:
    rng = np.random.default_rng(11)
    for _ in range(count):
        t = np.arange(round(rng.uniform(1, 12) * RATE_HZ)) / RATE_HZ
        swell = 0.55 + 0.45 * np.sin(2 * np.pi * rng.uniform(1, 6) * t)
        yield (rng.uniform(0.02, 0.2) * swell * rng.standard_normal(len(t))).astype(np.float32)


def clips(folder: Path) -> Iterator[NDArray[np.float32]]:
    from granite_live.audio.files import read_audio

    with (folder / "dev.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            yield read_audio(folder / "dev" / row["file"], RATE_HZ)


def say(bundle: Path, tier: str, form: str, sounds: list[NDArray[np.float32]]) -> list[FormOutput]:
    from granite_live.app.factory import open_recognizer
    from granite_live.models.opening import open_bundle
    from granite_live.models.optimize import prepare_tier

    opened = open_bundle(bundle, tier)
    if form == "prepared":
        prepare_tier(opened, tell=print)
    heard = []
    with open_recognizer(opened, "cpu", 2, form) as recognizer:
        for sound in sounds:
            draft = recognizer.draft(sound)
            edited = recognizer.edit(draft)
            sure = np.asarray(draft.tokens.probabilities, np.float32)
            heard.append(FormOutput(draft.token_ids, edited.token_ids, sure))
    return heard


def share_equal(one: list[FormOutput], two: list[FormOutput]) -> str:
    drafts = sum(a.draft == b.draft for a, b in zip(one, two, strict=True))
    edited = sum(a.edited == b.edited for a, b in zip(one, two, strict=True))
    tokens = sum(len(b.draft) for b in two)
    return f"drafts {drafts} of {len(one)} ({tokens} tokens), edited {edited} of {len(one)}"


def apart(one: list[FormOutput], two: list[FormOutput]) -> float:
    """Return the greatest relative difference of a probability where the drafts are equal."""
    worst = 0.0
    for a, b in zip(one, two, strict=True):
        if a.draft == b.draft and len(a.draft):
            worst = max(worst, float(np.max(np.abs(a.probabilities / b.probabilities - 1))))
    return worst


def main() -> None:
    from granite_live.util.paths import demo_bundle_dir

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle", nargs="?", type=Path)
    parser.add_argument("--tiers", help="with commas between; all that there are")
    parser.add_argument("--sounds", type=int, default=50)
    parser.add_argument("--speech", type=Path)
    parser.add_argument("--reference", help="the tier to compare the others with")
    args = parser.parse_args()
    bundle = args.bundle or demo_bundle_dir()
    there = [tier for tier in ("fp32", "int8") if (bundle / tier).is_dir()]
    sounds = [*noises(args.sounds), *(clips(args.speech) if args.speech else ())]
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("GRANITE_LIVE_HOME", folder)
        said = {
            (tier, form): say(bundle, tier, form, sounds)
            for tier in (args.tiers.split(",") if args.tiers else there)
            for form in FORMS
        }
    for tier in dict.fromkeys(tier for tier, _ in said):
        forms = said[tier, "published"], said[tier, "prepared"]
        print(
            f"{tier}: prepared as published: {share_equal(*forms)}; "
            f"probabilities at most {apart(*forms):.1e} apart"
        )
    if args.reference:
        exact = said[args.reference, "published"]
        for (tier, form), what in said.items():
            print(f"{tier} {form} as {args.reference} published: {share_equal(what, exact)}")


if __name__ == "__main__":
    main()
