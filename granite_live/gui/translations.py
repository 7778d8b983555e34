"""The language of the window: the program's own sentences, Qt's, numbers and dates."""

from __future__ import annotations

import logging

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from granite_live.resources import assets_dir

_log = logging.getLogger(__name__)

SOURCE_LANGUAGE = "en"
"""What the program is written in: it needs no file."""
LANGUAGES = {SOURCE_LANGUAGE: "English", "de": "Deutsch"}
"""Those that there are, each by the name that its speakers look for."""
SYSTEM = "system"


def language_of(wanted: str, system: QLocale | None = None) -> str:
    """Return one of LANGUAGES for what the user wants: one of them, or SYSTEM.

    With SYSTEM it is the first of the user's languages that there is, else English.
    """
    if wanted in LANGUAGES:
        return wanted
    locale = QLocale.system() if system is None else system
    # "de-AT", "de", "en-GB", ... in the order in which the user prefers them.
    spoken = (one.replace("_", "-").partition("-")[0] for one in locale.uiLanguages())
    return next((one for one in spoken if one in LANGUAGES), SOURCE_LANGUAGE)


def locale_of(language: str, system: QLocale | None = None) -> QLocale:
    """Return how numbers and dates are written in a language, as is usual where the user is."""
    locale = QLocale.system() if system is None else system
    wanted = QLocale(language).language()
    # The locale of programmers, "C", is in English.
    is_plain = locale.language() is QLocale.Language.C and language == SOURCE_LANGUAGE
    if locale.language() is wanted or is_plain:
        return locale
    return QLocale(wanted, locale.territory())


class Translation:
    """Makes the program speak a language, from now on until `remove`.

    What is on the screen already keeps its words: to be made before the first window.
    """

    def __init__(self, app: QCoreApplication, wanted: str) -> None:
        """Begin; `wanted` is one of LANGUAGES or SYSTEM."""
        self.language = language_of(wanted)
        self._app, self._before = app, QLocale()
        self._translators: list[QTranslator] = []
        QLocale.setDefault(locale_of(self.language))
        qt_folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        self._load("qtbase", qt_folder)
        if self.language != SOURCE_LANGUAGE:
            self._load("granite-live", str(assets_dir() / "translations"))

    def remove(self) -> None:
        """Speak as before; to be called once, at the end."""
        for one in self._translators:
            self._app.removeTranslator(one)
        self._translators.clear()
        QLocale.setDefault(self._before)

    def _load(self, name: str, folder: str) -> None:
        translator = QTranslator()
        if translator.load(f"{name}_{self.language}", folder):
            self._app.installTranslator(translator)
            self._translators.append(translator)
        else:
            _log.warning("no %s_%s in %s: those words are English", name, self.language, folder)
