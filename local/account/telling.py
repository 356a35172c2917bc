"""The output of a deployment: the line of a step, the reason of a failure, and the next steps after a success."""

from collections.abc import Iterator

import click

from local.account.deployed import Deployed
from local.account.secrets import Secrets
from local.account.stacks import Stack
from local.account.target import Target


def step(what: str, told: str) -> str:
    """Return the line of a step."""
    return f"{click.style(f'{what:11}', bold=True)} {told}"


def console_url(target: Target, stack_id: str) -> str:
    """Return where the console shows a stack."""
    return f"https://ros.console.aliyun.com/{target.region}/stacks/{stack_id}"


def failure(target: Target, stack: Stack, failures: list[str]) -> str:
    """Return what failed, and why, as far as the service says."""
    causes = failures or [f"  {stack.reason or 'The service gives no reason.'}"]
    head = f"The stack {target.stack} is {stack.status}. What failed:"
    return "\n".join([head, *causes, console_url(target, stack.stack_id)])


def afterwards(target: Target, deployed: Deployed, secrets: Secrets, package_before: str) -> Iterator[str]:
    """Yield the outputs, who is told of alerts, a signed call, the smoke test, and the way back."""
    for output, value in deployed.stack.outputs.items():
        yield f"  {output}: {secrets.safe(value)}"
    for parameter, policy in deployed.action_policies().items():
        nobody = "; it tells nobody until users or groups are added to it" if policy == "sls.builtin" else ""
        yield step("Alerts", f"go to the action policy {policy} ({parameter}){nobody}")
    where = " ".join([f"REGION={target.region}", *_as_whom(target)])
    event = ".venv/bin/fcapi event http --contact-id c-… --phone-number 86-…"
    yield step("Signed call", f"{event} | {where} .venv/bin/fcapi invoke --remote {target.stack} -")
    yield step("Check it", f"make smoke STACK={target.stack} {where}")
    if package_before and package_before != deployed.stack.parameters.get("CodeObject"):
        yield step("Undo", f"make deploy CODE_OBJECT={package_before} deploys the package that was there before")


def _as_whom(target: Target) -> Iterator[str]:
    if target.profile:
        yield f"PROFILE={target.profile}"
    if target.ecs_role:
        yield f"ECS_ROLE={target.ecs_role}"
