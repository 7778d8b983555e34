"""Messages about download."""

from __future__ import annotations

from granite_live.messages import MessageCode


class DownloadMessage(MessageCode):
    """Downloads of models."""

    RETRYING = "{reason}; trying again in {wait_s:.0f} s."
    WRONG_FILE_RETRIED = "{file} came wrong ({reason}); fetching it again."
    NO_SUCH_MODEL = "There is no model called {name!r} to fetch; there is: {known}."
    NO_SUCH_TIER = "{model} has no tier {tier!r}: choose one of {tiers} with --tier."
    CATALOG_UNUSABLE = (
        "The list of models, {path}, cannot be used ({reason}): install Granite Live again."
    )
    STOPPED = "The download was stopped; what was fetched stays, and the next one goes on there."
    SERVER_TOO_SLOW = "the server was too slow"
    SERVER_LIMITS_REQUESTS = "the server wants fewer requests"
    SERVER_FAULT = "the server has a fault"
    SERVER_OVERLOADED = "the server is overloaded"
    REFUSED = (
        "The server refuses {path} ({reason}): try again later, or take the model from "
        "elsewhere with --from."
    )
    NOT_NOW = (
        "The download from {origin} failed ({reason}): check your network and try again, it "
        "resumes where it stopped; or import the model from a folder or an archive."
    )
    WEB_PAGE = (
        "A web page came in place of {path}: if this network wants you to sign in, do so in "
        "a browser and try again; else check the address."
    )
    FETCHED_PART_STAYS = "; what was fetched stays"
    UNWRITABLE = "The model cannot be written to {folder}: {reason}{rest}."
    SERVER_CANNOT_ANSWER = "the server cannot answer now"
    RESTRICTED = (
        "The server does not give {path} to everybody ({reason}): put an access token of "
        "your account there into HF_TOKEN, or take the model from elsewhere with --from."
    )
    NOT_ON_SERVER = (
        "The server has no {path} ({reason}): {advice}, or take the model from elsewhere "
        "with --from."
    )
    NEVER_RIGHT = (
        "{file} from {origin} is not the file that was published ({reason}), not even after "
        "{attempts} attempts: take the model from elsewhere with --from."
    )
    CONNECTION_BROKE = "the connection broke"
    FILE_TOO_LARGE = "it has more than {limit:,} bytes"
    TOO_SLOW = "only {rate:,.0f} bytes a second arrive"
    CERTIFICATE_NOT_TRUSTED = (
        "The server's certificate is not trusted{reason}: if this network wants you to sign "
        "in, do so in a browser; if it reads along, let SSL_CERT_FILE name its certificate."
    )
    CONNECTION_NOT_PREPARED = (
        "The connection cannot be prepared ({reason}): check the variables ALL_PROXY, "
        "HTTPS_PROXY and HTTP_PROXY."
    )
    CERTIFICATES_UNUSABLE = (
        "The certificates in {variable} ('{value}') cannot be used ({reason}): let it name a "
        "file of certificates in PEM format, or unset it."
    )
    UNENCRYPTED_REDIRECT = (
        "The server leads to an address without encryption, which is not followed: take the "
        "model from elsewhere with --from."
    )
    PROXY_UNUSABLE = (
        "The proxy in {variable} ('{value}') cannot be used: let it name a proxy that begins "
        "with http:// or https:// (or with socks5:// after 'pip install socksio'), or unset "
        "it."
    )
    NO_ANSWER = "the server does not answer"
    NO_CONNECTION = "there is no connection to the server"
    ANSWER_NOT_UNDERSTOOD = (
        "The server's answer cannot be understood ({reason}): check the address, or take the "
        "model from elsewhere with --from."
    )
    SERVER_HAS_LESS = "the server has less of it than is here"
    RESUMED_ELSEWHERE = "the server resumed it at another place"
    FILE_LIST_UNUSABLE = (
        "The list of files at {origin} cannot be used ({reason}): try again later, or take "
        "the model from elsewhere with --from."
    )
    HUB_OFFLINE = (
        "The hub may not be asked, for HF_HUB_OFFLINE is set: unset it, or take the model "
        "from elsewhere with --from."
    )
    FILE_LACKING = (
        "{origin} has no {file}, which {model} in {tier} needs: choose another tier with "
        "--tier, or take the model from elsewhere with --from."
    )
    NOT_THE_PUBLISHED_FILE = (
        "{file} at the source is not the file that was published: take the model from "
        "elsewhere with --from."
    )
    NO_ROOM = (
        "There is not enough room in {folder}: {missing} are missing and {preparing} are "
        "wanted for preparing the model, {free} are free. Make room, choose a smaller tier "
        "with --tier, or point GRANITE_LIVE_HOME to another disk."
    )
    SOURCE_IS_DEMO = (
        "{origin} holds the small English demo model, not {model}: the demo needs no "
        "download; another model is installed with 'granite-live models import'."
    )
    OTHER_REVISION_INSTALLED = (
        "{model} is installed in another revision ({revision}): remove it first with "
        "'granite-live models remove {model}'."
    )
    NO_SOURCE_FOLDER = "There is no folder {folder} to take the model from."
    SOURCE_FILE_UNREADABLE = "{path} cannot be read ({reason})."
    SOURCE_FILE_GONE = "{path} is gone: give another folder with --from."
    BAD_ADDRESS = (
        "The address to take the model from cannot be used: it must begin with https:// or "
        "http:// and hold no name or password."
    )
    BUNDLE_FILE_TOO_LARGE = "{url} is far too large for a file of a bundle."
    SOURCE_REFUSED = "{reason}: the model is not taken from there."
    ASKED_TO_WAIT = (
        "{origin} asks to be left alone for {minutes:.0f} minutes ({reason}): try again "
        "then, it goes on where it stopped."
    )
    PINS_UNUSABLE = (
        "What is remembered of the models, {path}, cannot be used ({reason}): delete that file."
    )
    FILE_CHANGED_WITHIN_REVISION = (
        "{file} is not what it was, although its revision is the same ({revision}): do not "
        "trust this source; take the model from elsewhere with --from."
    )
    KEY_MISSING = "{key} is missing"
    NO_CERTIFICATES = "it holds no certificates"
    ASK_FOR_NEWEST = "ask for the newest version with --newest"
    CHECK_ADDRESS = "check the address"
    NO_REVISION = "it names no revision"
    FILE_TWICE = "it lists a file twice"
    NO_FILE = "{path!r} of {size} bytes is no file"
    BAD_CHECKSUM = "the checksum of {path} is none"
    FILE_LIST = "the list of files at {origin}"
    REPOSITORY_REVISION = "{repository}, revision {revision}"
    NOTHING_INSTALLED = (
        "Nothing was installed: take the model from elsewhere with --from, or from the hub."
    )
    CERTIFICATES_IN = " by the certificates in {variable} ('{value}')"
