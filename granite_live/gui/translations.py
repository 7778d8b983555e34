"""The window's language: the program's translation, Qt's, number and date formats."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from granite_live.util.paths import assets_dir

_log = logging.getLogger(__name__)

MESSAGE_CONTEXT = "Message"
"""The context in which the code of a message is translated to its sentence."""

SOURCE_LANGUAGE = "en"
"""The language of the source strings, which needs no translation file."""
LANGUAGES = {SOURCE_LANGUAGE: "English", "de": "Deutsch"}
"""The available languages by their own names."""
SYSTEM = "system"


def language_of(wanted: str, system: QLocale | None = None) -> str:
    """Return the language, one of LANGUAGES, for `wanted`: one of LANGUAGES or SYSTEM.

    SYSTEM means the first available one of the user's languages, else English.
    """
    if wanted in LANGUAGES:
        return wanted
    locale = QLocale.system() if system is None else system
    # "de-AT", "de", "en-GB", ... in the user's order of preference.
    spoken = (one.replace("_", "-").partition("-")[0] for one in locale.uiLanguages())
    return next((one for one in spoken if one in LANGUAGES), SOURCE_LANGUAGE)


def locale_of(language: str, system: QLocale | None = None) -> QLocale:
    """Return the locale for numbers and dates in a language, with the user's territory if any."""
    locale = QLocale.system() if system is None else system
    wanted = QLocale(language).language()
    # The "C" locale is English.
    is_plain = locale.language() is QLocale.Language.C and language == SOURCE_LANGUAGE
    if locale.language() is wanted or is_plain:
        return locale
    return QLocale(wanted, locale.territory())


class Translation:
    """Installs the translators of a language until `remove`.

    Existing widgets keep their texts, so create this before the first window.
    """

    def __init__(self, app: QCoreApplication, wanted: str) -> None:
        """Install the translators; `wanted` is one of LANGUAGES or SYSTEM."""
        self.language = language_of(wanted)
        self._app, self._before = app, QLocale()
        self._translators: list[QTranslator] = []
        QLocale.setDefault(locale_of(self.language))
        qt_folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        self._load("qtbase", qt_folder)
        if self.language != SOURCE_LANGUAGE:
            folder = assets_dir() / "translations"
            self._load("granite-live", str(folder))
            self._load_messages(folder / f"messages_{self.language}.json")

    def remove(self) -> None:
        """Remove the translators; call this once, at the end."""
        for one in self._translators:
            self._app.removeTranslator(one)
        self._translators.clear()
        QLocale.setDefault(self._before)

    def _load(self, name: str, folder: str) -> None:
        translator = QTranslator()
        if translator.load(f"{name}_{self.language}", folder):
            self._install(translator)
        else:
            _log.warning(
                "%s_%s is missing in %s; its texts are shown in English.",
                name,
                self.language,
                folder,
            )

    def _load_messages(self, path: Path) -> None:
        try:
            sentences = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            _log.warning("%s cannot be read (%s); its messages are shown in English.", path, error)
        else:
            self._install(_Messages(sentences))

    def _install(self, translator: QTranslator) -> None:
        self._app.installTranslator(translator)
        self._translators.append(translator)


class _Messages(QTranslator):
    """Translates the code of a message to its sentence."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        super().__init__()
        self._sentences = sentences

    def isEmpty(self) -> bool:
        return False

    def translate(
        self, context: str, source: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        if context != MESSAGE_CONTEXT:
            return None
        return self._sentences.get(source)
