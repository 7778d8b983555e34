"""The errors that users may see.
 Every message is one or two sentences: what happened, with the offending value, and what to do
next. The front ends print it unchanged and exit with ``exit_code``; any other exception is a defect
of the program.
"""

from __future__ import annotations


class GraniteError(Exception):
    """An error that a user can understand and resolve. The message is written for users."""

    exit_code = 2

    def __str__(self) -> str:
        """Return the message with its code, where it has one."""
        return self.args[0] if len(self.args) == 1 else super().__str__()


class AudioError(GraniteError):
    """A recording cannot be read, or its samples cannot be used."""


class BundleError(GraniteError):
    """A model bundle is missing, damaged or does not fit together."""


class DownloadError(GraniteError):
    """A model cannot be downloaded now, or the download was canceled. Complete files stay."""


class ProviderError(GraniteError):
    """onnxruntime could not open or run a graph with the requested execution provider."""


class OutputError(GraniteError):
    """A result cannot be written to its destination."""


class SettingsError(GraniteError):
    """A setting is invalid, or the settings file cannot be read or written."""


class HistoryError(GraniteError):
    """The library of stored sessions cannot be used, or has no such entry."""


class DataInUseError(GraniteError):
    """The data folder is used by another program, or data is being removed from it."""


class WindowError(GraniteError):
    """No window can be opened here."""


class ControlError(GraniteError):
    """The running program cannot be reached, or does not answer a command."""


class ServerError(GraniteError):
    """The service for other programs cannot be started."""


class HookError(GraniteError):
    """A hook cannot be called, or its call failed."""


class PrivacyError(GraniteError):
    """A library would send data about its user, so it is not loaded."""


class SubtitleError(GraniteError):
    """A subtitle file cannot be read, or its times cannot be changed as requested."""
