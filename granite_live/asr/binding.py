"""An onnxruntime session that copies only the requested outputs from the device.

Without I/O binding onnxruntime copies every output through pageable CPU memory. Prepared graphs
compute the best class on the device, so the scores (a hundred thousand per row) stay there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from granite_live.models.onnx_runtime import ort


class BoundSession:
    """Runs like `onnxruntime.InferenceSession`, with outputs bound to `device`."""

    def __init__(self, session: ort.InferenceSession, device: str) -> None:
        self._session = session
        self._device = device

    def run(
        self, outputs: Sequence[str], inputs: Mapping[str, NDArray[Any]], options: Any = None
    ) -> list[NDArray[Any]]:
        """Return the requested outputs, in order, in CPU memory."""
        binding = self._session.io_binding()
        # The arrays must outlive the run: the binding refers to their memory.
        held = {name: np.ascontiguousarray(value) for name, value in inputs.items()}
        for name, value in held.items():
            binding.bind_cpu_input(name, value)
        for name in outputs:
            binding.bind_output(name, self._device)
        self._session.run_with_iobinding(binding, options)
        return [value.numpy() for value in binding.get_outputs()]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)
