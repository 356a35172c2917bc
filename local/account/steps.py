"""The steps of a deployment: check, upload the package under its hash, create or update the stack, read its outputs.

Source of the statuses: the vendor's page "GetStack".
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from local.account import DeployError
from local.account.aliyun_commands import Stack, Word
from local.account.deployment import Deployment
from local.account.tool import Tool, ToolFailed, parsed

SECONDS_BETWEEN_LOOKS = 5
MINUTES_OF_PATIENCE = 40
"""Ten more than the service takes for the stack itself: rolling back takes its time, too."""

NOTHING_CHANGED = "Update the completely same stack"
"""How the service refuses an update that changes nothing. It is not in its documentation, but Funcraft, the vendor's
own tool for functions, goes by it."""


@dataclass(frozen=True, slots=True)
class _Found:
    stack_id: str
    status: str


def show_all(deployment: Deployment, show: Callable[[str], None]) -> None:
    """Show every command that a deployment may run; run none."""
    stack, stack_id = deployment.stack, Word("", "STACK_ID")
    show("# Nothing of this is run. First, who is it, and is the bucket there?")
    show(f"$ {stack.identity()}")
    show(f"$ {stack.bucket(deployment.bucket)}")
    show("# Is the stack there? Its id is the STACK_ID below.")
    show(f"$ {stack.find()}")
    show("# The package, under its hash.")
    show(f"$ {deployment.upload()}")
    show("# If the stack is not there:")
    show(f"$ {deployment.create()}")
    show("# If it is:")
    show(f"$ {deployment.update(stack_id)}")
    show("# Until it is done, and for its outputs:")
    show(f"$ {stack.get(stack_id)}")


def deploy(
    deployment: Deployment,
    tool: Tool,
    show: Callable[[str], None],
    *,
    sleep: Callable[[float], None] = time.sleep,
    monotonic: Callable[[], float] = time.monotonic,
) -> dict[str, str]:
    """Deploy, showing each step, and return the stack's outputs.

    Raises:
        DeployError: a step failed; the message says which, and what to do.

    """
    stack = deployment.stack
    _check_access(deployment, tool, show)
    found = _find(stack, tool)
    if found:
        _check_state(found, stack)
    else:
        deployment.check_required()
    tool.run(deployment.upload())
    stack_id, changed = _create_or_update(deployment, found, tool)
    if not changed:
        show("Neither template nor parameters differ from what is deployed.")
    command = stack.get(Word(stack_id))
    state = parsed(tool.run(command))
    give_up_at = monotonic() + MINUTES_OF_PATIENCE * 60
    while (status := str(state.get("Status"))).endswith("_IN_PROGRESS"):
        if monotonic() > give_up_at:
            raise DeployError(f"Stack {stack.name} is still {status}. The console shows its events.")
        sleep(SECONDS_BETWEEN_LOOKS)
        state = parsed(tool.run_quietly(command))
    if not _is_good(status):
        raise DeployError(f"Stack {stack.name} is {status}: {state.get('StatusReason', 'no reason given')}")
    return {str(each["OutputKey"]): str(each.get("OutputValue")) for each in state.get("Outputs") or []}


def _check_access(deployment: Deployment, tool: Tool, show: Callable[[str], None]) -> None:
    stack, bucket = deployment.stack, deployment.bucket
    try:
        account = parsed(tool.run(stack.identity())).get("AccountId")
    except ToolFailed as error:
        raise DeployError(
            f"The profile {stack.profile} cannot be used. To set it up: aliyun configure --profile {stack.profile}\n"
            f"{error}"
        ) from None
    show(f"Deploying into account {account}, region {stack.region}.")
    try:
        tool.run(stack.bucket(bucket))
    except ToolFailed as error:
        raise DeployError(
            f"The bucket {bucket} cannot be used. It must be in {stack.region}; to create it: aliyun oss mb oss://{bucket}"
            f" --acl private --region {stack.region} --profile {stack.profile}\n{error}"
        ) from None


def _find(stack: Stack, tool: Tool) -> _Found | None:
    listed: list[dict[str, Any]] = parsed(tool.run(stack.find())).get("Stacks") or []
    found = [_Found(each["StackId"], each["Status"]) for each in listed if each["StackName"] == stack.name]
    return next((each for each in found if each.status != "DELETE_COMPLETE"), None)


def _check_state(found: _Found, stack: Stack) -> None:
    if found.status.endswith("_IN_PROGRESS"):
        raise DeployError(f"Stack {stack.name} is {found.status}. Wait until that is over.")
    if found.status.startswith("CREATE_") and found.status != "CREATE_COMPLETE":
        raise DeployError(
            f"Stack {stack.name} is {found.status}: it never came to be, so it cannot be updated. To delete it:\n"
            f"{stack.delete(Word(found.stack_id))}"
        )


def _create_or_update(deployment: Deployment, found: _Found | None, tool: Tool) -> tuple[str, bool]:
    if found is None:
        return str(parsed(tool.run(deployment.create()))["StackId"]), True
    try:
        tool.run(deployment.update(Word(found.stack_id)))
    except ToolFailed as error:
        if NOTHING_CHANGED not in str(error):
            raise
        return found.stack_id, False
    return found.stack_id, True


def _is_good(status: str) -> bool:
    return status.endswith("_COMPLETE") and "ROLLBACK" not in status
