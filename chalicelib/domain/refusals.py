"""What the service refuses, each named as an outcome; `routes/errors.py` alone gives them an HTTP status."""


class Refusal(Exception):
    """A request that is understood and not done.

    The message is for the person who sent it and never holds personal data. `facts` go into the
    problem document as extension members (RFC 9457, 3.2).
    """

    def __init__(self, message: str = "", **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts


class BodyInvalid(Refusal):
    """The body is JSON but not what the route takes."""


class BodyNotJson(Refusal):
    """There is no JSON object to take."""


class BodyTooLarge(Refusal):
    """The body is over the limit."""


class PhoneInvalid(Refusal):
    """The text is not a telephone number."""


class PhoneCodeRefused(Refusal):
    """WeChat does not take the phone code: wrong, used or too old."""


class LoginCodeRefused(Refusal):
    """WeChat does not take the login code: wrong, used or too old."""


class WechatUnavailable(Refusal):
    """WeChat did not answer, or asked to try later."""


class SignInRefused(Refusal):
    """No such member of staff with that password, code or refresh token."""


class SignInUnavailable(Refusal):
    """The sign-in of staff takes no more requests just now; try again in a moment."""


class NotAllowed(Refusal):
    """The signed-in person's groups do not include the one this needs."""


class CitizenNotFound(Refusal):
    """The citizen whose token this is is not there (any more)."""


class CitizenUnknown(Refusal):
    """There is no such citizen, or she was erased."""


class ErasureRefused(Refusal):
    """Something of this citizen must be kept; `because` says what."""


class OutsideJurisdiction(Refusal):
    """The place is clearly outside the county and the citizen has not said to send it all the same."""


class KeyReused(Refusal):
    """The `Idempotency-Key` stands for another request already."""


class IncidentNotFound(Refusal):
    """No such incident, or not this person's."""


class IncidentChanged(Refusal):
    """Others stored first, again and again."""


class StepRefused(Refusal):
    """The incident's status does not lead there."""


class AlreadyAnswered(Refusal):
    """Another call-taker holds it."""


class NotYours(Refusal):
    """Only its owner (or a commander) does this."""


class CallbackForbidden(Refusal):
    """Ringing back could endanger the citizen; it needs a reason."""


class NotLive(Refusal):
    """This incident has no live call: it is of another mode, booked for later, or closed."""


class LiveWithheld(Refusal):
    """The call-taker has not opened a live call; stills and text go on."""


class EvidenceOfAnother(Refusal):
    """The incident that is to be the evidence is not one of this citizen."""


class StandingNotFound(Refusal):
    """No such change of standing."""


class MarkedByYourself(Refusal):
    """Who marked a report does not review it; another commander does."""


class ReviewNotFound(Refusal):
    """Nothing waits for review there."""


class NoLine(Refusal):
    """No line is free for a live call; stills and text go on, and a line is given when one is."""


class NotTransferred(Refusal):
    """There is no transfer to take: none was asked for, it came back, or another took it."""


class DepartmentNotFound(Refusal):
    """No such department."""


class FragmentDiffers(Refusal):
    """Another fragment was kept under this number."""


class LinkNeeded(Refusal):
    """A duplicate is closed after it was linked to the incident it repeats."""


class LinkToItself(Refusal):
    """An incident is not linked to itself."""


class ToldNeeded(Refusal):
    """An incident out of the area is closed with who was told, by whom and when."""


class MediaLimitReached(Refusal):
    """There are nine photos, three videos, or five thousand stills, already."""


class MediaTooLarge(Refusal):
    """The file is over the size its kind may have."""


class MediaTypeRefused(Refusal):
    """The file's type is not one its kind may have."""


class UnitNotFound(Refusal):
    """No such unit."""


class DispatchNotFound(Refusal):
    """No such dispatch on this incident, or it was revoked."""


class StaffNotFound(Refusal):
    """No such member of staff."""


class StaffExists(Refusal):
    """The user name is taken."""


class HitNotFound(Refusal):
    """The incident has no such hit."""


class LinkNotFound(Refusal):
    """No such link, or it was revoked."""


class LinkEnded(Refusal):
    """The incident of this link is closed."""


class LinkBoundElsewhere(Refusal):
    """The link belongs to the device that opened it first."""


class DigitsRefused(Refusal):
    """Not the last digits of the number the text came to."""


class ShiftInvalid(Refusal):
    """The shift ends before it begins, or is too long to be one."""


class TooManyMessages(Refusal):
    """More messages in a minute than one report takes; it takes this one after `retry_after_seconds`."""


class TooManyStills(Refusal):
    """More stills in a minute than one report takes; it takes more after `retry_after_seconds`."""


class ReportFull(Refusal):
    """The report holds as much of its citizen's words as it can; ring 110, or file another."""


class TooManyTries(Refusal):
    """Too many wrong codes from there; wait a few minutes."""


class CursorInvalid(Refusal):
    """The cursor was not given by this service."""


class PageNotFound(Refusal):
    """No such page or asset."""
