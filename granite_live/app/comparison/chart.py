"""Draw a comparison as an SVG picture: wrong words with their intervals, and speed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from xml.etree import ElementTree

from granite_live.app.comparison.results import ComparedModel
from granite_live.messages.models import ComparisonMessage
from granite_live.transcript.word_errors import ErrorRate

_ROW_PX, _TOP_PX, _BOTTOM_PX = 44, 56, 40
_CHARACTER_PX, _PLOT_PX, _FIGURES_PX = 7, 420, 150
_GRID_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
_GRID_LINES = 6


def draw(rows: Sequence[ComparedModel], translate: Callable[[str], str] = str) -> str:
    """Return the picture: a bar for each form with its 95 % interval; at its right its speed.

    Args:
        rows: The forms; those without a rate are left out.
        translate: Translates messages.
    """
    rated = [(one, one.error_rate) for one in rows if one.error_rate is not None]
    most = max((rate.high for _, rate in rated), default=0.0) or _GRID_STEPS[0]
    step = next((one for one in _GRID_STEPS if most / one <= _GRID_LINES), _GRID_STEPS[-1])
    lines = int(most / step) + 1
    left = 20 + _CHARACTER_PX * max((len(str(row.candidate)) for row, _ in rated), default=0)
    width = left + _PLOT_PX + _FIGURES_PX
    bottom = _TOP_PX + _ROW_PX * len(rated)
    picture = ElementTree.Element(
        "svg",
        {"xmlns": "http://www.w3.org/2000/svg", "font-family": "sans-serif"},
        **_numbers(width=width, height=bottom + _BOTTOM_PX),
    )
    picture.set("font-size", "13")
    _add(picture, "rect", "", fill="#fff", **_numbers(width=width, height=bottom + _BOTTOM_PX))
    title = translate(ComparisonMessage.CHART_TITLE())
    _add(picture, "text", title, **_numbers(x=left, y=_TOP_PX // 2))
    for k in range(lines + 1):
        line = left + _PLOT_PX * k / lines
        _add(picture, "path", "", d=f"M{line:.1f},{_TOP_PX - 8}V{bottom}", stroke="#ddd")
        _add_text(picture, f"{k * step:.0%}", line, bottom + 20, "middle")
    for k, (row, rate) in enumerate(rated):
        at = (left, _TOP_PX + _ROW_PX * (k + 0.5))
        _add_row(picture, row, rate, at, _PLOT_PX / (lines * step))
    return ElementTree.tostring(picture, encoding="unicode") + "\n"


def _add_row(
    picture: ElementTree.Element,
    row: ComparedModel,
    rate: ErrorRate,
    at: tuple[float, float],
    scale: float,
) -> None:
    """Add a form's name, bar, interval and figures.

    Args:
        picture: Receives them.
        row: The form.
        rate: Its rate.
        at: The left end of the bar's middle line.
        scale: The length of a rate of 1.
    """
    left, y = at
    _add_text(picture, str(row.candidate), left - 10, y + 4, "end")
    bar = _numbers(x=left, y=y - 9, width=rate.rate * scale, height=18)
    _add(picture, "rect", "", fill="#4a7fb5", **bar)
    low, high = (left + one * scale for one in (rate.low, rate.high))
    interval = {"stroke": "#222", "stroke-width": "2"}
    _add(picture, "path", "", d=f"M{low:.1f},{y:.1f}H{high:.1f}", **interval)
    speed = f", {1 / row.real_time_factor:.1f}x" if row.real_time_factor else ""
    _add_text(picture, f"{rate.rate:.1%}{speed}", left + _PLOT_PX + 10, y + 4, "start")


def _add_text(picture: ElementTree.Element, text: str, x: float, y: float, anchor: str) -> None:
    _add(picture, "text", text, **_numbers(x=x, y=y), **{"text-anchor": anchor})


def _add(picture: ElementTree.Element, tag: str, text: str, **attributes: str) -> None:
    ElementTree.SubElement(picture, tag, attributes).text = text or None


def _numbers(**attributes: float) -> dict[str, str]:
    return {name: f"{value:.1f}" for name, value in attributes.items()}
