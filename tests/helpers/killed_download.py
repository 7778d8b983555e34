"""Download a tier in a process that kills itself by SIGKILL at a chosen moment.

Arguments: the models folder, the catalog, the tier, and the number of the moment. Moments are
Python's audit events of files and sockets; 0 survives and prints how many there were.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from granite_live.models.catalog import find_bundle
from granite_live.models.download import DownloadTimeouts, TierDownload, open_source
from granite_live.models.store import BundleStore

MOMENTS = ("open", "os.", "shutil.", "socket.", "pathlib.")


def main(root: str, catalog: str, tier: str, kill_at: int) -> None:
    seen = 0
    armed = False

    def audit(event: str, _arguments: object) -> None:
        nonlocal seen
        if armed and event.startswith(MOMENTS):
            seen += 1
            if seen == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(audit)
    bundle = find_bundle("small", Path(catalog))
    source = open_source(bundle, None, DownloadTimeouts(stall_s=5.0, first_wait_s=0.0))
    armed = True
    TierDownload(BundleStore(Path(root)), bundle, tier, source, lambda _event: None).run()
    armed = False
    source.close()
    sys.stdout.write(f"{seen}\n")


if __name__ == "__main__":
    main(*sys.argv[1:4], kill_at=int(sys.argv[4]))
