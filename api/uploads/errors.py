"""Every way in which an upload is refused."""

from __future__ import annotations

from voirie.errors import ConfigurationError, VoirieError


class UploadError(VoirieError):
    """Base of what an upload can have wrong with it."""

    http_status = 400
    problem_type = "urn:voirie:problem:upload"


class BadUploadHeader(UploadError):
    """A header of the protocol is missing or says something impossible."""

    problem_type = "urn:voirie:problem:upload-header"


class UnknownVersion(UploadError):
    """The client speaks another version of tus."""

    http_status = 412
    problem_type = "urn:voirie:problem:upload-version"


class WrongContentType(UploadError):
    """The body is not declared as bytes of an upload."""

    http_status = 415
    problem_type = "urn:voirie:problem:upload-content-type"


class NotKnown(UploadError):
    """There is no token, or it was revoked."""

    http_status = 401
    problem_type = "urn:voirie:problem:token"


class NoSuchUpload(UploadError):
    """The upload does not exist, or is another vehicle's."""

    http_status = 404
    problem_type = "urn:voirie:problem:no-such-upload"


class UploadGone(UploadError):
    """The upload expired or was refused; its bytes are no more."""

    http_status = 410
    problem_type = "urn:voirie:problem:upload-gone"


class OffsetConflict(UploadError):
    """The client begins where the file does not end."""

    http_status = 409
    problem_type = "urn:voirie:problem:upload-offset"


class TakenOver(UploadError):
    """A newer request for the same upload took its place."""

    http_status = 409
    problem_type = "urn:voirie:problem:upload-taken-over"


class TooLarge(UploadError):
    """More bytes than were declared or than are allowed."""

    http_status = 413
    problem_type = "urn:voirie:problem:upload-too-large"


class OverQuota(UploadError):
    """The vehicle has as much in the inbox as it may."""

    http_status = 413
    problem_type = "urn:voirie:problem:upload-quota"


class Stalled(UploadError):
    """No byte came for long."""

    http_status = 408
    problem_type = "urn:voirie:problem:upload-stalled"


class WrongChecksum(UploadError):
    """What arrived is not what was sent."""

    http_status = 460
    problem_type = "urn:voirie:problem:upload-checksum"


class Kept(UploadError):
    """A confirmed upload is not the vehicle's to delete any more."""

    http_status = 403
    problem_type = "urn:voirie:problem:upload-kept"


class InboxUnusable(ConfigurationError):
    """The inbox or its key cannot be used."""

    problem_type = "urn:voirie:problem:inbox"
