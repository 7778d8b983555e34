"""An open session for checks of rewritten graphs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from granite_live.messages.models import OptimizeMessage
from granite_live.models.bundle import (
    CPU,
    first_line,
    limit_spinning,
    make_integers_exact,
    providers_with_fallback,
    set_weights_folder,
)
from granite_live.util.errors import BundleError


class OpenGraph:
    """An open session that picks its own inputs from a feed.

    Args:
        path: The .onnx file, or only the graph's name for errors if `model` is given.
        provider: The provider to run on.
        weights: The folder of the weights if that is not the graph's.
        model: The serialized model instead of the file.
        folds: Whether computed weights are computed once and kept; else at each run, one by one,
            which takes less memory.
        exact: Whether integer products are exact on every CPU.
    """

    def __init__(
        self,
        path: Path,
        provider: str = CPU,
        weights: Path | None = None,
        *,
        model: bytes | None = None,
        folds: bool = True,
        exact: bool = False,
    ) -> None:
        from granite_live.models.onnx_runtime import ort

        self._path = path
        options = ort.SessionOptions()
        options.log_severity_level = 4
        limit_spinning(options)
        if weights is not None:
            set_weights_folder(options, weights)
        if exact:
            make_integers_exact(options)
        if not folds:
            options.enable_cpu_mem_arena = False  # it would keep what the largest weight took
        if model is None and weights is not None:
            model = path.read_bytes()
        try:
            self._session = ort.InferenceSession(
                str(path) if model is None else model,
                options,
                providers=providers_with_fallback(provider),
                enable_fallback=0,
                disabled_optimizers=None if folds else ["ConstantFolding"],
            )
        except Exception as error:  # onnxruntime's errors have no common base class
            raise self._failed(error) from error

    def run(self, outputs: Iterable[str], feed: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
        """Return the arrays of `outputs` by name.

        Raises:
            BundleError: The graph does not run.
        """
        names = list(outputs)
        try:
            taken = {one.name: feed[one.name] for one in self._session.get_inputs()}
            return dict(zip(names, self._session.run(names, taken), strict=True))
        except Exception as error:
            raise self._failed(error) from error

    def _failed(self, error: Exception) -> BundleError:
        return BundleError(OptimizeMessage.RUN_FAILED(graph=self._path, reason=first_line(error)))
