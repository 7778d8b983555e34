"""The bundle's JSON files and tokenizer, read defensively: they come from the network."""

from __future__ import annotations

import json
import math
import re
from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from granite_live.messages.bundle import BundleMessage
from granite_live.models.bundle import FrontEnd
from granite_live.models.graph_files import quoted
from granite_live.models.layout import REMEDY
from granite_live.util.errors import BundleError

if TYPE_CHECKING:
    from tokenizers import Tokenizer


_MAX_JSON_BYTES = 64 << 20  # a tokenizer of 100,000 tokens has 7 MB
_DEFAULT_MULTIPLIER = 12.0  # Granite's, if the bundle does not state it
_DEFAULT_MAX_POSITIONS = 4096  # Granite's, if the bundle does not state it


def read_json(path: Path) -> Mapping[str, Any]:
    """Return the JSON object in `path`, or an empty one if the file does not exist.

    Raises:
        BundleError: The file is unreadable, too large, or not a JSON object.
    """
    try:
        if not path.exists():
            return {}
        if path.stat().st_size > _MAX_JSON_BYTES:
            raise BundleError(BundleMessage.FILE_TOO_LARGE(path=path, remedy=REMEDY))
        value = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BundleError(
            BundleMessage.FILE_UNREADABLE(path=path, reason=error.strerror or error, remedy=REMEDY)
        ) from error
    except (ValueError, RecursionError) as error:
        raise BundleError(BundleMessage.NOT_JSON(path=path, remedy=REMEDY)) from error
    if not isinstance(value, dict):
        raise BundleError(BundleMessage.NOT_JSON_OBJECT(path=path, remedy=REMEDY))
    return value


def find(sources: Iterable[Mapping[str, Any]], *names: str) -> Any:
    """Return the value of the first of `names` at any depth of `sources`; None if there is none.

    Upstream configurations nest values (`text_config`, `melspec_kwargs`) and exporters flatten
    them, so each source is searched breadth first.
    """
    for source in sources:
        queue: deque[Any] = deque([source])
        while queue:
            level = queue.popleft()
            if isinstance(level, dict):
                for name in names:
                    if level.get(name) is not None:
                        return level[name]
                queue.extend(level.values())
            elif isinstance(level, list):
                queue.extend(level)
    return None


class ModelMetadata:
    """The bundle's metadata about the model; the export's metadata has precedence."""

    def __init__(self, path: Path) -> None:
        """Read the files.

        Raises:
            BundleError: A file cannot be read or is damaged.
        """
        self._path = path
        self._export = path / "granite_export_metadata.json"
        files = (self._export, path / "config.json")
        self._stated = {file: read_json(file) for file in files}

    @property
    def model(self) -> str | None:
        """The model's name, None if the export does not state it."""
        name = self._stated[self._export].get("model")
        return name if isinstance(name, str) and name else None

    def embedding_scale(self) -> tuple[float, bool]:
        """Return (embedding multiplier, whether audio rows are divided by it).

        Raises:
            BundleError: A value is invalid.
        """
        multiplier, file = self._value("embedding_multiplier", _DEFAULT_MULTIPLIER)
        if not _is_usable(multiplier):
            raise BundleError(
                BundleMessage.BAD_EMBEDDING_MULTIPLIER(
                    path=file, value=quoted(repr(multiplier)), remedy=REMEDY
                )
            )
        return float(multiplier), self._flag("scale_projected_embeddings", True)

    def drafts_are_plain(self) -> bool:
        """Return whether drafts lack the capitals and punctuation that the editor writes.

        Raises:
            BundleError: The value is invalid.
        """
        return self._flag("drafts_are_plain", False)

    def max_positions(self) -> int:
        """Return the editor's context in positions.

        Raises:
            BundleError: The value is invalid.
        """
        name = "max_position_embeddings"
        value, file = self._value(name, _DEFAULT_MAX_POSITIONS)
        return _positive(value, name, file)

    def _flag(self, name: str, default: bool) -> bool:
        value, file = self._value(name, default)
        if not isinstance(value, bool):
            raise BundleError(
                BundleMessage.NOT_A_BOOLEAN(
                    name=name, path=file, value=quoted(repr(value)), remedy=REMEDY
                )
            )
        return value

    def _value(self, name: str, default: Any) -> tuple[Any, Path]:
        """Return a value and the file that states it."""
        for file, stated in self._stated.items():
            value = find([stated], name)
            if value is not None:
                return value, file
        return default, self._path


def front_end(path: Path, feature_dim: int) -> FrontEnd:
    """Return the front end that makes rows of `feature_dim` values for the encoder.

    Raises:
        BundleError: The parameters are invalid or give rows of another size.
    """
    file = path / "preprocessor_config.json"
    source = [read_json(file)]
    known = FrontEnd()

    def number(default: int, *names: str) -> int:
        value = find(source, *names)
        return default if value is None else _positive(value, names[0], file)

    n_mels = number(known.n_mels, "n_mels", "num_mel_bins")
    if feature_dim % n_mels:
        raise BundleError(
            BundleMessage.MEL_BANDS_DIFFER(
                path=file, bands=n_mels, width=feature_dim, remedy=REMEDY
            )
        )
    made = FrontEnd(
        sample_rate_hz=number(known.sample_rate_hz, "sampling_rate", "sample_rate"),
        n_fft=number(known.n_fft, "n_fft"),
        win_length=number(known.win_length, "win_length"),
        hop_length=number(known.hop_length, "hop_length"),
        n_mels=n_mels,
        frame_stack=feature_dim // n_mels,
    )
    plausible = (
        made.win_length <= made.n_fft <= 1 << 16
        and made.hop_length <= made.n_fft
        and made.n_mels <= made.n_fft
        and 4000 <= made.sample_rate_hz <= 192_000
    )
    if not plausible:
        raise BundleError(BundleMessage.IMPOSSIBLE_FRONT_END(path=file, made=made, remedy=REMEDY))
    return made


def eos_token(path: Path) -> tuple[str, int | None]:
    """Return the end-of-sequence token, which is the editor's slot token, and its id if stated.

    Raises:
        BundleError: The tokenizer files do not name one.
    """
    for name in ("tokenizer_config.json", "special_tokens_map.json"):
        stated = read_json(path / name)
        value = stated.get("eos_token")
        if isinstance(value, dict):  # a serialized AddedToken
            value = value.get("content")
        if isinstance(value, str) and value:
            return value, _stated_id(stated.get("added_tokens_decoder"), value)
    raise BundleError(
        BundleMessage.NO_EOS_TOKEN(path=path / "tokenizer_config.json", remedy=REMEDY)
    )


def _stated_id(tokens: object, text: str) -> int | None:
    """Return the id of a token in the table {id: token} of a tokenizer's configuration."""
    if isinstance(tokens, dict):
        for number, token in tokens.items():
            is_it = isinstance(token, dict) and token.get("content") == text
            if is_it and re.fullmatch("[0-9]{1,9}", number):
                return int(number)
    return None


def _is_usable(multiplier: object) -> bool:
    if isinstance(multiplier, bool) or not isinstance(multiplier, int | float):
        return False
    try:
        return 0 < float(multiplier) < math.inf
    except OverflowError:  # an integer of hundreds of digits
        return False


def _positive(value: object, name: str, file: Path) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        raise BundleError(
            BundleMessage.NOT_A_POSITIVE_INTEGER(
                name=name, path=file, value=quoted(repr(value)), remedy=REMEDY
            )
        )
    return value


# Vocabularies are padded to these multiples, so a head may be slightly wider.
_PADDING_MULTIPLES = (64, 128)


class TokenizerFile:
    """The tokenizer in the bundle `path`, which must fit a head of `vocab_size` classes.

    Parsing it takes a quarter of a second and more, in which no other thread can use the
    interpreter. So it is done at the first use, or at once if the bundle's configuration does not
    state the id of the token `eos`.
    """

    def __init__(self, path: Path, vocab_size: int, eos: str, eos_id: int | None) -> None:
        """Find the file.

        Raises:
            BundleError: The file is missing, or damaged or of another model, as far as it is read.
        """
        self._path = path / "tokenizer.json"
        self._vocab_size, self._eos = vocab_size, eos
        self._tokenizer: Tokenizer | None = None
        if not self._path.is_file():
            raise BundleError(BundleMessage.FILE_MISSING(path=self._path, remedy=REMEDY))
        self._stated_id = eos_id
        self.eos_id = self._check_id(self.read().token_to_id(eos) if eos_id is None else eos_id)

    def read(self) -> Tokenizer:
        """Return the tokenizer; the first call reads it.

        Raises:
            BundleError: The file is damaged or of another model.
        """
        if self._tokenizer is None:
            self._tokenizer = self._parse()
        return self._tokenizer

    def _parse(self) -> Tokenizer:
        from tokenizers import Tokenizer

        try:
            tokenizer = Tokenizer.from_file(str(self._path))
        except BaseException as error:
            # A damaged file can make the native parser panic, which is not an Exception.
            if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
                raise
            raise BundleError(
                BundleMessage.NOT_A_TOKENIZER(path=self._path, remedy=REMEDY)
            ) from error
        size = tokenizer.get_vocab_size(with_added_tokens=True)
        padded = {-(-size // multiple) * multiple for multiple in _PADDING_MULTIPLES}
        if self._vocab_size not in {size, *padded}:
            raise BundleError(
                BundleMessage.TOKENIZER_SIZE_DIFFERS(
                    path=self._path, size=size, vocabulary=self._vocab_size, remedy=REMEDY
                )
            )
        found = tokenizer.token_to_id(self._eos)
        if self._stated_id not in {None, found}:
            raise self._unusable(found)
        return tokenizer

    def _check_id(self, found: int | None) -> int:
        if found is None or found >= self._vocab_size:
            raise self._unusable(found)
        return found

    def _unusable(self, found: int | None) -> BundleError:
        return BundleError(
            BundleMessage.EOS_TOKEN_UNUSABLE(
                path=self._path, token=self._eos, found=found, remedy=REMEDY
            )
        )
