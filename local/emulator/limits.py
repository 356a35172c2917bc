"""What the account and its directory may not exceed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The documented limits, unless told otherwise.

    Source: the user guide's page "Manage contacts for a member", for contacts and e-mails; see Outbox for texts.

    Attributes:
        daily_limit: texts in a day of UTC+8.
        daily_mail_limit: e-mails in a day of UTC+8.
        mails_per_minute: e-mails to one address within a minute.
        max_contacts: contacts that AddMessageContact makes room for.

    """

    daily_limit: int = 100
    daily_mail_limit: int = 100
    mails_per_minute: int = 10
    max_contacts: int = 20
