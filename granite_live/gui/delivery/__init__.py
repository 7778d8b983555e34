"""Texts for other programs: by keys, or by a clipboard that is put back."""
