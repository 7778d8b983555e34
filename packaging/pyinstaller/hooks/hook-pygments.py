"""Leave out what colors programs' sources: pygments finds its lexers by name when one is asked for.

PyInstaller's own hook takes all of them along; rich only needs the modules that it imports.
"""

hiddenimports: list[str] = []
