"""Texts about models, tiers and downloads, for people who do not know what a tier is."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QLocale

from granite_live.app.model_inventory import InventorySnapshot, InventoryTier
from granite_live.app.model_tasks import DownloadPhase, DownloadStatus
from granite_live.gui.messages import translate_message
from granite_live.gui.sessions import session_list

_MINUTE_S, _HOUR_S = 60, 3600
_USUAL_BITS_S = 50e6


def size(size_bytes: float) -> str:
    """Return a size such as "2.5 GB"."""
    form = QLocale.DataSizeFormat.DataSizeSIFormat
    return QLocale().formattedDataSize(round(size_bytes), 1, form)


def tier_name(tier: InventoryTier) -> str:
    """Return a model's tier in plain words."""
    if tier.is_demo:
        return QCoreApplication.translate("Models", "for trying out")
    return {
        "int8": QCoreApplication.translate("Models", "compact"),
        "fp16w": QCoreApplication.translate("Models", "for graphics cards"),
        "fp32": QCoreApplication.translate("Models", "full precision"),
    }.get(tier.tier, tier.tier)


def name(tier: InventoryTier) -> str:
    """Return a model's name with its tier."""
    if tier.is_demo:
        return QCoreApplication.translate("Models", "Demo model")
    if not tier.tier:
        return tier.title
    return QCoreApplication.translate("Models", "{0}, {1}").format(tier.title, tier_name(tier))


def details(tier: InventoryTier) -> str:
    """Return a model's details: size, tier, languages, license, date of the check."""
    translate = QCoreApplication.translate
    parts = [size(tier.size_bytes), tier.tier]
    if tier.downloaded_bytes and not tier.is_installed:
        parts.append(
            translate("Models", "{0} are here already").format(size(tier.downloaded_bytes))
        )
    parts.append(languages(tier.languages))
    parts.append(tier.license)
    if tier.verified_at:
        parts.append(translate("Models", "checked {0}").format(_day(tier.verified_at)))
    return " · ".join(part for part in parts if part)


def state(tier: InventoryTier) -> str:
    """Return a model's status label, "" for none."""
    if tier.is_in_use:
        return QCoreApplication.translate("Models", "In use")
    if tier.is_recommended and not tier.is_installed:
        return QCoreApplication.translate("Models", "Recommended")
    return ""


def preparing(tier: InventoryTier) -> str:
    """Return that a model is being optimized for this computer."""
    return QCoreApplication.translate("Models", "Optimizing {0} for this computer").format(
        name(tier)
    )


def problem(tier: InventoryTier) -> str:
    """Return a model's problem with advice, "" for none."""
    if tier.problem or not tier.fault:
        return translate_message(tier.problem)
    text = QCoreApplication.translate(
        "Models", "It failed its check and is not used ({0}). Check it again, or download it again."
    )
    return text.format(translate_message(tier.fault))


def failed_check_notice(failed: InventoryTier, used: InventoryTier | None) -> str:
    """Return that the preferred model failed its check, and which one is used instead."""
    if used is None:
        text = QCoreApplication.translate(
            "Models", "{0} failed its check and is not used. See Models… in the menu."
        )
        return text.format(name(failed))
    text = QCoreApplication.translate(
        "Models", "{0} failed its check, so {1} is used instead. See Models… in the menu."
    )
    return text.format(name(failed), name(used))


def languages(codes: tuple[str, ...]) -> str:
    """Return the names of languages as a list in words, "" for none."""
    *first, last = [_language(code) for code in codes] or [""]
    if not first:
        return last
    return QCoreApplication.translate("Models", "{0} and {1}").format(", ".join(first), last)


def offer_title(tier: InventoryTier) -> str:
    """Return the title of the offer."""
    if tier.downloaded_bytes:
        return QCoreApplication.translate("Models", "Resume downloading {0}?").format(tier.title)
    return QCoreApplication.translate("Models", "Download {0}").format(tier.title)


def offer_text(tier: InventoryTier, shelf: InventorySnapshot, *, is_brief: bool = False) -> str:
    """Return what will be downloaded, why, its size and its folder.

    `is_brief` omits what the user has read before.
    """
    translate = QCoreApplication.translate
    sentences = []
    if not shelf.has_real_model and not is_brief:
        sentences.append(translate("Models", "You're using a small demo model. Expect mistakes."))
    if tier.languages and not is_brief:
        text = translate("Models", "The full model is far more accurate and understands {0}.")
        sentences.append(text.format(languages(tier.languages)))
    if tier.downloaded_bytes:
        text = translate("Models", "{0} of {1} already downloaded. The rest comes from {2}.")
        here, whole = size(tier.downloaded_bytes), size(tier.size_bytes)
        sentences.append(text.format(here, whole, tier.origin))
    else:
        text = translate("Models", "One-time download: {0} from {1}.")
        sentences.append(text.format(size(tier.size_bytes), tier.origin))
    if not is_brief:
        sentences.append(translate("Models", "It will be stored in {0}.").format(shelf.folder))
        missing = tier.size_bytes - tier.downloaded_bytes
        minutes = max(1, round(missing * 8 / _USUAL_BITS_S / _MINUTE_S))
        text = translate("Models", "That takes about {0} minutes at 50 Mbit/s, in the background.")
        sentences.append(text.format(minutes))
    return " ".join(sentences)


def offer_reason(tier: InventoryTier, shelf: InventorySnapshot) -> str:
    """Return why this tier is offered, with its technical name."""
    if not tier.is_recommended:
        return QCoreApplication.translate("Models", "Version: {0} ({1}).").format(
            tier_name(tier), tier.tier
        )
    text = QCoreApplication.translate("Models", "Why {0} ({1}): {2}")
    return text.format(tier_name(tier), tier.tier, translate_message(shelf.reason))


def progress(now: DownloadStatus) -> str:
    """Return the progress of a download in one line."""
    translate = QCoreApplication.translate
    if now.sentence:
        return translate_message(now.sentence)
    if now.phase is DownloadPhase.CONNECTING or not now.total_bytes:
        return translate("Models", "Checking availability…")
    text = translate("Models", "{0} of {1}")
    parts = [text.format(size(now.done_bytes), size(now.total_bytes))]
    if now.phase is DownloadPhase.PAUSED:
        parts.append(translate("Models", "paused"))
    elif now.done_bytes >= now.total_bytes:
        parts.append(translate("Models", "finishing…"))
    else:
        if now.rate_bytes_s:
            parts.append(translate("Models", "{0}/s").format(size(now.rate_bytes_s)))
        if now.left_s is not None:
            parts.append(time_left(now.left_s))
    return " · ".join(parts)


def time_left(seconds: float) -> str:
    """Return the remaining time, rounded to what can be known."""
    translate = QCoreApplication.translate
    if seconds < _MINUTE_S:
        return translate("Models", "less than a minute left")
    if seconds < 1.5 * _MINUTE_S:
        return translate("Models", "about a minute left")
    if seconds < _HOUR_S:
        return translate("Models", "about {0} minutes left").format(round(seconds / _MINUTE_S))
    if seconds < 1.5 * _HOUR_S:
        return translate("Models", "about an hour left")
    return translate("Models", "about {0} hours left").format(round(seconds / _HOUR_S))


def _language(code: str) -> str:
    """Return a language's name in the window's language; Qt has only English names."""
    translate = QCoreApplication.translate
    known = {
        "de": translate("Models", "German"),
        "en": translate("Models", "English"),
        "es": translate("Models", "Spanish"),
        "fr": translate("Models", "French"),
        "ja": translate("Models", "Japanese"),
        "pt": translate("Models", "Portuguese"),
    }
    return known.get(code) or QLocale.languageToString(QLocale(code).language())


def _day(time: str) -> str:
    """Return the day of an ISO time such as 2026-11-23T01:02:03Z; other texts unchanged."""
    try:
        return session_list.day(datetime.fromisoformat(time).astimezone().date())
    except ValueError:
        return time
