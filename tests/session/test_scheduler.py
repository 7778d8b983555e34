"""The scheduler as a pure state machine."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from granite_live.session.scheduler import MAX_ATTEMPTS, MAX_KEPT_DRAFTS, Job, Scheduler
from granite_live.transcript.model import Timing

RATE = 1000


def scheduler() -> Scheduler:
    return Scheduler(RATE)


def test_a_draft_waits_for_a_word_of_sound() -> None:
    s = scheduler()
    s.opened(1, 1000)
    s.extended(1, 1300)
    assert s.next_job(0.0) is None
    assert s.next_draft_s() is None
    s.extended(1, 1600)
    assert s.next_job(0.0) == Job("draft", 1, 1000, 1600)


def test_drafts_take_at_most_half_of_the_time() -> None:
    s = scheduler()
    s.opened(1, 0)
    s.extended(1, 1000)
    job = s.next_job(10.0)
    assert job is not None
    assert not s.finished(job, cost_s=2.0, now_s=12.0)
    s.extended(1, 4000)
    assert s.next_job(13.9) is None
    assert s.next_draft_s() == 14.0
    assert s.next_job(14.0) == Job("draft", 1, 0, 4000)


def test_no_draft_without_new_sound() -> None:
    s = scheduler()
    s.opened(1, 0)
    s.extended(1, 1000)
    job = s.next_job(0.0)
    assert job is not None
    s.finished(job, 0.1, 1.0)
    assert s.next_job(99.0) is None
    s.extended(1, 1100)
    assert s.next_job(99.0) is None
    s.extended(1, 1200)
    assert s.next_job(99.0) is not None


def test_finals_come_first_and_in_order() -> None:
    s = scheduler()
    s.opened(1, 0)
    s.closed(1, 0, 2000)
    s.opened(2, 2000)
    s.closed(2, 2000, 5000)
    s.opened(3, 5000)
    s.extended(3, 7000)
    order = []
    for _ in range(3):
        job = s.next_job(0.0)
        assert job is not None
        order.append((job.kind, job.utterance))
        s.finished(job, 0.1, 0.0)
    assert order == [("final", 1), ("final", 2), ("draft", 3)]


def test_far_behind_drafts_are_shown_first_and_edited_later() -> None:
    s = scheduler()
    for n in (1, 2, 3):
        s.opened(n, n * 10_000)
        s.closed(n, n * 10_000, n * 10_000 + 10_000)
    order = []
    while (job := s.next_job(0.0)) is not None:
        order.append((job.kind, job.utterance))
        s.finished(job, 1.0, 0.0)
    assert order == [
        ("provisional", 1),
        ("provisional", 2),
        ("provisional", 3),
        ("final", 1),
        ("final", 2),
        ("final", 3),
    ]


def test_no_more_drafts_wait_for_the_editor_than_are_kept() -> None:
    """However many wait, because a dropped draft would have to be computed again."""
    s = scheduler()
    many = 3 * MAX_KEPT_DRAFTS
    for n in range(many):
        s.closed(n, n * 10_000, n * 10_000 + 10_000)
    waiting, most, kinds = 0, 0, []
    while (job := s.next_job(0.0)) is not None:
        kinds.append(job.kind)
        waiting += 1 if job.kind == "provisional" else -1
        most = max(most, waiting)
        s.finished(job, 1.0, 0.0)
    assert most == MAX_KEPT_DRAFTS
    assert (kinds.count("provisional"), kinds.count("final")) == (many, many)


def test_a_silent_draft_ends_an_utterance_at_once() -> None:
    s = scheduler()
    for n in (1, 2, 3):
        s.closed(n, n * 10_000, n * 10_000 + 10_000)
    job = s.next_job(0.0)
    assert job == Job("provisional", 1, 10_000, 20_000)
    assert s.finished(job, 0.1, 0.0, empty=True)
    assert s.backlog == 2


def test_an_utterance_is_given_up_after_three_crashes() -> None:
    s = scheduler()
    s.closed(1, 0, 1000)
    job = Job("final", 1, 0, 1000)
    assert [s.worker_died(job) for _ in range(MAX_ATTEMPTS)] == [False, False, True]
    assert s.backlog == 0
    assert s.unfinished() == ()


def test_given_up_while_open_stays_given_up() -> None:
    s = scheduler()
    s.opened(1, 0)
    s.extended(1, 1000)
    for _ in range(MAX_ATTEMPTS):
        s.worker_died(Job("draft", 1, 0, 1000))
    s.extended(1, 2000)
    s.closed(1, 0, 3000)
    assert s.next_job(9.0) is None
    assert s.unfinished() == ()


def test_what_was_no_speech_is_forgotten() -> None:
    s = scheduler()
    s.opened(1, 0)
    s.extended(1, 1000)
    s.dropped(1)
    assert s.next_job(0.0) is None
    assert s.unfinished() == ()


def test_without_drafts_only_finals() -> None:
    s = Scheduler(RATE, drafts=False)
    s.opened(1, 0)
    s.extended(1, 9000)
    assert s.next_job(0.0) is None
    s.closed(1, 0, 9000)
    assert s.next_job(0.0) == Job("final", 1, 0, 9000)


def pausing(stop_sample: int = 2300, ends_at_sample: int = 2200) -> Scheduler:
    """An utterance of 2 s and some silence, just drafted."""
    s = scheduler()
    s.opened(1, 0)
    s.extended(1, 2000)
    s.finished(Job("draft", 1, 0, 2000), cost_s=0.1, now_s=10.0)
    s.extended(1, stop_sample, 400, ends_at_sample)
    return s


def test_a_pause_is_transcribed_while_it_lasts() -> None:
    s = pausing()
    early = Job("speculative_final", 1, 0, 2200)
    assert s.next_job(10.0) == early
    assert not s.finished(early, 0.1, 10.1)
    s.extended(1, 2600, 700, 2200)
    assert s.next_job(99.0) is None, "the same silence gives the same words"
    s.closed(1, 0, 2200)
    assert s.next_job(99.0) == Job("final", 1, 0, 2200)


def test_an_early_result_is_the_last_if_the_utterance_ended_there() -> None:
    s = pausing()
    early = s.next_job(10.0)
    assert early is not None
    s.closed(1, 0, 2200)
    assert s.finished(early, 0.1, 10.1)
    assert s.unfinished() == ()


def test_an_early_result_is_not_the_last_if_more_was_said() -> None:
    s = pausing()
    early = s.next_job(10.0)
    assert early is not None
    s.extended(1, 3000)
    s.closed(1, 0, 3300)
    assert not s.finished(early, 0.1, 10.1)
    assert s.next_job(99.0) == Job("final", 1, 0, 3300)


def test_no_draft_is_begun_in_what_may_be_the_end() -> None:
    s = scheduler()
    s.opened(1, 0)
    s.extended(1, 2000, quiet_samples=150)
    assert s.next_job(0.0) is None
    s.extended(1, 2300, quiet_samples=80)
    assert s.next_job(0.0) == Job("draft", 1, 0, 2300)


def test_each_pause_is_transcribed_anew() -> None:
    s = pausing()
    s.finished(Job("speculative_final", 1, 0, 2200), 0.1, 10.1)
    s.extended(1, 3000)
    assert s.next_job(99.0) == Job("draft", 1, 0, 3000)
    s.extended(1, 3400, 400, 3300)
    assert s.next_job(99.0) == Job("speculative_final", 1, 0, 3300)


def test_a_slow_recogniser_does_nothing_early() -> None:
    s = pausing()
    s.finished(Job("final", 0, 0, 1000), cost_s=0.6, now_s=0.0)
    assert s.next_job(99.0) is None


def costly(draft_s: float, edit_s: float) -> Scheduler:
    """As `pausing`, with given costs per second of audio."""
    s = pausing()
    timing = Timing(0.0, draft_s, edit_s, draft_s + edit_s)
    s.finished(Job("final", 0, 0, 1000), draft_s + edit_s, 0.0, timing=timing)
    return s


SPECULATIVE_ENCODE = Job("speculative_encode", 1, 0, 2200)


def test_what_cannot_be_edited_in_a_pause_is_heard_in_it() -> None:
    s = costly(draft_s=0.4, edit_s=0.6)
    assert s.next_job(99.0) == SPECULATIVE_ENCODE
    assert not s.finished(SPECULATIVE_ENCODE, 0.9, 99.9)
    assert s.next_job(199.0) is None, "the editor would take 1.3 s"
    s.closed(1, 0, 2200)
    assert s.next_job(199.0) == Job("final", 1, 0, 2200)


def test_what_was_heard_ahead_is_edited_in_the_same_pause_if_that_is_quick() -> None:
    s = costly(draft_s=0.4, edit_s=0.3)
    assert s.next_job(99.0) == SPECULATIVE_ENCODE
    s.finished(SPECULATIVE_ENCODE, 0.9, 99.9)
    early = Job("speculative_final", 1, 0, 2200)
    assert s.next_job(99.9) == early
    s.closed(1, 0, 2200)
    assert s.finished(early, 0.6, 100.5)


def test_an_encoder_that_is_too_slow_does_not_run_ahead() -> None:
    s = costly(draft_s=0.5, edit_s=0.1)
    assert s.next_job(99.0) is None


def test_what_was_heard_ahead_is_a_draft_if_speech_goes_on() -> None:
    s = costly(draft_s=0.4, edit_s=0.6)
    assert not s.finished(SPECULATIVE_ENCODE, 0.9, 99.9)
    s.extended(1, 2300)
    assert s.next_job(100.0) is None, "no draft without new sound, nor right after the last one"
    s.extended(1, 2450)
    assert s.next_job(101.0) == Job("draft", 1, 0, 2450)


def test_what_was_heard_ahead_of_the_end_is_not_drafted_once_more() -> None:
    s = costly(draft_s=0.4, edit_s=0.6)
    s.closed(1, 0, 2200)
    assert not s.finished(SPECULATIVE_ENCODE, 0.9, 99.9)
    s.closed(2, 3000, 40_000)
    assert s.next_job(99.9) == Job("provisional", 2, 3000, 40_000)


def test_silence_heard_ahead_of_the_end_is_final_at_once() -> None:
    s = costly(draft_s=0.4, edit_s=0.6)
    s.closed(1, 0, 2200)
    assert s.finished(SPECULATIVE_ENCODE, 0.9, 99.9, empty=True)
    assert s.unfinished() == ()


def test_what_a_worker_heard_ahead_is_gone_with_it() -> None:
    s = costly(draft_s=0.4, edit_s=0.3)
    s.finished(SPECULATIVE_ENCODE, 0.9, 99.9)
    s.forget_drafts()
    assert s.next_job(99.9) == SPECULATIVE_ENCODE


def test_a_skipped_editor_says_nothing_of_what_it_costs() -> None:
    s = costly(draft_s=0.4, edit_s=0.6)
    certain = Timing(0.0, 0.1, 0.0, 0.1)
    s.finished(Job("final", 0, 0, 1000), 0.1, 0.0, timing=certain)
    assert s.next_job(99.0) == SPECULATIVE_ENCODE


def test_an_early_job_waits_for_what_has_ended() -> None:
    s = scheduler()
    s.closed(1, 0, 1000)
    s.opened(2, 1000)
    s.extended(2, 3000, 400, 2900)
    assert s.next_job(0.0) == Job("final", 1, 0, 1000)


def test_a_refused_early_job_is_not_tried_again_before_the_end() -> None:
    s = pausing()
    early = s.next_job(10.0)
    assert early is not None
    assert not s.job_rejected(early)
    assert s.next_job(99.0) is None
    s.closed(1, 0, 2200)
    assert s.next_job(99.0) == Job("final", 1, 0, 2200)


@given(st.lists(st.sampled_from(["speak", "pause", "work", "crash", "drop"]), max_size=60))
def test_every_utterance_ends_once(steps: list[str]) -> None:
    """After any events in any order, each utterance is final, given up, or still waiting."""
    s = scheduler()
    made, ended, dropped, clock = 0, [], [], 0
    for step in steps:
        if step == "speak":
            made += 1
            s.opened(made, clock)
            s.extended(made, clock + 700)
            s.closed(made, clock, clock + 4000)
            clock += 4000
        elif step == "pause":
            made += 1
            s.opened(made, clock)
            s.extended(made, clock + 4000, 400, clock + 3900)
            job = s.next_job(0.0)
            s.closed(made, clock, clock + 3900)
            clock += 4000
            if job is not None and s.finished(job, 0.1, 0.0):
                ended.append(job.utterance)
        elif step == "drop":
            made += 1
            s.opened(made, clock)
            s.dropped(made)
            dropped.append(made)
        else:
            job = s.next_job(0.0)
            if job is None:
                continue
            over = s.worker_died(job) if step == "crash" else s.finished(job, 0.1, 0.0)
            if over:
                ended.append(job.utterance)
    everything = [*ended, *dropped, *s.unfinished()]
    assert sorted(everything) == list(range(1, made + 1))


def test_an_utterance_is_cut_only_when_it_is_closed() -> None:
    s = scheduler()
    s.opened(1, 0)
    s.extended(1, 3000, quiet_samples=400, ends_at_sample=2900)
    early = s.next_job(0.0)
    assert early == Job("speculative_final", 1, 0, 2900)
    assert s.cut(early, [(0, 900), (1900, 2900)], iter([2])) == []
    assert s.next_job(0.0) is None
    s.closed(1, 0, 2900)
    job = s.next_job(0.0)
    assert job == Job("final", 1, 0, 2900)
    parts = s.cut(job, [(100, 900), (1900, 2900)], iter([2]))
    assert parts == [Job("final", 2, 1900, 2900), Job("final", 1, 100, 900)]
    assert s.next_job(0.0) == parts[1]
    assert s.backlog == 2
