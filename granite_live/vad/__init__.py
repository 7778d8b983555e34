"""Voice activity detection and segmentation into utterances."""

from granite_live.vad.detectors import (
    DEFAULT_DETECTOR,
    DETECTORS,
    DetectorError,
    VoiceDetector,
    make_detector,
)
from granite_live.vad.events import (
    OpenUtterance,
    SegmentClosed,
    SegmentDropped,
    SegmenterSettings,
    SegmentEvent,
    SegmentOpened,
)
from granite_live.vad.segmenter import Segmenter

__all__ = [
    "DEFAULT_DETECTOR",
    "DETECTORS",
    "DetectorError",
    "OpenUtterance",
    "SegmentClosed",
    "SegmentDropped",
    "SegmentEvent",
    "SegmentOpened",
    "Segmenter",
    "SegmenterSettings",
    "VoiceDetector",
    "make_detector",
]
