"""The settings page for the model: folder, tier, provider."""

from __future__ import annotations

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton

from granite_live.gui.settings_dialog.form import Change, FormPage, choice
from granite_live.gui.theme import GRID_PX
from granite_live.settings import Settings


class ModelPage(FormPage):
    """Changes apply from the next session on."""

    def __init__(self, settings: Settings, change: Change) -> None:
        super().__init__()
        self._change = change
        self.path = QLineEdit(settings.model_path, self)
        self.path.setPlaceholderText(self.tr("Installed model, else demo"))
        self.path.editingFinished.connect(lambda: change(model_path=self.path.text().strip()))
        self.browse = QPushButton(self.tr("Choose…"), self)
        self.browse.setAccessibleName(self.tr("Choose the model's folder"))
        self.browse.setAutoDefault(False)
        self.browse.clicked.connect(self._browse)
        beside = QHBoxLayout()
        beside.setSpacing(GRID_PX)
        beside.addWidget(self.path, 1)
        beside.addWidget(self.browse)
        self.row(self.tr("Folder"), self.path, beside=beside)
        tiers = {
            "": self.tr("What suits this computer"),
            "int8": self.tr("Compact, quickest (int8)"),
            "fp16w": self.tr("For graphics cards (fp16w)"),
            "fp32": self.tr("Full precision (fp32)"),
        }
        self.tier = choice("tier", tiers, settings.tier, change)
        self.row(self.tr("Tier"), self.tier)
        providers = {
            "auto": self.tr("What is there"),
            "cpu": self.tr("Processor"),
            "cuda": self.tr("NVIDIA graphics card (CUDA)"),
            "coreml": self.tr("Apple (Core ML)"),
        }
        self.provider = choice("provider", providers, settings.provider, change)
        self.row(self.tr("Compute on"), self.provider)
        certain = {
            "off": self.tr("Never: every draft is edited"),
            "safe": self.tr("Only where it is as good as sure"),
            "fast": self.tr("More often: quicker, less exact"),
        }
        self.skip_editor = choice("skip_editor", certain, settings.skip_editor, change)
        self.row(self.tr("Certain drafts skip the editor"), self.skip_editor)
        self.hint(self.tr("These apply to the next session."))

    def _browse(self) -> None:
        path = QFileDialog.getExistingDirectory(self, self.tr("Folder of the model"))
        if path:
            self.path.setText(path)
            self._change(model_path=path)
