"""What must hold in every run; see docs/simulation.md for what is assumed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from tests.simulation.api import Text
from tests.simulation.callers import Acknowledged
from tests.simulation.invocation import Invocation, Seen
from tests.simulation.schedule import DAY, MIDNIGHT, Scenario

THIRTY_DAYS = 30 * DAY
BLOCKED = {("duplicate", None), ("in_progress", "RequestInProgress"), ("unknown", "OutcomeUnknown")}
FAILED = ("failed", "unknown", "rejected")
OVER_HTTP = ("http", "async")
DAILY_LIMIT = "SendValidateCodeExceedsLimitForAccount"
NO_FAULT_OF_A_SWEEP = (DAILY_LIMIT, "EntityNotExists.Contact", "OutcomeUnknown")
"""A contact that was deleted since it was listed has nothing to verify; what another run sends is its own affair."""
ENDS_A_CHANNEL: Mapping[str, Sequence[str | None]] = {
    DAILY_LIMIT: ["DailyLimit"],
    "FunctionMisconfigured": [None, "NoPermission"],
}
"""By Code: what a sweep says of a channel whose last send failed so."""


class Run(NamedTuple):
    """What happened in a run."""

    scenario: Scenario
    texts: Sequence[Text]
    invocations: Sequence[Invocation]
    acknowledged: Sequence[Acknowledged]
    losses: Sequence[float]

    def window(self, invocation: Invocation) -> int:
        """Return the cooldown window that an invocation applies, in seconds."""
        return self.scenario.windows[invocation.arrival.kind]


def findings_of(run: Run) -> Iterator[str]:
    """Return what is wrong with a run, a sentence for each fault."""
    for check in (
        _windows,
        _acknowledgements,
        _blocks,
        _waits,
        _budgets,
        _refusals,
        _texts_per_number,
        _reasons,
        _shares,
        _failures,
        _settled,
        _bugs,
    ):
        yield from check(run)


def _windows(run: Run) -> Iterator[str]:
    """Look for texts in the window of another one's sender, more than one for each loss of data."""
    for recipient in {text.recipient for text in run.texts}:
        texts = [text for text in run.texts if text.recipient == recipient]
        extra = 0
        for index, text in enumerate(texts):
            window = run.window(text.sender)
            before = [
                other
                for place, other in enumerate(texts)
                if place != index
                and other.sender.store_id == text.sender.store_id
                and text.at - window < other.at <= text.at
                and (other.at < text.at or place < index)
            ]
            extra += bool(before)
            if before and (extra > len(run.losses) or not all(_lost_between(run, other, text) for other in before)):
                yield f"{recipient} was texted twice within {window} s: {_shown(before[-1])}, {_shown(text)}"


def _lost_between(run: Run, first: Text, second: Text) -> bool:
    """Tell whether the store lost its data so that the later of two senders could not know of the earlier one."""
    first, second = sorted((first, second), key=lambda text: text.sender.started)
    settled = [
        seen
        for seen in first.sender.seen
        if seen.recipient == first.recipient
        and (seen.outcome == "sent" or (seen.outcome == "unknown" and seen.code != "OutcomeUnknown"))
        and not seen.is_warned
    ]
    return any(
        first.sender.started <= loss <= max(first.at, second.at)
        # Whoever finds the claim gone puts the text on record again: then only who came before that knew nothing.
        # A loss between its last read and its write has it read again.
        and (not settled or loss >= settled[-1].read_at or second.sender.started < settled[-1].at)
        for loss in run.losses
    )


def _acknowledgements(run: Run) -> Iterator[str]:
    """Look for acknowledged texts that were not sent."""
    sent = {(text.recipient, text.request_id) for text in run.texts}
    for recipient, request_id, invocation in run.acknowledged:
        if (recipient, request_id) not in sent:
            yield f"{invocation.name} was told of {request_id} for {recipient}, which was not sent"


def _blocks(run: Run) -> Iterator[str]:
    """Look for blocked numbers that nothing can have texted within a window and a time limit."""
    for invocation in run.invocations:
        for seen in invocation.seen:
            if (seen.outcome, seen.code) in BLOCKED and not any(
                _explains(run, other, invocation, seen) for other in run.invocations
            ):
                yield f"{invocation.name} found {seen.recipient} blocked ({seen.outcome}) for no reason"


def _explains(run: Run, other: Invocation, invocation: Invocation, seen: Seen) -> bool:
    moment = seen.read_at if run.scenario.shared else seen.at
    # A claim is dated by a clock that may stand still in a freeze, and by a store whose answer may take its time.
    longer = other.frozen + other.store_delay
    ends = other.started + longer + run.scenario.time_limit + run.window(invocation)
    if seen.recipient not in other.recipients or other.store_id != invocation.store_id:
        return False
    if not other.started <= moment < ends:
        return False
    if other is invocation and seen.recipient not in other.maybe_texted:
        return other.store_failed
    is_running = other.ended is None or other.ended >= moment
    return is_running or other.killed or other.store_failed or seen.recipient in other.maybe_texted


def _waits(run: Run) -> Iterator[str]:
    """Look for callers who were told to wait for longer than a window."""
    for invocation in run.invocations:
        if invocation.blocked_for is not None and invocation.blocked_for > max(run.window(invocation), 1):
            yield f"{invocation.name} was told to wait for {invocation.blocked_for} s"


def _budgets(run: Run) -> Iterator[str]:
    """Look for days with more texts than their budget, and as many again for each loss of data."""
    if not run.scenario.sends_per_day:
        return
    texts = [text for text in run.texts if text.sender.arrival.kind in OVER_HTTP]
    for store_id in {text.sender.store_id for text in texts}:
        days = [
            (_day(t.sender.started, t.sender), _day(t.at, t.sender)) for t in texts if t.sender.store_id == store_id
        ]
        for first, last in sorted(set(days)):
            within = sum(first <= began and ended <= last for began, ended in days)
            losses = sum((loss - MIDNIGHT) // DAY <= last for loss in run.losses)
            if within > (last - first + 1 + losses) * run.scenario.sends_per_day:
                yield f"{within} texts over HTTP in days {first} to {last}, {run.scenario.sends_per_day} a day allowed"


def _refusals(run: Run) -> Iterator[str]:
    """Look for refusals by a budget that cannot have been spent in that day."""
    for invocation in run.invocations:
        for seen in invocation.seen:
            if seen.code != "DailyBudgetSpent":
                continue
            days = {_day(invocation.started, invocation), _day(seen.at, invocation)}
            spenders = [
                other
                for other in run.invocations
                if other.arrival.kind in OVER_HTTP
                and other.store_id == invocation.store_id
                and other is not invocation
                and days & {_day(other.started, other), _day(other.ended or seen.at, other)}
                and other.started <= seen.at
                and (
                    other.maybe_texted
                    or other.killed
                    or other.store_failed
                    or other.ended is None
                    or other.ended >= invocation.started
                )
            ]
            if len(spenders) < run.scenario.sends_per_day:
                yield f"{invocation.name} was refused by a budget of which {len(spenders)} were spent"


def _texts_per_number(run: Run) -> Iterator[str]:
    """Look for texts of the sweep to numbers that were texted as often as they may be in 30 days."""
    for text in run.texts:
        if text.sender.arrival.kind != "tick":
            continue
        since = max([text.at - THIRTY_DAYS, *(loss for loss in run.losses if loss <= text.at)])
        count = sum(
            other.recipient == text.recipient
            and other.sender.store_id == text.sender.store_id
            and since < other.at < text.at
            and since < other.sender.started  # else its claim was lost, and with it perhaps the text
            for other in run.texts
        )
        is_mail = text.recipient.endswith("@")
        if count >= (run.scenario.mails_per_address if is_mail else run.scenario.texts_per_number):
            yield f"the sweep texted {text.recipient} after {count} texts in 30 days: {_shown(text)}"


def _reasons(run: Run) -> Iterator[str]:
    """Look for channels that a sweep left something of, for no reason of their own."""
    for invocation in run.invocations:
        for by_mail, counts in ((False, invocation.counts), (True, invocation.counts.get("emails", {}))):
            if not counts.get("left") or counts.get("stopped_by") == "Deadline":
                continue
            own = [seen.code or "" for seen in invocation.seen if seen.recipient.endswith("@") == by_mail]
            if not own or counts.get("stopped_by") not in ENDS_A_CHANNEL.get(own[-1], ()):
                yield f"{invocation.name} left {counts['left']} of {'mails' if by_mail else 'texts'} for no reason"


def _shares(run: Run) -> Iterator[str]:
    """Look for sweeps without time for a channel whose other one went on, having used more time already."""
    for invocation in run.invocations:
        for by_mail, counts in ((False, invocation.counts), (True, invocation.counts.get("emails", {}))):
            # In a freeze, the clock by which time is shared may stand still.
            if not counts.get("left") or counts.get("stopped_by") != "Deadline" or invocation.frozen:
                continue
            own = sum(seen.seconds for seen in invocation.seen if seen.recipient.endswith("@") == by_mail)
            others = [seen.seconds for seen in invocation.seen if seen.recipient.endswith("@") != by_mail]
            if sum(others[:-1]) > own + 0.1:
                yield f"{invocation.name} had no time for {'mails' if by_mail else 'texts'}: {own} s, others {others} s"


def _failures(run: Run) -> Iterator[str]:
    """Look for sweeps in which something failed, and which ended as if nothing had."""
    for invocation in run.invocations:
        failed = [seen for seen in invocation.seen if seen.outcome in FAILED and seen.code not in NO_FAULT_OF_A_SWEEP]
        if failed and invocation.is_done and invocation.arrival.kind == "tick":
            yield f"{invocation.name} hid that {failed[0].recipient} failed: {failed[0].code}"


def _settled(run: Run) -> Iterator[str]:
    """Look for contacts who were asked for and never texted, and who cannot be texted in the end."""
    texted = {text.recipient for text in run.texts}
    for invocation in run.invocations:
        if not set(invocation.recipients) <= texted:
            yield f"{invocation.name} asked for {set(invocation.recipients) - texted}, who got no text at all"
        if invocation.arrival.name in ("last batch", "last http"):
            outcomes = [seen.outcome for seen in invocation.seen]
            if outcomes != ["sent"] * len(invocation.recipients):
                yield f"{invocation.name} was not sent: {invocation.seen}"


def _bugs(run: Run) -> Iterator[str]:
    """Look for bugs that reached the outer guard."""
    for invocation in run.invocations:
        for line in invocation.bugs:
            yield f"{invocation.name} failed: {line.strip()}"


def _day(moment: float, invocation: Invocation) -> int:
    """Return the day of a moment, by the clock of an invocation's store."""
    return int((moment + invocation.store_ahead - MIDNIGHT) // DAY)


def _shown(text: Text) -> str:
    return f"{text.sender.name} at {text.at - MIDNIGHT:.3f} s"
