"""The index has the fields that the code logs, and the queries look for indexed fields and logged values."""

import re
from collections.abc import Iterator, Mapping

from tests.template.our_template import OurTemplate, Place

OUR_FIELD = re.compile(r"message\.(\w+(?:\.\w+)*)")
OUR_VALUE = re.compile(r'message\.(message|code|outcome): (?:"([^"]+)"|(\w+))')
PLATFORMS_FIELD = re.compile(r"\b([a-z]+[A-Z]\w*)\b")
OUR_PARTS = re.compile(r'"[^"]*"|message\.\S+ \w+')
NOT_INDEXED = frozenset({"timestamp", "function_version", "function_memory_size", "region", "retry_count"})
"""Fields that no query of ours needs; the full-text index finds their values."""


def key_indices(template: OurTemplate) -> Iterator[Place]:
    """Yield the keys of the index: `message`, which holds our JSON line, and the fields of the platform's lines."""
    for index in template.properties("ALIYUN::SLS::Index"):
        yield from index.at("KeyIndices").items()


def our_fields(template: OurTemplate) -> Iterator[tuple[Place, str]]:
    """Yield place and name of the indexed fields of our lines."""
    for key in key_indices(template):
        for field in key.at("JsonKeyIndices").items():
            yield field, str(field.at("Name").value)


def queries(template: OurTemplate) -> Iterator[tuple[Place, str]]:
    """Yield place and text of the queries of all alerts and charts."""
    for alert in template.properties("ALIYUN::SLS::Alert"):
        for query in alert.at("Detail", "Configuration", "QueryList").items():
            yield query.at("Query"), str(query.at("Query").by_default)
    for dashboard in template.properties("ALIYUN::SLS::Dashboard"):
        for chart in dashboard.at("Charts").items():
            yield chart.at("search", "query"), str(chart.at("search", "query").by_default)


def test_the_code_logs_every_field_of_the_index(template: OurTemplate, log_fields: frozenset[str]) -> None:
    for place, name in our_fields(template):
        assert name in log_fields, place.expected(f"a field that the code logs, found {name}")


def test_every_field_that_a_query_may_need_is_in_the_index(template: OurTemplate, log_fields: frozenset[str]) -> None:
    missing = sorted(log_fields - NOT_INDEXED - {name for _, name in our_fields(template)})
    for index in template.properties("ALIYUN::SLS::Index"):
        message = index.at("KeyIndices").expected(f"the field {', '.join(missing)}, which the code logs")
        assert not missing, message


def test_queries_use_indexed_fields_of_our_lines(template: OurTemplate) -> None:
    indexed = {name for _, name in our_fields(template)}
    for place, query in queries(template):
        for name in OUR_FIELD.findall(query):
            assert name in indexed, place.expected(f"a field of the index, found message.{name}")


def test_queries_use_indexed_fields_of_the_platforms_lines(template: OurTemplate) -> None:
    indexed = {str(key.at("Name").value) for key in key_indices(template)}
    for place, query in queries(template):
        for name in PLATFORMS_FIELD.findall(OUR_PARTS.sub("", query)):
            assert name in indexed, place.expected(f"a field of the index, found {name}")


def test_queries_look_for_values_that_the_code_logs(
    template: OurTemplate, log_values: Mapping[str, frozenset[str]]
) -> None:
    for place, query in queries(template):
        for field, quoted, bare in OUR_VALUE.findall(query):
            value = quoted or bare
            assert value in log_values[field], place.expected(f"a value that the code logs, found {value}")
