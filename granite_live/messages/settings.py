"""Messages about settings."""

from __future__ import annotations

from granite_live.messages import MessageCode


class SettingsMessage(MessageCode):
    """Settings and their file."""

    SOME_REPLACED = (
        "Some settings could not be used and have their default values ({reasons}). The old "
        "file is '{aside}'."
    )
    NOT_A_FILE = "The settings in {path} cannot be read (it is not a file)."
    FILE_EMPTY = "the file is empty"
    NOT_JSON_OBJECT = "it does not contain a JSON object"
    UNREADABLE = "The settings in {path} cannot be read ({reason})."
    ALL_REPLACED = (
        "The settings could not be used ({reason}), so the defaults are used. The old file is "
        "'{aside}'."
    )
    DEFAULTS_UNTIL_THEN = "{reason} The default settings are used until then."
    SOME_UNUSABLE = "Some settings cannot be used and have their default values ({reasons})."
    UNWRITABLE = (
        "The settings cannot be written to {path} ({reason}): check the disk and the "
        "permissions of that folder."
    )
    BAD_VALUE_CLAUSE = "the setting {name} cannot be {value}: {reason}"
    BAD_VALUE = "The setting {name} cannot be {value}: {reason}."
    BAD_RETENTION = (
        "Sessions cannot be kept by the rule {text!r}: choose 'all', 'text', or a number of "
        "days (1 to 99999) such as '30-days'."
    )
    MUST_BE_PATH = "it must be the path of a file or folder"
    MUST_BE_ABSOLUTE = "it must be an absolute path"
    TWICE = "{value!r} appears more than once"
    FOR_SEVERAL = "{value!r} is used for more than one {what}"
    UNKNOWN = "There is no setting called {name!r}; available: {known}."
    DAMAGED = "The settings in {path} cannot be used ({reason}): correct the file or delete it."
    TOO_FEW_DAYS = "recordings can be kept for 1 day or longer, not {days}"
    TRUE_OR_FALSE = "it must be true or false"
    ON_OR_OFF = "choose 'on' or 'off'"
    MUST_BE_COLOR = "it must be a color such as '#ffffff'"
    MUST_BE_LINE = "it must be one line of text with at most {limit} characters"
    CHOOSE_RETENTION = "choose 'all', 'text', or a number of days such as '30-days'"
    TOO_MANY_PAIRS = "it must be at most {limit} pairs of {left}, {right}"
    MUST_BE_PAIR = "each must be a pair of {left} and {right}"
    PAIR_OF_LINES = "{left} and {right} must be one line of text each"
    PAIR_EMPTY = "{left} and {right} must not be empty"
    DEFAULTS_NOT_SET_ASIDE = "{reason} The default settings are used until then ({refused})."
    CHOOSE = "choose {names}"
    WHOLE_NUMBER = "it must be a whole number of {unit} from {low:g} to {high:g}"
    NUMBER = "it must be a number of {unit} from {low:g} to {high:g}"


class VocabularyMessage(MessageCode):
    """The user's vocabulary."""

    TERM_TOO_LONG = "a term has at most {chars} characters and {words} words"
    NOT_PRINTABLE = "it has '=' or a character that cannot be printed"
    TOO_FEW_LETTERS = "a term needs at least {least} letters or digits"
    TOO_MANY_SPELLINGS = "a term has at most {limit} spellings that sound like it"
    TOO_MANY_TERMS = "A vocabulary has at most {limit} terms, not {count}: remove some."
    TOO_MANY_LINES = "The list has more than {limit} terms: shorten it."
    BAD_LINE = "Line {number}, {text!r}, is left out: {reason}."
    BAD_TERM = "{text!r} cannot be a term: {reason}."
    FILE_EMPTY = "It is empty."
    NO_TERMS = "There is no term in '{path}'. {reason}"
    NOT_A_FILE = "The vocabulary '{path}' cannot be read (it is not a file)."
    FILE_TOO_LARGE = "The vocabulary '{path}' is larger than {limit} bytes: shorten it."
    UNREADABLE = "The vocabulary '{path}' cannot be read ({reason})."
    UNWRITABLE = (
        "The vocabulary cannot be written to '{path}' ({reason}): check the disk and your "
        "rights to that folder."
    )
    DAMAGED = "The vocabulary in '{path}' cannot be used ({reason}): mend the file or delete it."
    SET_ASIDE = (
        "Your vocabulary could not be used ({reason}), so it is empty now. The old file is "
        "'{aside}'."
    )
    NOT_SET_ASIDE = "{reason} No terms are in use until then ({refused})."
    NOT_IN_USE = "No terms of your vocabulary are in use. {reason}"
    NO_SUCH_TERM = "There is no term {text!r} in your vocabulary."
    NO_SUCH_SET = "There is no set {name!r} in your vocabulary; there is: {known}."


class OutputMessage(MessageCode):
    """Files that results are written to."""

    FOLDER_MISSING = "the folder '{folder}' does not exist; create it or choose another"
    FOLDER_IN_PLACE = "a folder has that name; remove it or choose another name"
    FOLDER_NOT_WRITABLE = (
        "you do not have permission to write to the folder '{folder}'; choose another"
    )
    READ_ONLY_DISK = "'{folder}' is on a read-only disk; choose another folder"
    DISK_FULL = "the disk is full; free some space or choose another folder"
    QUOTA_USED_UP = "your disk quota is used up; free some space or choose another folder"
    NAME_TOO_LONG = "the name is too long; choose a shorter one"
    UNWRITABLE = "'{path}' cannot be written: {reason}."
    NOT_A_FOLDER = "'{folder}' is not a folder; choose another"


class VadMessage(MessageCode):
    """Voice detectors."""

    WEBRTC_UNLOADABLE = "The voice detector 'webrtc' cannot be loaded ({reason}): use another one."
    UNKNOWN = "There is no voice detector {name!r}: choose one of {known}."
