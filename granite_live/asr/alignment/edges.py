"""Times of words, from the frames of their tokens and the level of the sound."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from granite_live.asr.alignment.viterbi import WordFrames

LEVEL_STEP_S = 0.01
# Tokens appear this long after their sound begins: the median for the demo model on synthetic
# speech with known times, see docs/measurements.md.
_TOKEN_DELAY_S = 0.06
# Sound this far below the loud parts of the utterance is a pause, if it lasts longer than the
# closure of a stop consonant, such as the "t" of "slept".
_PAUSE_DEPTH_DB = 25.0
_LEAST_PAUSE_S = 0.08
# The longest time that the end of a word takes after its last token.
_LONGEST_TAIL_S = 0.5
_SILENCE_DB = -100.0


def levels_db(sound: NDArray[np.float32], sample_rate_hz: int) -> NDArray[np.float32]:
    """Return the level of each `LEVEL_STEP_S` in dB of full scale [shape=(steps,)]."""
    step = round(LEVEL_STEP_S * sample_rate_hz)
    count = len(sound) // step
    squares = (sound[: count * step].reshape(count, step) ** 2).mean(axis=1)
    return np.asarray(10.0 * np.log10(np.maximum(squares, 10 ** (_SILENCE_DB / 10))), np.float32)


def word_times(
    found: Sequence[WordFrames | None],
    frame_starts_s: NDArray[np.floating],
    frame_s: float,
    levels: NDArray[np.float32],
) -> list[tuple[float, float] | None]:
    """Return start and end in seconds of each word that was found. They do not overlap.

    A word begins shortly before its first token. It ends where the next one begins, or where the
    sound falls into a pause.

    Args:
        found: From `find_words`, in order.
        frame_starts_s: When each frame begins [shape=(frames,)].
        frame_s: The length of a frame.
        levels: From `levels_db`.
    """
    is_loud = levels > np.percentile(levels, 95) - _PAUSE_DEPTH_DB if len(levels) else levels > 0
    spoken = [k for k, one in enumerate(found) if one is not None]
    times: list[tuple[float, float] | None] = [None] * len(found)
    free_from_s = 0.0
    starts, tails = [], []
    for k in spoken:
        one = found[k]
        assert one is not None
        starts.append(max(0.0, float(frame_starts_s[one.start]) - _TOKEN_DELAY_S))
        tails.append(float(frame_starts_s[one.end - 1]) + frame_s - _TOKEN_DELAY_S)
    end_s = len(levels) * LEVEL_STEP_S
    for place, k in enumerate(spoken):
        start_s = max(free_from_s, starts[place])
        limit_s = starts[place + 1] if place + 1 < len(spoken) else end_s
        tail_s = max(tails[place], start_s)
        pause = _first_pause(is_loud, tail_s, limit_s)
        stop_s = min(limit_s, tail_s + _LONGEST_TAIL_S)
        if pause is not None:
            stop_s = min(stop_s, pause[0])
            if place + 1 < len(spoken) and pause[1] < limit_s:
                starts[place + 1] = max(pause[1], starts[place + 1] - 2 * _TOKEN_DELAY_S)
        stop_s = max(stop_s, start_s + LEVEL_STEP_S)
        times[k] = (start_s, stop_s)
        free_from_s = stop_s
    return times


def _first_pause(
    is_loud: NDArray[np.bool_], start_s: float, end_s: float
) -> tuple[float, float] | None:
    """Return start and end of the first pause in a stretch, None if it has none."""
    first = round(start_s / LEVEL_STEP_S)
    last = min(len(is_loud), round(end_s / LEVEL_STEP_S))
    quiet_since = None
    for step in range(first, last + 1):
        is_quiet = step < last and not is_loud[step]
        if is_quiet and quiet_since is None:
            quiet_since = step
        elif not is_quiet and quiet_since is not None:
            if (step - quiet_since) * LEVEL_STEP_S >= _LEAST_PAUSE_S:
                return quiet_since * LEVEL_STEP_S, step * LEVEL_STEP_S
            quiet_since = None
    return None
