"""Voice activity detection and segmentation into utterances."""

from granite_live.vad.detectors import (
    DEFAULT_DETECTOR,
    DETECTORS,
    Detector,
    DetectorError,
    make_detector,
)
from granite_live.vad.events import (
    Closed,
    Dropped,
    Growing,
    Opened,
    SegmenterSettings,
    SegmentEvent,
)
from granite_live.vad.segmenter import Segmenter

__all__ = [
    "DEFAULT_DETECTOR",
    "DETECTORS",
    "Closed",
    "Detector",
    "DetectorError",
    "Dropped",
    "Growing",
    "Opened",
    "SegmentEvent",
    "Segmenter",
    "SegmenterSettings",
    "make_detector",
]
