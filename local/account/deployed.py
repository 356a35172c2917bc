"""What a deployed stack consists of, by its outputs: the template says which output is which."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from local.account import AccountError
from local.account.stacks import Stack
from local.template.document import Template, at
from local.template.evaluation import Evaluation, defaults_of
from local.template.intrinsics import references


@dataclass(frozen=True, slots=True)
class Deployed:
    """A stack, and the template that explains it."""

    template: Template
    stack: Stack

    def functions(self) -> dict[str, str]:
        """Return the name of each function by the file that its handler is in: `send_phone_verification`."""
        found = {}
        for output, resource in self._outputs_of("ALIYUN::FC3::Function"):
            handler = str(at(self.template.data, "Resources", resource, "Properties", "Handler"))
            found[handler.partition(".")[0]] = self.stack.outputs[output].rpartition("functions/")[2]
        return found

    def function(self, name: str) -> str:
        """Return the name of the function whose handler is in the file `name`.

        Raises:
            AccountError: the stack has no such function, or does not tell.

        """
        functions = self.functions()
        if name not in functions:
            there = ", ".join(sorted(functions)) or "none"
            raise AccountError(f"The outputs of the stack name no function of {name}.py; they name: {there}.")
        return functions[name]

    def queues(self) -> dict[str, str]:
        """Return the names of the queues by their outputs."""
        return {output: self.stack.outputs[output] for output, _ in self._outputs_of("ALIYUN::MNS::Queue")}

    def log_store(self) -> tuple[str, str]:
        """Return the log project, and the log store in it.

        Raises:
            AccountError: the stack does not tell.

        """
        for output, _ in self._outputs_of("ALIYUN::SLS::Logstore"):
            project, slash, store = self.stack.outputs[output].partition("/")
            if slash:
                return project, store
        raise AccountError("The outputs of the stack name no log store.")

    def urls(self) -> dict[str, str]:
        """Return the URLs to POST to by their outputs."""
        return {name: url for name, url in self.stack.outputs.items() if _is_url(url)}

    def has_unknown_gateway_url(self) -> bool:
        """Tell whether there is a route of an API gateway, and no output says at which URL it is."""
        routes, domains = (list(self._outputs_of(f"ALIYUN::APIG::{kind}")) for kind in ("Route", "Domain"))
        return bool(routes) and not domains

    def action_policies(self) -> dict[str, str]:
        """Return who is told of alerts: action policies of Simple Log Service, by the parameters that name them."""
        found = {}
        for path, alert in self.template.resources("ALIYUN::SLS::Alert"):
            policy = at(alert, "Properties", "Detail", "Configuration", "PolicyConfiguration", "ActionPolicyId")
            for reference in references(policy, path):
                default = at(self.template.section("Parameters"), reference.target, "Default")
                found[reference.target] = self.stack.parameters.get(reference.target, str(default))
        return found

    def _outputs_of(self, resource_type: str) -> Iterator[tuple[str, str]]:
        """Yield the outputs that are about resources of a type, and which of them."""
        resources = {str(path[1]) for path, _ in self.template.resources(resource_type)}
        for name, output in self.template.section("Outputs").items():
            for reference in references(at(output, "Value"), ("Outputs", name)):
                if reference.target in resources and name in self.stack.outputs:
                    yield name, reference.target
                    break


def directory_host(template: Template, values: Mapping[str, str]) -> str:
    """Return the host of the Resource Directory that the functions call, with these values of parameters."""
    evaluation = Evaluation(template, {**defaults_of(template), **values})
    for path, _ in template.resources("ALIYUN::FC3::Function"):
        environment = at(evaluation.properties(str(path[1])), "EnvironmentVariables")
        if host := at(environment, "RESOURCE_DIRECTORY_ENDPOINT"):
            return str(host)
    raise AccountError("No function of the template has a RESOURCE_DIRECTORY_ENDPOINT.")


def _is_url(value: str) -> bool:
    try:
        return urlsplit(value).scheme in ("https", "http")
    except ValueError:
        return False
