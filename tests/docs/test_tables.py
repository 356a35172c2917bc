"""The tables of settings, log fields and triggers say what the code says."""

import json

from fcapi.events.opening import open_timer_event
from fcapi.events.triggers import TRIGGER_NAMES
from phone_verification.log_fields import LogFields
from phone_verification.request import open_requests
from phone_verification.settings import SendSettings, SweepSettings
from tests.docs.tables import DOCS, ROOT, names_in, rows


def test_the_settings_table_lists_every_setting_with_its_default() -> None:
    fields = {**SendSettings().__dict__, **SweepSettings().__dict__}
    documented = {
        names_in(name)[0].lower(): default.strip("`") for name, default, _ in rows(DOCS / "settings.md", "variable")
    }
    missing = documented.keys() ^ fields.keys()
    assert not missing, f"expected both in the table of docs/settings.md and in the settings: {missing}"
    defaults = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in fields.items()}
    defaults["resource_directory_endpoint"] = defaults["resource_directory_endpoint"].removeprefix("https://")
    assert documented == defaults


def test_the_log_table_lists_every_field() -> None:
    documented = [name for names, _ in rows(DOCS / "logs.md", "field") for name in names_in(names)]
    missing = set(documented) ^ LogFields.__annotations__.keys()
    assert not missing, f"expected both in the table of docs/logs.md and in LogFields: {missing}"
    assert len(documented) == len(set(documented))


def test_the_trigger_table_lists_every_trigger_in_order_of_its_sample() -> None:
    documented = {
        names_in(name)[0]: names_in(sample)[0] for name, sample, _, _ in rows(DOCS / "triggers.md", "trigger")
    }
    missing = documented.keys() ^ set(TRIGGER_NAMES)
    assert not missing, f"expected both in the table of docs/triggers.md and in TRIGGERS: {missing}"
    for trigger, sample in documented.items():
        assert open_requests((ROOT / sample).read_bytes()).trigger == trigger


def test_the_samples_of_the_sweep_are_ticks() -> None:
    for sample, payload in (("sweep", None), ("sweep_dry_run", {"DryRun": True})):
        tick = open_timer_event((ROOT / "events" / f"{sample}.json").read_bytes())
        assert (json.loads(str(tick.payload)) if tick.payload else None) == payload
