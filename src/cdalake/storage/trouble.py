"""What a store's client raises, as one of our errors: with a code, the facts and the next step."""

from __future__ import annotations

import re

from obstore.exceptions import PermissionDeniedError, UnauthenticatedError

from cdalake.errors import AccessDenied, CdalakeError, NotFound, StoreUnavailable
from cdalake.storage.access import Access
from cdalake.storage.location import Location
from cdalake.storage.patience import Cause, GaveUp, cause_of

# Without keys the client asks the machine's metadata service, which most machines do not have.
_NO_ROLE = re.compile(r"//169\.254\.169\.254|//metadata\.google\.internal")
_REQUEST = re.compile(r"^Generic \S+ error: .*? in [\d.]+\w+(?:, after (\d+) retries.*?)? +- ")
_EXPIRED = re.compile(r"<Code>(?:ExpiredToken|TokenRefreshRequired|RequestExpired)")
_SKEWED = re.compile(r"<Code>RequestTimeTooSkewed")
_NO_BUCKET = re.compile(r"<Code>NoSuchBucket")
_MISSING = re.compile(r"<Code>NoSuchBucket|: Not a directory \(os error|Errno 20\]")
_REFUSALS = (PermissionDeniedError, UnauthenticatedError, PermissionError)
# A refused listing comes without a type of its own.
_REFUSED = re.compile(r"Server returned non-2xx status code: 40[13]\b")
_WEB_PAGE = re.compile(r"<(?:!doctype )?html", re.IGNORECASE)
_NO_DISK = "Check that the disk is there and in order, then try again."
_NO_NETWORK = "Check the endpoint (AWS_ENDPOINT_URL), the network and the region, then try again."
_NOT_THE_STORE = (
    "A proxy or a login page in between gave that answer: check HTTPS_PROXY, NO_PROXY and the "
    "endpoint (AWS_ENDPOINT_URL)."
)
_GO_EASY = (
    "Let fewer runs and other programs work on this bucket at a time, then run again: it goes on "
    "from here."
)
# Of folders only, where nothing is a connection that somebody refused.
_READ_ONLY = re.compile(r"\(os error (?:1|13|30)\)|Errno (?:1|13|30)\]")
_SECRETS = re.compile(
    r"(?<=//)[^/\s:]*:[^\s?#]*[?#]\S*@\S*|(?<=//)[^/\s:]*:\S*@|(?<=//)[^/\s@]+@|\?\S*"
)
"""User and password of a URL, which may hold '/', and its query, which may hold a signature."""


def first_line(error: Exception) -> str:
    """An error's text without the client's debug dump, request and credentials, cut to 300."""
    line = _SECRETS.sub("", _REQUEST.sub("", str(error).partition("\n")[0].strip()))
    return (line or type(error).__name__)[:300]


def translated(
    error: Exception, operation: str, path: str, location: Location, access: Access
) -> CdalakeError:
    """Our error for what happened when `operation` was tried on a path of a store."""
    if isinstance(error, CdalakeError):
        return error
    where = location.join(path).url
    last = error.last if isinstance(error, GaveUp) else error
    refusal = _refusal(last, operation, where, location, access)
    if refusal is not None:
        return refusal
    if isinstance(error, GaveUp):
        return _given_up(error, operation, where)
    if cause_of(error) is Cause.THROTTLED:
        return _throttled(operation, where, "tried several times")
    return _unavailable(error, operation, where, location)


def _refusal(
    error: Exception, operation: str, where: str, location: Location, access: Access
) -> CdalakeError | None:
    """What trying again does not help against."""
    text = str(error)
    if isinstance(error, FileNotFoundError) or _MISSING.search(text):
        return _not_found(where, text, location)
    if _EXPIRED.search(text):
        return AccessDenied(
            "CREDENTIALS_EXPIRED",
            f"The credentials for {where} have expired ({access.label}).",
            "Renew them and start the run again; CDA access keys live 350 days.",
        )
    if _SKEWED.search(text):
        return AccessDenied(
            "CLOCK_SKEWED",
            f"The store refused to {_doing(operation)} {where}: its clock and this machine's are "
            "too far apart.",
            "Set this machine's clock, e.g. by NTP, then run again.",
        )
    refused = _READ_ONLY if location.is_local else _REFUSED
    if isinstance(error, _REFUSALS) or refused.search(text):
        return _denied(operation, where, location, access)
    if _NO_ROLE.search(text):
        return AccessDenied(
            "NO_CREDENTIALS",
            f"There are no credentials for {where}, and this machine has no role of its own.",
            "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run where a role is attached.",
        )
    return None


def _doing(operation: str) -> str:
    """The verb, without how."""
    return operation.partition("_")[0]


def _not_found(where: str, text: str, location: Location) -> NotFound:
    if _NO_BUCKET.search(text):
        return NotFound(
            "BUCKET_NOT_FOUND",
            f"The bucket {location.bucket} does not exist.",
            "Check its name and region; cdalake never creates a bucket.",
        )
    return NotFound("OBJECT_NOT_FOUND", f"{where} does not exist.", "Check the path.")


def _denied(operation: str, where: str, location: Location, access: Access) -> AccessDenied:
    refused = f"The store refused to {_doing(operation)} {where}."
    if location.is_local:
        hint = "Let this user read and write there, or choose another folder."
        return AccessDenied("ACCESS_DENIED", refused, hint)
    need = {
        "list": "s3:ListBucket",
        "list_folders": "s3:ListBucket",
        "get": "s3:GetObject",
        "get_tail": "s3:GetObject",
        "copy": "s3:GetObject on the source and s3:PutObject on the target",
    }.get(operation, "s3:PutObject")
    return AccessDenied(
        "ACCESS_DENIED",
        refused,
        f"Check the credentials ({access.label}) and grant {need} there.",
    )


def _given_up(error: GaveUp, operation: str, where: str) -> StoreUnavailable:
    if error.cause is Cause.THROTTLED:
        return _throttled(operation, where, _how_often(error))
    what = "no answer in time" if error.cause is Cause.TIMEOUT else _what(error.last)
    hint = _NOT_THE_STORE if _is_web_page(error.last) else _NO_NETWORK
    return StoreUnavailable(
        "STORE_UNAVAILABLE",
        f"{where} could not be reached to {_doing(operation)} it, {_how_often(error)}: {what}.",
        hint,
    )


def _throttled(operation: str, where: str, how_often: str) -> StoreUnavailable:
    return StoreUnavailable(
        "STORE_THROTTLED",
        f"{where} could not be reached to {_doing(operation)} it, {how_often}: the store asks for "
        "fewer requests, and went on to do so.",
        _GO_EASY,
    )


def _how_often(error: GaveUp) -> str:
    if not error.tries:
        return f"not tried since it has not answered well for {error.seconds:.0f} s"
    times = "once" if error.tries == 1 else f"{error.tries} times"
    return f"tried {times} in {error.seconds:.1f} s"


def _unavailable(
    error: Exception, operation: str, where: str, location: Location
) -> StoreUnavailable:
    hint = _NO_DISK if location.is_local else _NO_NETWORK
    return StoreUnavailable(
        "STORE_UNAVAILABLE",
        f"{where} could not be reached to {_doing(operation)} it: {_what(error)}.",
        _NOT_THE_STORE if _is_web_page(error) else hint,
    )


def _is_web_page(error: Exception) -> bool:
    return bool(_WEB_PAGE.search(first_line(error)))


def _what(error: Exception) -> str:
    said = first_line(error)
    page = _WEB_PAGE.search(said)
    return f"{said[: page.start()].rstrip(': ')}, with a web page" if page else said
