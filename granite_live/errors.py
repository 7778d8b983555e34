"""The errors a user may meet: one short tree.

Every message is one sentence or two: what happened, with the offending value,
and what to do next. The front ends print it as it stands and exit with
``exit_code``; anything that is not a `GraniteError` is a defect of ours.
"""

from __future__ import annotations


class GraniteError(Exception):
    """Something a user can understand and mend. The message is written for them."""

    exit_code = 2


class AudioError(GraniteError):
    """A recording cannot be read, or its samples cannot be used."""


class BundleError(GraniteError):
    """A model bundle is missing, damaged or does not fit together."""


class DownloadError(GraniteError):
    """A model cannot be fetched now, or was not wanted any more. What is there already stays."""


class ProviderError(GraniteError):
    """onnxruntime could not open or run a graph with the wanted execution provider."""


class OutputError(GraniteError):
    """A result cannot be written where it should go."""


class SettingsError(GraniteError):
    """A setting means nothing, or the settings' file cannot be read or written."""


class HistoryError(GraniteError):
    """The list of the stored sessions cannot be used, or does not hold what is asked for."""


class WindowError(GraniteError):
    """No window can be opened here."""


class PrivacyError(GraniteError):
    """A library would send something about its user, so it is not loaded."""
