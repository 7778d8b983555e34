"""Messages about download."""

from __future__ import annotations

from granite_live.messages import MessageCode


class DownloadMessage(MessageCode):
    """Downloads of models."""

    RETRYING = "{reason}; trying again in {wait_s:.0f} s."
    WRONG_FILE_RETRIED = "The downloaded {file} is wrong ({reason}); downloading it again."
    NO_SUCH_MODEL = "There is no downloadable model called {name!r}; available: {known}."
    NO_SUCH_TIER = "{model} has no tier {tier!r}: choose one of {tiers} with --tier."
    CATALOG_UNUSABLE = (
        "The list of models, {path}, cannot be used ({reason}): reinstall Granite Live."
    )
    STOPPED = (
        "The download was stopped. The downloaded part is kept, and the next download continues "
        "there."
    )
    SERVER_TOO_SLOW = "the server was too slow"
    SERVER_LIMITS_REQUESTS = "the server limits the number of requests"
    SERVER_FAULT = "the server reported an internal error"
    SERVER_OVERLOADED = "the server is overloaded"
    REFUSED = (
        "The server refuses to send {path} ({reason}): try again later, or use another source "
        "with --from."
    )
    NOT_NOW = (
        "The download from {origin} failed ({reason}): check your network and try again, and it "
        "continues where it stopped; or import the model from a folder or an archive."
    )
    WEB_PAGE = (
        "The server sent a web page instead of {path}: if this network requires you to sign in, "
        "do so in a browser and try again; otherwise check the address."
    )
    FETCHED_PART_STAYS = "; the downloaded part is kept"
    UNWRITABLE = "The model cannot be written to {folder}: {reason}{rest}."
    SERVER_CANNOT_ANSWER = "the server is not available now"
    RESTRICTED = (
        "The server gives {path} only to users with access ({reason}): set HF_TOKEN to an "
        "access token of your account there, or use another source with --from."
    )
    NOT_ON_SERVER = (
        "The server does not have {path} ({reason}): {advice}, or use another source with --from."
    )
    NEVER_RIGHT = (
        "{file} from {origin} differs from the published file ({reason}), even after {attempts} "
        "attempts: use another source with --from."
    )
    CONNECTION_BROKE = "the connection was lost"
    FILE_TOO_LARGE = "it has more than {limit:,} bytes"
    TOO_SLOW = "only {rate:,.0f} bytes a second arrive"
    CERTIFICATE_NOT_TRUSTED = (
        "The server's certificate is not trusted{reason}: if this network requires you to sign "
        "in, do so in a browser; if it inspects encrypted traffic, set SSL_CERT_FILE to its "
        "certificate."
    )
    CONNECTION_NOT_PREPARED = (
        "The connection cannot be prepared ({reason}): check the variables ALL_PROXY, "
        "HTTPS_PROXY and HTTP_PROXY."
    )
    CERTIFICATES_UNUSABLE = (
        "The certificates in {variable} ('{value}') cannot be used ({reason}): set it to a file "
        "of certificates in PEM format, or unset it."
    )
    UNENCRYPTED_REDIRECT = (
        "The server redirects to an unencrypted address, which Granite Live does not follow: "
        "use another source with --from."
    )
    PROXY_UNUSABLE = (
        "The proxy in {variable} ('{value}') cannot be used: set it to an address that begins "
        "with http:// or https:// (or with socks5:// after 'pip install socksio'), or unset it."
    )
    NO_ANSWER = "the server does not respond"
    NO_CONNECTION = "there is no connection to the server"
    ANSWER_NOT_UNDERSTOOD = (
        "The server's answer cannot be understood ({reason}): check the address, or use another "
        "source with --from."
    )
    SERVER_HAS_LESS = "the file on the server is shorter than the part downloaded so far"
    RESUMED_ELSEWHERE = "the server continued at the wrong position"
    FILE_LIST_UNUSABLE = (
        "The list of files at {origin} cannot be used ({reason}): try again later, or use "
        "another source with --from."
    )
    HUB_OFFLINE = (
        "Hugging Face cannot be contacted because HF_HUB_OFFLINE is set: unset it, or use "
        "another source with --from."
    )
    FILE_LACKING = (
        "{origin} does not have {file}, which {model} in {tier} needs: choose another tier with "
        "--tier, or use another source with --from."
    )
    NOT_THE_PUBLISHED_FILE = (
        "{file} at the source differs from the published file: use another source with --from."
    )
    NO_ROOM = (
        "There is not enough space in {folder}: {missing} still have to be downloaded, "
        "{preparing} are needed for preparing the model, and {free} are free. Free some space, "
        "choose a smaller tier with --tier, or set GRANITE_LIVE_HOME to a folder on another "
        "disk."
    )
    SOURCE_IS_DEMO = (
        "{origin} contains the small English demo model, not {model}: the demo model does not "
        "have to be downloaded; install any other model with 'granite-live models import'."
    )
    OTHER_REVISION_INSTALLED = (
        "Another revision of {model} is installed ({revision}): remove it first with "
        "'granite-live models remove {model}'."
    )
    NO_SOURCE_FOLDER = "The model cannot be copied: there is no folder {folder}."
    SOURCE_FILE_UNREADABLE = "{path} cannot be read ({reason})."
    SOURCE_FILE_GONE = "{path} no longer exists: give another folder with --from."
    BAD_ADDRESS = (
        "The address of the source cannot be used: it must begin with https:// or http:// and "
        "must not contain a name or a password."
    )
    BUNDLE_FILE_TOO_LARGE = "{url} is much too large for a file of a bundle."
    SOURCE_REFUSED = "{reason}: this source cannot be used."
    ASKED_TO_WAIT = (
        "{origin} asks to wait {minutes:.0f} minutes ({reason}): try again then, and the "
        "download continues where it stopped."
    )
    PINS_UNUSABLE = (
        "The stored revisions of the models, {path}, cannot be used ({reason}): delete that file."
    )
    FILE_CHANGED_WITHIN_REVISION = (
        "{file} has changed although its revision is the same ({revision}): do not trust this "
        "source; use another source with --from."
    )
    KEY_MISSING = "{key} is missing"
    NO_CERTIFICATES = "it contains no certificates"
    ASK_FOR_NEWEST = "request the newest version with --newest"
    CHECK_ADDRESS = "check the address"
    NO_REVISION = "it does not name a revision"
    FILE_TWICE = "it names a file twice"
    NO_FILE = "{path!r} with {size} bytes is not a valid file"
    BAD_CHECKSUM = "the checksum of {path} is not valid"
    FILE_LIST = "the list of files at {origin}"
    REPOSITORY_REVISION = "{repository}, revision {revision}"
    NOTHING_INSTALLED = (
        "No model was installed: use another source with --from, or download from Hugging Face."
    )
    CERTIFICATES_IN = " according to the certificates in {variable} ('{value}')"
