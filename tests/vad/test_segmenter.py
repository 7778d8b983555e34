"""The segmenter's rules, with a scripted detector."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from granite_live.vad.events import (
    SegmentClosed,
    SegmentDropped,
    SegmenterSettings,
    SegmentEvent,
    SegmentOpened,
)
from granite_live.vad.segmenter import Segmenter

RATE = 16000
FRAME = 320  # 20 ms
SHORT = SegmenterSettings(
    open_probability=0.6,
    stay_probability=0.3,
    confirm_ms=40,
    min_speech_ms=100,
    silence_ms=200,
    keep_silence_ms=100,
    pre_roll_ms=100,
    max_utterance_ms=1500,
)
TAKES_ALL = SegmenterSettings(
    open_probability=0.6,
    stay_probability=0.3,
    confirm_ms=0,
    min_speech_ms=0,
    silence_ms=200,
    keep_silence_ms=60,
    pre_roll_ms=100,
    max_utterance_ms=1000,
)

# The closing silence is kept completely, and the maximum length is no whole number of frames.
KEEPS_ALL = SegmenterSettings(
    open_probability=0.6,
    stay_probability=0.3,
    confirm_ms=20,
    min_speech_ms=60,
    silence_ms=200,
    keep_silence_ms=200,
    pre_roll_ms=100,
    max_utterance_ms=1510,
)


class Scripted:
    """A detector that returns scripted values frame by frame, then 0."""

    def __init__(self, script: list[float], frame_samples: int = FRAME) -> None:
        self.frame_samples = frame_samples
        self.resets = 0
        self._script = iter(script)

    def probability(self, frame: np.ndarray) -> float:
        assert frame.shape == (self.frame_samples,)
        assert frame.dtype == np.float32
        return next(self._script, 0.0)

    def reset(self) -> None:
        self.resets += 1


def runs(*lengths_ms: tuple[float, int]) -> list[float]:
    """Return a script of (probability, milliseconds)."""
    return [value for value, ms in lengths_ms for _ in range(ms * RATE // 1000 // FRAME)]


def noise(samples: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(-3000, 3000, samples, np.int16)


def events_of(
    script: list[float], settings: SegmenterSettings = SHORT, sound: np.ndarray | None = None
) -> list[SegmentEvent]:
    segmenter = Segmenter(Scripted(script), settings)
    given_sound = noise(len(script) * FRAME) if sound is None else sound
    return segmenter.feed(given_sound) + segmenter.flush()


def ms(milliseconds: int) -> int:
    return milliseconds * RATE // 1000


def test_an_utterance_has_its_pre_roll_and_some_of_the_silence() -> None:
    found = events_of(runs((0.0, 600), (0.9, 400), (0.0, 600)))
    assert found == [SegmentOpened(1, ms(500)), SegmentClosed(1, ms(500), ms(1100), "pause")]


def test_after_skipped_samples_the_count_goes_on_without_pre_roll_from_before() -> None:
    script = runs((0.0, 600), (0.9, 400)) + runs((0.9, 400), (0.0, 600))
    sound = noise(len(script) * FRAME)
    segmenter = Segmenter(Scripted(script), SHORT)
    found = segmenter.feed(sound[: ms(1000)])
    assert found == [SegmentOpened(1, ms(500))]
    assert segmenter.skip(ms(5000)) == [SegmentClosed(1, ms(500), ms(1000), "end_of_input")]
    opened, closed = segmenter.feed(sound[ms(1000) :])
    assert opened == SegmentOpened(2, ms(6000))
    assert isinstance(closed, SegmentClosed)
    assert closed.stop_sample == ms(6500)


def started_after(unheard_frames: int, sets_in: int) -> int:
    """Return the start of an utterance whose first frames the detector misses."""
    sound = np.concatenate([np.zeros(sets_in, np.int16), noise(ms(800))])
    sound[sets_in] = 3000  # loud from the first sample on
    quiet = sets_in // FRAME
    found = events_of([0.0] * (quiet + unheard_frames) + [0.9] * 20, sound=sound)
    assert isinstance(found[0], SegmentOpened)
    return found[0].start_sample


def test_the_pre_roll_counts_from_where_the_sound_set_in() -> None:
    sets_in = ms(600) + 7  # within a frame
    within_reach = {started_after(frames, sets_in) for frames in range(6)}
    assert within_reach == {sets_in - ms(SHORT.pre_roll_ms)}


def test_a_sound_long_before_the_speech_is_not_its_beginning() -> None:
    sets_in = ms(600)
    starts = [started_after(frames, sets_in) for frames in (6, 7)]
    assert starts == [sets_in + ms(20 * frames) - ms(SHORT.pre_roll_ms) for frames in (6, 7)]


def test_a_sound_before_a_gap_is_not_the_beginning_of_what_follows() -> None:
    segmenter = Segmenter(Scripted(runs((0.0, 640), (0.9, 200))), SHORT)
    before = np.concatenate([np.zeros(ms(600), np.int16), noise(ms(40))])
    assert segmenter.feed(before) + segmenter.flush() == []
    (opened,) = segmenter.feed(noise(ms(200)))
    assert opened == SegmentOpened(1, ms(640))


def test_it_opens_when_confirmed_and_closes_when_the_silence_is_long_enough() -> None:
    script = runs((0.0, 200), (0.9, 400), (0.0, 600))
    segmenter = Segmenter(Scripted(script), SHORT)
    heard = {}
    for at in range(len(script)):
        for event in segmenter.feed(noise(FRAME)):
            heard[type(event)] = (at + 1) * 20
    assert heard == {SegmentOpened: 240, SegmentClosed: 800}


def test_a_dip_within_a_word_does_not_close() -> None:
    script = runs((0.9, 300), (0.0, 180), (0.4, 200), (0.0, 180), (0.9, 100), (0.0, 400))
    found = events_of(script)
    assert [type(event) for event in found] == [SegmentOpened, SegmentClosed]


def test_unsure_frames_keep_an_utterance_open_but_open_none() -> None:
    assert events_of(runs((0.4, 1000), (0.0, 500))) == []
    found = events_of(runs((0.9, 200), (0.4, 600), (0.0, 500)))
    assert found[-1] == SegmentClosed(1, 0, ms(900), "pause")


def test_a_click_opens_nothing_and_a_cough_is_dropped() -> None:
    assert events_of(runs((0.0, 200), (0.9, 20), (0.0, 600))) == []
    found = events_of(runs((0.0, 200), (0.9, 80), (0.0, 300), (0.9, 200), (0.0, 300)))
    assert found == [
        SegmentOpened(1, ms(100)),
        SegmentDropped(1, ms(100), ms(380)),
        SegmentOpened(2, ms(480)),
        SegmentClosed(2, ms(480), ms(880), "pause"),
    ]


def test_the_pre_roll_never_reaches_into_the_utterance_before() -> None:
    settings = SegmenterSettings(silence_ms=200, keep_silence_ms=200, pre_roll_ms=300)
    found = events_of(runs((0.9, 400), (0.0, 240), (0.9, 400), (0.0, 300)), settings)
    closed = [event for event in found if isinstance(event, SegmentClosed)]
    assert closed[0].stop_sample == closed[1].start_sample == ms(600)


def test_a_dropped_sound_may_be_the_pre_roll_of_speech() -> None:
    found = events_of(runs((0.9, 80), (0.0, 200), (0.9, 400), (0.0, 300)))
    assert found[1] == SegmentDropped(1, 0, ms(180))
    assert found[2] == SegmentOpened(2, ms(180))


def test_speech_at_the_end_of_input_is_closed_there() -> None:
    script = runs((0.0, 200), (0.9, 400))
    found = events_of(script, sound=noise(ms(600) - 7))
    assert found[-1] == SegmentClosed(1, ms(100), ms(600) - 7, "end_of_input")


def test_a_long_utterance_is_cut_where_it_is_quietest() -> None:
    sound = noise(ms(2500))
    sound[ms(1100) : ms(1300)] //= 100
    found = events_of(runs((0.9, 2000), (0.0, 500)), sound=sound)
    assert [type(event) for event in found] == [
        SegmentOpened,
        SegmentClosed,
        SegmentOpened,
        SegmentClosed,
    ]
    first, second = found[1], found[3]
    assert isinstance(first, SegmentClosed)
    assert isinstance(second, SegmentClosed)
    assert first.reason == "too_long"
    assert abs(first.stop_sample - ms(1200)) <= FRAME
    assert found[2] == SegmentOpened(2, first.stop_sample)
    assert second == SegmentClosed(2, first.stop_sample, ms(2100), "pause")


def test_even_one_frame_that_goes_on_after_a_cut_is_kept() -> None:
    sound = noise(ms(2500))
    sound[ms(1400) : ms(1500)] = 0
    found = events_of(runs((0.9, 1540), (0.0, 900)), sound=sound)
    assert isinstance(found[-1], SegmentClosed)
    assert found[-1].utterance == 2


def test_silence_after_a_cut_is_dropped_in_time_and_may_be_pre_roll() -> None:
    sound = noise(ms(2500))
    sound[ms(1380) :] = 0
    found = events_of(runs((0.9, 1360), (0.0, 200), (0.9, 200), (0.0, 740)), sound=sound)
    cut = ms(1500)
    assert found == [
        SegmentOpened(1, 0),
        SegmentClosed(1, 0, cut, "too_long"),
        SegmentOpened(2, cut),
        SegmentDropped(2, cut, cut),
        SegmentOpened(3, cut),
        SegmentClosed(3, cut, ms(1860), "pause"),
    ]


def test_kept_silence_makes_no_utterance_too_long() -> None:
    found = events_of(runs((0.9, 1320), (0.0, 700)), KEEPS_ALL)
    assert found == [SegmentOpened(1, 0), SegmentClosed(1, 0, ms(1510), "pause")]


def test_a_gap_in_the_input_ends_the_utterance_and_the_count_goes_on() -> None:
    detector = Scripted(runs((0.9, 400), (0.0, 200), (0.9, 400)))
    segmenter = Segmenter(detector, SHORT)
    found = segmenter.feed(noise(ms(400) - 10)) + segmenter.flush()
    assert found[-1] == SegmentClosed(1, 0, ms(400) - 10, "end_of_input")
    assert detector.resets == 1
    found = segmenter.feed(noise(ms(600))) + segmenter.flush()
    assert found[0] == SegmentOpened(2, ms(500) - 10)
    assert isinstance(found[-1], SegmentClosed)
    assert found[-1].stop_sample == ms(1000) - 10
    assert segmenter.flush() == []


def test_after_a_gap_the_quietest_place_is_found_as_before() -> None:
    segmenter = Segmenter(Scripted(runs((0.0, 420), (0.9, 2000))), SHORT)
    sound = noise(ms(2000))
    sound[ms(1100) : ms(1300)] //= 100
    assert segmenter.feed(noise(ms(420) - 9)) + segmenter.flush() == []
    found = segmenter.feed(sound)
    assert found[0] == SegmentOpened(1, ms(420) - 9)
    assert isinstance(found[1], SegmentClosed)
    assert abs(found[1].stop_sample - (ms(420) - 9 + ms(1200))) <= FRAME


def test_speech_is_not_confirmed_across_a_gap() -> None:
    segmenter = Segmenter(Scripted(runs((0.9, 40), (0.0, 400))), SHORT)
    assert segmenter.feed(noise(FRAME)) + segmenter.flush() == []
    assert segmenter.feed(noise(ms(420))) == []


def test_growing_tells_how_far_it_has_heard() -> None:
    segmenter = Segmenter(Scripted(runs((0.0, 200), (0.9, 400), (0.0, 400))), SHORT)
    assert segmenter.open_utterance is None
    segmenter.feed(noise(ms(500) + 5))
    growing = segmenter.open_utterance
    assert growing is not None
    assert (growing.utterance, growing.start_sample, growing.stop_sample) == (1, ms(100), ms(500))
    segmenter.feed(noise(ms(500)))
    assert segmenter.open_utterance is None


def test_whole_numbers_and_floats_are_the_same_sound() -> None:
    script, sound = runs((0.9, 3100)), noise(ms(3100), seed=5)
    as_float = sound.astype(np.float32) / 32768
    assert events_of(script, sound=sound) == events_of(script, sound=as_float)


def test_nothing_else_is_taken_for_sound() -> None:
    segmenter = Segmenter(Scripted([]), SHORT)
    with pytest.raises(TypeError, match="float64"):
        segmenter.feed(np.zeros(10))
    with pytest.raises(TypeError, match=r"\(10, 1\)"):
        segmenter.feed(np.zeros((10, 1), np.float32))


def test_frames_must_be_divisible() -> None:
    with pytest.raises(ValueError, match="481"):
        Segmenter(Scripted([], 481), SHORT)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"open_probability": 0.2}, "open_probability"),
        ({"stay_probability": 0.0}, "stay_probability"),
        ({"silence_ms": 100}, "silence_ms"),
        ({"pre_roll_ms": -1}, "pre_roll_ms"),
        ({"max_utterance_ms": 500}, "max_utterance_ms"),
    ],
)
def test_settings_that_make_no_sense_are_named(change: dict[str, float], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        SegmenterSettings(**change)  # type: ignore[arg-type]


# --- properties of every input -----------------------------------------------------------------

scripts = st.lists(
    st.tuples(st.sampled_from([0.0, 0.4, 0.9]), st.integers(1, 45)), max_size=12
).map(lambda parts: [value for value, frames in parts for _ in range(frames)])
# One large block per round keeps the number of calls small.
block_sizes = st.lists(st.integers(0, 3000), max_size=7).map(lambda sizes: [*sizes, 1500])
# A busy computer may be slow.
settings_of = st.sampled_from([SHORT, TAKES_ALL, KEEPS_ALL])


def in_blocks(sound: np.ndarray, sizes: list[int]) -> list[np.ndarray]:
    """Return `sound` in blocks of the given sizes, repeated; a 0 is an empty block."""
    blocks, at, turn = [], 0, 0
    while at < len(sound):
        size = sizes[turn % len(sizes)] or (turn % 2) * 700
        blocks.append(sound[at : at + size])
        at, turn = at + size, turn + 1
    return blocks


@given(scripts, block_sizes, st.integers(0, FRAME - 1), settings_of, st.integers(0, 9))
def test_any_blocks_give_the_same_result(
    script: list[float], sizes: list[int], rest: int, settings: SegmenterSettings, seed: int
) -> None:
    sound = noise(len(script) * FRAME + rest, seed)
    segmenter = Segmenter(Scripted([*script, 0.9]), settings)
    pieces: list[SegmentEvent] = []
    for block in in_blocks(sound, sizes):
        pieces += segmenter.feed(block)
    pieces += segmenter.flush()
    assert pieces == events_of([*script, 0.9], settings, sound)


@given(scripts, st.integers(0, FRAME - 1), settings_of, st.integers(0, 9))
def test_utterances_are_in_order_apart_and_short_enough(
    script: list[float], rest: int, settings: SegmenterSettings, seed: int
) -> None:
    sound = noise(len(script) * FRAME + rest, seed)
    found = events_of([*script, 0.9], settings, sound)
    # Every opening is closed or dropped before the next one, and numbers count from 1.
    assert len(found) % 2 == 0
    for number, (opened, ended) in enumerate(zip(found[::2], found[1::2], strict=True), start=1):
        assert isinstance(opened, SegmentOpened)
        assert isinstance(ended, SegmentClosed | SegmentDropped)
        assert opened.utterance == ended.utterance == number
        assert opened.start_sample == ended.start_sample
        assert 0 <= ended.stop_sample - ended.start_sample <= ms(settings.max_utterance_ms)
    closed = [event for event in found if isinstance(event, SegmentClosed)]
    for one in closed:
        assert one.start_sample < one.stop_sample <= len(sound)
    for before, after in pairwise(closed):
        assert before.stop_sample <= after.start_sample
    for before, after in pairwise(found):
        if isinstance(before, SegmentClosed) and before.reason == "too_long":
            assert after == SegmentOpened(before.utterance + 1, before.stop_sample)


@given(scripts, st.integers(0, 9))
def test_no_speech_is_lost(script: list[float], seed: int) -> None:
    """Without confirmation, each speech frame lies completely in one utterance."""
    found = events_of(script, TAKES_ALL, noise(len(script) * FRAME, seed))
    owners = np.zeros(len(script) * FRAME, int)
    for event in found:
        if isinstance(event, SegmentClosed):
            owners[event.start_sample : event.stop_sample] += 1
    assert owners.max(initial=0) <= 1
    for at, likely in enumerate(script):
        if likely == 0.9:
            assert owners[at * FRAME : (at + 1) * FRAME].all()


@given(scripts, block_sizes, settings_of)
def test_sound_said_to_be_forgotten_is_never_asked_for(
    script: list[float], sizes: list[int], settings: SegmenterSettings
) -> None:
    segmenter = Segmenter(Scripted(script), settings)
    fed = needed = 0
    reach = ms(settings.max_utterance_ms) + ms(settings.pre_roll_ms + settings.confirm_ms)
    for block in [*in_blocks(noise(len(script) * FRAME), sizes), None]:
        found = segmenter.flush() if block is None else segmenter.feed(block)
        fed += 0 if block is None else len(block)
        assert all(event.start_sample >= needed for event in found)
        assert needed <= segmenter.oldest_needed_sample <= fed
        needed = segmenter.oldest_needed_sample
        assert fed - needed <= reach + 2 * FRAME


def test_it_says_where_an_utterance_will_end_once_all_of_it_was_heard() -> None:
    segmenter = Segmenter(Scripted(runs((0.9, 400), (0.0, 160), (0.9, 200), (0.0, 400))), SHORT)
    sound = noise(RATE * 1160 // 1000)
    ends, closed = [], []
    for at in range(0, len(sound), FRAME):
        closed += [
            e for e in segmenter.feed(sound[at : at + FRAME]) if isinstance(e, SegmentClosed)
        ]
        growing = segmenter.open_utterance
        ends.append((at + FRAME, growing.ends_at_sample if growing else None))
    ms = RATE // 1000
    assert dict(ends)[400 * ms] is None
    assert dict(ends)[480 * ms] is None, "the silence that is kept is not over"
    assert dict(ends)[500 * ms] == 500 * ms
    assert dict(ends)[560 * ms] == 500 * ms
    assert dict(ends)[580 * ms] is None, "speech again"
    assert dict(ends)[860 * ms] == 860 * ms
    assert [one.stop_sample for one in closed] == [860 * ms]


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.9]), st.integers(1, 40)), max_size=12))
def test_an_utterance_that_pauses_ends_where_it_was_said_to(script: list) -> None:
    likely = [value for value, frames in script for _ in range(frames)]
    segmenter = Segmenter(Scripted([*likely, *[0.0] * 30]), SHORT)
    sound = noise((len(likely) + 30) * FRAME)
    said = None
    for at in range(0, len(sound), FRAME):
        found = segmenter.feed(sound[at : at + FRAME])
        for one in found:
            if isinstance(one, SegmentClosed) and one.reason == "pause":
                assert said == (one.utterance, one.stop_sample)
        growing = segmenter.open_utterance
        said = (growing.utterance, growing.ends_at_sample) if growing else None
