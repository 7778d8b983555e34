"""Say which package the module `webrtcvad` belongs to: webrtcvad-wheels, not webrtcvad."""

from PyInstaller.utils.hooks import copy_metadata

datas = copy_metadata("webrtcvad-wheels")
