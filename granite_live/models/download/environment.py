"""Check the proxies and certificates that environment variables name."""

from __future__ import annotations

import importlib.util
import os
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

from granite_live.util.errors import DownloadError

_PROXIES = ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY")
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")


def check_environment(environment: Mapping[str, str] | None = None) -> None:
    """Check that an HTTP client can be created in this environment.

    Raises:
        DownloadError: A variable has an unusable value; the message names the variable.
    """
    import httpx2

    try:
        httpx2.Client().close()
    except (ImportError, OSError, ValueError, httpx2.InvalidURL) as error:
        raise _refusal(os.environ if environment is None else environment, error) from error


def untrusted(error: Exception) -> DownloadError | None:
    """Return the error for an untrusted server certificate; None for other errors."""
    if "CERTIFICATE_VERIFY_FAILED" not in str(error):
        return None
    name = next((one for one in _CERTIFICATES if os.environ.get(one)), None)
    whose = f" by the certificates in {name} ('{os.environ[name]}')" if name else ""
    return DownloadError(
        f"The server's certificate is not trusted{whose}: if this network wants you to sign in, do "
        f"so in a browser; if it reads along, let SSL_CERT_FILE name its certificate."
    )


def _refusal(environment: Mapping[str, str], error: Exception) -> DownloadError:
    if isinstance(error, OSError):  # includes ssl.SSLError
        name = next((one for one in _CERTIFICATES if environment.get(one)), "SSL_CERT_FILE")
        reason = "it holds no certificates" if isinstance(error, ssl.SSLError) else error.strerror
        return DownloadError(
            f"The certificates in {name} ('{environment.get(name, '')}') cannot be used "
            f"({reason}): let it name a file of certificates in PEM format, or unset it."
        )
    for name in (spelling for one in _PROXIES for spelling in (one, one.lower())):
        value = environment.get(name, "")
        if value and not _is_usable(value):
            shown = f"{value.partition('://')[0]}://{value.rpartition('@')[2].rpartition('://')[2]}"
            return DownloadError(
                f"The proxy in {name} ('{shown}') cannot be used: let it name a proxy that begins "
                f"with http:// or https:// (or with socks5:// after 'pip install socksio'), or "
                f"unset it."
            )
    return DownloadError(
        f"The connection cannot be prepared ({str(error)[:80]}): check the variables ALL_PROXY, "
        f"HTTPS_PROXY and HTTP_PROXY."
    )


def _is_usable(proxy: str) -> bool:
    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    except ValueError:
        return False
    if parts.scheme in ("socks5", "socks5h"):
        return importlib.util.find_spec("socksio") is not None
    return parts.scheme in ("http", "https") and bool(parts.hostname)
