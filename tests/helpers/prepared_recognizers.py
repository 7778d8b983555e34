"""Shared helpers of the tests of prepared recognizers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Protocol

import numpy as np

from granite_live.asr import Recognizer
from granite_live.models.bundle import Bundle, Form
from granite_live.transcript.model import Transcript

LENGTHS = tuple(3_200 + 2_711 * number for number in range(50))
"""Lengths of 50 inputs in samples: 0.2 to 8.5 s."""


class PutPrepared(Protocol):
    """Puts a prepared tier of the committed bundle into the test's home; see the fixture."""

    def __call__(self, tier: str, form: Form | None = None) -> Bundle: ...


@contextmanager
def loading(put_prepared: PutPrepared, form: Form) -> Iterator[Callable[[str], Recognizer]]:
    """Yield a loader of prepared tiers; each is loaded once, and closed."""
    loaded: dict[str, Recognizer] = {}
    with ExitStack() as stack:

        def load(tier: str) -> Recognizer:
            if tier not in loaded:
                bundle = put_prepared(tier, form)
                loaded[tier] = stack.enter_context(Recognizer.load(bundle, "cpu", 1))
            return loaded[tier]

        yield load


def assert_same(found: Transcript, wanted: Transcript) -> None:
    assert found.draft_token_ids == wanted.draft_token_ids
    assert found.token_ids == wanted.token_ids
    assert found.text == wanted.text
    times = [(word.start_s, word.end_s) for word in wanted.words]
    assert [(word.start_s, word.end_s) for word in found.words] == times
    sure = [word.confidence for word in wanted.words]
    np.testing.assert_allclose([word.confidence for word in found.words], sure, rtol=1e-3)
