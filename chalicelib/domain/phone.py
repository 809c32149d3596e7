"""Telephone numbers, in the one form in which they are stored and compared: E.164, `+8613800000000`."""

import re

from chalicelib.domain.refusals import PhoneInvalid

_HOME_REGION = "CN"
# Digits of any script and the signs people put between them. Without this the library would also dial
# letters ("1800FLOWERS") and drop what stands around a number.
_WRITTEN = re.compile(r"\s*[+＋]?[\d\s()（）.\-‐-―－]{3,40}")


def read_phone(text: str) -> str:
    """The number in E.164; one without a country code is Chinese. Landlines and foreign numbers are fine.

    Raises `PhoneInvalid` for what is not a number in use by its country's plan, short numbers (110) too.
    """
    # 54 ms of the cold start, and few requests bring a number.
    import phonenumbers

    if not _WRITTEN.fullmatch(text):
        raise PhoneInvalid("not a telephone number")
    try:
        number = phonenumbers.parse(text, _HOME_REGION)
    except phonenumbers.NumberParseException:
        # From None: the library's message would bring the number into the log.
        raise PhoneInvalid("not a telephone number") from None
    if not phonenumbers.is_valid_number(number):
        raise PhoneInvalid("no such telephone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
