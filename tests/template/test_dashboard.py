"""Every chart of the dashboard queries the log store; the vendor's metadata leaves charts free-form."""

from collections.abc import Iterator

from local.template.shapes import kind_problem
from tests.template.our_template import OurTemplate, Place


def searches(template: OurTemplate) -> Iterator[Place]:
    """Yield the search of each chart."""
    for dashboard in template.properties("ALIYUN::SLS::Dashboard"):
        for chart in dashboard.at("Charts").items():
            yield chart.at("search")


def test_every_chart_is_about_the_log_store(template: OurTemplate) -> None:
    names = [store.at("LogstoreName").value for store in template.properties("ALIYUN::SLS::Logstore")]
    for search in searches(template):
        place = search.at("logstore")
        assert place.value in names, place.expected("the name of the log store")


def test_every_chart_has_a_query_and_a_time_span(template: OurTemplate) -> None:
    for search in searches(template):
        for key in ("query", "start", "end"):
            problem = kind_problem(search.at(key).value, "string")
            assert problem is None, search.at(key).expected(str(problem).removeprefix("expected "))
