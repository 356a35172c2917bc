"""Who the credentials are, and whether theirs is the account that message contacts are managed from.

Source: the vendor's pages "GetCallerIdentity" and "GetResourceDirectory". That contacts are managed from the management
account alone is on the page "Manage contacts for a member".
"""

from local.account import AccountError
from local.account.service_errors import Refused
from local.account.session import Session


def account_of(session: Session) -> str:
    """Return the id of the account."""
    answered = session.ask("STS GetCallerIdentity", "sts", lambda: session.sts.get_caller_identity())
    return str(answered.body.account_id)


def check_management_account(session: Session, host: str, account: str) -> str:
    """Check that an account is its directory's management account; return what is known, in words.

    `host` is the Resource Directory's. Where it may not be asked, that is a warning.

    Raises:
        AccountError: it is not, or there is no directory.

    """
    directory = session.directory_at(host)
    try:
        answered = session.ask("GetResourceDirectory", "directory", lambda: directory.get_resource_directory())
    except Refused as refused:
        if refused.code.startswith("EntityNotExists"):
            raise AccountError(
                f"The account {account} has no Resource Directory, so there are no contacts in it."
            ) from None
        return f"warning: whether it is the management account may not be asked ({refused.status} {refused.code})"
    master = str(answered.body.resource_directory.master_account_id)
    if master != account:
        raise AccountError(
            f"{account} is not the directory's management account; that is {master}. Message contacts are managed from"
            " there, so deploy there."
        )
    return "the directory's management account"
