"""Check whether the selected model is complete, correct and fast enough."""

from __future__ import annotations

import time
from collections.abc import Iterator

from granite_live.app.doctor.checks import CheckFinding, Facts, Status, redact
from granite_live.app.models import ModelChoice, ModelRequest, choose_model
from granite_live.models.store.verification import note_check
from granite_live.util.errors import BundleError, GraniteError

_DOWNLOAD = "Get Granite with 'granite-live models download'."
_AGAIN = "Download the model again with 'granite-live models download'."
_CLIP_S = 10.0


def check_model(request: ModelRequest) -> Iterator[CheckFinding]:
    """Check the requested model."""
    try:
        chosen = choose_model(request)
    except BundleError as error:
        yield CheckFinding("model", Status.BROKEN, str(error), _AGAIN, {"problem": redact(error)})
        return
    if chosen.skipped:
        passed: Facts = {"passed_over": len(chosen.skipped)}
        detail = " ".join(chosen.skipped)
        yield CheckFinding("skipped model", Status.NOTE, detail, "See the details.", passed)
    yield _chosen(chosen)
    damage = _damage(chosen)
    if damage is not None:
        note_check(chosen.path, chosen.tier, damage.detail)
        yield damage
        return
    try:
        yield _fixtures(chosen)
        yield _prepared(chosen)
        yield _speed(chosen)
    except GraniteError as error:
        yield CheckFinding(
            "model runs", Status.BROKEN, str(error), _AGAIN, {"problem": redact(error)}
        )


def _chosen(chosen: ModelChoice) -> CheckFinding:
    """Return the selected model, the provider and the reason."""
    facts: Facts = {
        "tier": chosen.tier,
        "is_demo": chosen.is_demo,
        "provider": chosen.provider,
        "reason": redact(chosen.reason),
    }
    how = f"{chosen.tier} on {chosen.provider}: {chosen.reason}"
    if chosen.is_demo:
        detail = f"the small demo model, {how}"
        return CheckFinding("model", Status.NOTE, detail, _DOWNLOAD, facts)
    return CheckFinding("model", Status.OK, f"{chosen.name} in {chosen.path}, {how}", "", facts)


def _damage(chosen: ModelChoice) -> CheckFinding | None:
    """Return what is wrong with the sizes of the files; None if nothing is, or no record exists."""
    from granite_live.models.store import check_files
    from granite_live.models.store.store import read_record

    try:
        record = read_record(chosen.path, chosen.tier)
    except BundleError as error:
        return CheckFinding("model files", Status.BROKEN, str(error), _AGAIN)
    problems = [] if record is None else check_files(chosen.path, record, sizes_only=True)
    if not problems:
        return None
    detail = "; ".join(f"{one.path}: {one.fault}" for one in problems)
    return CheckFinding("model files", Status.BROKEN, detail, _AGAIN, {"damaged": len(problems)})


def _prepared(chosen: ModelChoice) -> CheckFinding:
    """Check whether the graphs are prepared for this processor."""
    from granite_live.asr.providers import first_provider
    from granite_live.models.opening import open_bundle
    from granite_live.models.optimize import can_prepare, describe_speed, find_prepared

    topic = "prepared graphs"
    place = first_provider(chosen.provider, chosen.tier)
    if not can_prepare(chosen.tier, place):
        detail = f"none are needed for {chosen.tier} on {chosen.provider}"
        return CheckFinding(topic, Status.OK, detail, facts={"needed": False})
    facts: Facts = {"needed": True, "prepared": True}
    ready = find_prepared(open_bundle(chosen.path, chosen.tier), place)
    if ready is not None:
        speed = describe_speed(ready)
        detail = f"made for this processor and in use{f': {speed}' if speed else ''}"
        return CheckFinding(topic, Status.OK, detail, facts={**facts, "form": ready.form.value})
    detail = "not made yet: the published graphs are used, which takes longer"
    remedy = "Run 'granite-live models prepare' once; it takes some minutes."
    if chosen.is_demo:
        # The demo is fast enough without prepared graphs.
        return CheckFinding(
            topic,
            Status.OK,
            "the demo model does not need them",
            facts={**facts, "prepared": False},
        )
    return CheckFinding(topic, Status.NOTE, detail, remedy, {**facts, "prepared": False})


def _fixtures(chosen: ModelChoice) -> CheckFinding:
    """Run the recordings that the makers of the model put beside it."""
    from granite_live.asr.verify import verify_fixtures
    from granite_live.audio.files import read_audio
    from granite_live.models.opening import open_bundle

    checks = verify_fixtures(open_bundle(chosen.path, chosen.tier), read_audio)
    decided = [one.passed for one in checks if one.passed is not None]
    failed = [one.item for one in checks if one.passed is False]
    facts: Facts = {"passed": decided.count(True), "failed": len(failed)}
    if failed:
        note_check(chosen.path, chosen.tier, f"differs in {', '.join(failed)}")
        detail = f"differs from its reference results: {', '.join(failed)}"
        return CheckFinding("model verified", Status.BROKEN, detail, _AGAIN, facts)
    if not decided:
        detail = "it contains no reference results"
        return CheckFinding("model verified", Status.NOTE, detail, "", facts)
    detail = f"gives its reference results, {len(decided)} comparisons"
    return CheckFinding("model verified", Status.OK, detail, "", facts)


def _speed(chosen: ModelChoice) -> CheckFinding:
    """Time a short recording."""
    from granite_live.app.factory import open_recognizer
    from granite_live.audio.files import read_audio
    from granite_live.models.opening import open_bundle
    from granite_live.util import paths

    bundle = open_bundle(chosen.path, chosen.tier)
    rate_hz = bundle.front_end.sample_rate_hz
    sample = paths.assets_dir() / "samples" / "welcome.flac"
    clip = read_audio(sample, rate_hz)[: int(_CLIP_S * rate_hz)]
    with open_recognizer(bundle, chosen.provider) as recognizer:
        recognizer.transcribe(clip[: int(rate_hz)])
        began = time.perf_counter()
        recognizer.transcribe(clip)
        took_s = time.perf_counter() - began
        places = " and ".join(sorted(set(recognizer.model_info.providers.values())))
    clip_s = len(clip) / rate_hz
    factor = took_s / clip_s
    facts: Facts = {"real_time_factor": round(factor, 3), "providers": places}
    detail = f"{clip_s:.0f} s of speech take {took_s:.1f} s ({factor:.2f} of real time), {places}"
    if factor < 1.0:
        return CheckFinding("speed", Status.OK, detail, "", facts)
    remedy = "Text will come late: choose the tier int8, or close other programs."
    return CheckFinding("speed", Status.NOTE, detail, remedy, facts)
