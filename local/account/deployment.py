"""The steps of a deployment, in order: check, look, build, show what would change, ask, upload, deploy, tell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from local.account import AccountError
from local.account.bucket import Bucket, check_built_for, key_of
from local.account.changes import changed_parameters, fixed_parameters, table
from local.account.deployed import Deployed, directory_host
from local.account.identity import account_of, check_management_account
from local.account.parameters import Parameter, check_new
from local.account.progress import Follower
from local.account.regions import check_runtime
from local.account.service_errors import NoAnswer
from local.account.session import Session
from local.account.stacks import Change, Stack, Stacks
from local.account.target import Target
from local.account.telling import afterwards, console_url, failure, step
from local.template.document import Template

DEFAULT_RUNTIME = "python3.12"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is to be deployed and how.

    `values` are those that were given for the template's parameters. `runtime` is empty for the stack's own, or for
    python3.12 where there is no stack yet. `stored` is a package in the bucket that is deployed as it is; where it is
    empty, `build` makes one for a runtime.
    """

    target: Target
    bucket: str
    runtime: str
    values: Mapping[str, str]
    build: Callable[[str], Path]
    stored: str = ""
    create_bucket: bool = False
    replace: bool = False
    dry_run: bool = False
    confirm: Callable[[str], bool] = lambda _: True


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployment of a template; `show` gets a line for each step."""

    wishes: Wishes
    session: Session
    template: Template
    declared: Mapping[str, Parameter]
    show: Callable[[str], None]

    def run(self, follower: Follower) -> None:
        """Do all of it.

        Raises:
            AccountError: a step failed; the message says which, and what to do.

        """
        wishes = self.wishes
        stacks, bucket = follower.stacks, Bucket(self.session, wishes.bucket)
        account = account_of(self.session)
        stack = stacks.find(wishes.target.stack)
        values = {**(stack.parameters if stack else {}), **wishes.values}
        known = check_management_account(self.session, directory_host(self.template, values), account)
        self._step("Account", f"{account}, {known}, by {self.session.source}")
        there = self._look_at_bucket(bucket, account)
        self._look_at_stack(stack, follower)
        self._check_fixed(stack, stacks)
        runtime = wishes.runtime or (stack.parameters.get("Runtime") if stack else "") or DEFAULT_RUNTIME
        check_runtime(runtime, wishes.target.region)
        key, package = self._package(bucket, runtime)
        values = {**wishes.values, "CodeBucket": wishes.bucket, "CodeObject": key, "Runtime": runtime}
        changes = stacks.preview(wishes.target.stack, stack, values)
        self._show_changes(stack, values, changes)
        if wishes.dry_run:
            self._step("Dry run", "nothing was changed")
            return
        if not wishes.confirm(f"Deploy into account {account}, region {self.session.region}?"):
            raise AccountError("Nothing was changed.")
        if not there:
            bucket.create()
            bucket.exists(account)
        if package:
            bucket.upload(package, key)
            self._step("Uploaded", f"oss://{wishes.bucket}/{key}")
        self._deploy(stack, values, changes, follower)

    def _look_at_bucket(self, bucket: Bucket, account: str) -> bool:
        there = bucket.exists(account)
        if not there and (not self.wishes.create_bucket or self.wishes.stored):
            raise AccountError(f"There is no bucket {bucket.name}. To have it made: make deploy CREATE_BUCKET=1 …")
        fine = f"private, blocks public access, in {self.session.region}"
        self._step("Bucket", f"{bucket.name}: {fine if there else 'not there yet; it will be created'}")
        return there

    def _look_at_stack(self, stack: Stack | None, follower: Follower) -> None:
        name = self.wishes.target.stack
        if stack is None:
            check_new(self.declared, self.wishes.values)
            self._step("Stack", f"{name}: not there yet; it will be created")
            return
        self._step("Stack", f"{name}: {stack.status}")
        if stack.in_progress:
            if not self.wishes.dry_run:
                self._step("Waiting", "an operation is at work on it; these are its next events")
                follower.skip_the_past(stack.stack_id)
                self._follow(stack.stack_id, follower)
            raise AccountError(f"An operation was at work on the stack {name}. Run make deploy again.")
        if stack.never_came_to_be:
            raise AccountError(
                f"The stack {name} is {stack.status}: it never came to be, so it cannot be updated. Delete it first:\n"
                f"{console_url(self.wishes.target, stack.stack_id)}"
            )

    def _check_fixed(self, stack: Stack | None, stacks: Stacks) -> None:
        asked = stacks.needing_replacement()
        fixed = fixed_parameters(self.template)
        changed = changed_parameters(self.declared, stack, self.wishes.values)
        found = {name: change for name, change in changed.items() if name in asked | fixed.keys()}
        for name, change in found.items():
            within = f" (of {', '.join(fixed[name])})" if fixed.get(name) else ""
            self._step("Fixed", f"{name}: {change}; the service cannot change that in place{within}")
        if found and not self.wishes.replace:
            raise AccountError(
                "Leave them as they are, or let the service make anew what has them: make deploy REPLACE=1 …\n"
                "A second stack with another name and NamePrefix is the way without a gap."
            )

    def _package(self, bucket: Bucket, runtime: str) -> tuple[str, Path | None]:
        if self.wishes.stored:
            bucket.check_stored(self.wishes.stored, runtime)
            self._step("Package", f"{self.wishes.stored}, as it lies in the bucket")
            return self.wishes.stored, None
        package = self.wishes.build(runtime)
        check_built_for(runtime, package, str(package))
        key = key_of(package)
        self._step("Package", f"{package}, {package.stat().st_size:,} bytes, sha256 {Path(key).stem}")
        return key, package

    def _show_changes(self, stack: Stack | None, values: Mapping[str, str], changes: list[Change]) -> None:
        *lines, count = table(changes)
        self._step("Changes", count)
        for name, change in changed_parameters(self.declared, stack, values).items():
            self.show(f"  {name}: {change}")
        for line in lines:
            self.show(line)
        if gone := [each.resource for each in changes if each.action in ("Replace", "Remove")]:
            self._step("Careful", f"deleted with what is in them: {', '.join(gone)}")
        if not self.wishes.replace and any(each.action == "Replace" for each in changes):
            self._step("Careful", "to make something anew, the service needs REPLACE=1; without it the update fails")

    def _deploy(
        self, stack: Stack | None, values: Mapping[str, str], changes: list[Change], follower: Follower
    ) -> None:
        follower.total = sum(each.action != "None" for each in changes)
        if stack:
            follower.skip_the_past(stack.stack_id)
        stack_id, begun = self._begin(stack, values, follower.stacks)
        after = self._follow(stack_id, follower) if begun else follower.stacks.get(stack_id)
        if begun and not after.is_good:
            raise AccountError(failure(self.wishes.target, after, follower.failures()))
        unchanged = "neither template nor parameters differ from what is deployed"
        self._step("Done", f"{self.wishes.target.stack} is {after.status}" if begun else unchanged)
        before = stack.parameters.get("CodeObject", "") if stack else ""
        for line in afterwards(self.wishes.target, Deployed(self.template, after), self.session.secrets, before):
            self.show(line)

    def _begin(self, stack: Stack | None, values: Mapping[str, str], stacks: Stacks) -> tuple[str, bool]:
        """Begin to create or update the stack; return its id, and whether there is anything to do."""
        try:
            if stack is None:
                return stacks.create(self.wishes.target.stack, values), True
            return stack.stack_id, stacks.update(stack, values, replace=self.wishes.replace)
        except (NoAnswer, KeyboardInterrupt) as error:
            why = error.message if isinstance(error, NoAnswer) else "Interrupted."
            looks = "Whether the service has begun is not known. make deploy again looks first, and shows it."
            raise AccountError(f"{why}\n{looks}") from None

    def _follow(self, stack_id: str, follower: Follower) -> Stack:
        try:
            return follower.follow(stack_id)
        except KeyboardInterrupt:
            raise AccountError(
                "No longer looking; the stack goes on. To look again, run make deploy as before, or open\n"
                f"{console_url(self.wishes.target, stack_id)}"
            ) from None

    def _step(self, what: str, told: str) -> None:
        self.show(step(what, told))
