"""How somebody is reached, as it is typed: what is wrong with a phone number or an e-mail address, and what to write."""

import phonenumbers
from email_validator import EmailNotValidError, validate_email

NO_EMAIL = "Write an e-mail address like name@example.nz"
NO_PHONE = "Write a New Zealand phone number with its area code, like 04 555 0100"


def fault_of_email(text: str) -> str:
    """Nothing for an empty one."""
    return NO_EMAIL if text and not _is_email(text) else ""


def fault_of_phone(text: str) -> str:
    """Nothing for an empty one."""
    return NO_PHONE if text and not _is_phone(text) else ""


def _is_email(text: str) -> bool:
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


def _is_phone(text: str) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(text, "NZ"))
    except phonenumbers.NumberParseException:
        return False
