"""The frozen program's first module."""

from granite_live.__main__ import main

if __name__ == "__main__":
    main()
