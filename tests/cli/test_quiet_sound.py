"""Very quiet sound gets a hint about its level, live and from a file; other sound does not."""

from __future__ import annotations

import io

import numpy as np
import pytest
from helpers.synthetic_sounds import made_up_sound

from granite_live.cli.live_output import LiveEventOutput, TextView
from granite_live.cli.loudness import LoudnessCheck
from granite_live.cli.terminal import Messages
from granite_live.session import events

RATE_HZ = 16_000


def hint_for(level_db: float, block: int) -> str:
    """Return the hint for noise of this level [dBFS, rms] in blocks of this length."""
    noise = np.random.default_rng(1).standard_normal(3 * RATE_HZ).astype(np.float32)
    sound = noise * np.float32(10 ** (level_db / 20))
    quiet = LoudnessCheck()
    for start in range(0, len(sound), block):
        quiet.feed(sound[start : start + block], RATE_HZ)
    return quiet.hint()


@pytest.mark.parametrize("block", [100, 1_600, 8_000, 5_001])
def test_quiet_sound_is_told_with_its_level(block: int) -> None:
    assert "-70 dBFS" in hint_for(-70.5, block) or "-69 dBFS" in hint_for(-70.5, block)
    assert hint_for(-55.0, block) == ""


def test_one_loud_moment_is_enough() -> None:
    quiet = LoudnessCheck()
    sound = made_up_sound(RATE_HZ, seed=1)
    quiet.feed(np.zeros(RATE_HZ, np.float32), RATE_HZ)
    assert "digital silence" in quiet.hint()
    quiet.feed(sound, RATE_HZ)
    assert quiet.hint() == ""
    assert LoudnessCheck().hint() == ""


def listen(levels: list[float]) -> str:
    err = io.StringIO()
    out, notes = io.StringIO(), Messages(err)
    with LiveEventOutput(TextView(out, notes), out, notes) as output:
        for number, level in enumerate(levels):
            output.show(events.LevelMeasured(number / 10, level, level + 3, clipped=False))
        output.show(events.SessionClosed(9.0, 0, 0, 16_000, 0, 0))
    return err.getvalue()


def test_a_session_says_it_once_after_ten_seconds_or_at_its_end() -> None:
    sentence = "warning: The sound is very quiet (-70 dBFS at its loudest)"
    for levels in ([-70.0] * 30, [-70.0] * 300):
        assert listen(levels).count(sentence) == 1
    assert listen([-70.0] * 50 + [-30.0] + [-70.0] * 200) == ""
