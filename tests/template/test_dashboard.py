"""Every chart of the dashboard queries the log store; the vendor's metadata leaves charts free-form."""

from collections.abc import Iterator

from local.template.shapes import kind_problem
from tests.template.our_template import OurTemplate, Place

CHARTS = {
    # The text that each chart's query must have.
    "texts_today": "100 as limit_of_the_account",
    "last_good_sweep": "minutes_since_a_good_run",
    "api_latency": "message.duration_ms",
    "unknown_outcomes": "message.outcome: unknown",
    "outcomes": "message.outcome",
    "codes": "message.code",
    "sweeps": "message.stopped_by",
    "sweeps_of_emails": "message.emails.failed",
    "failed_listings": '"listing failed"',
    "invocations": "hasFunctionError",
}


def searches(template: OurTemplate) -> Iterator[Place]:
    """Yield the search of each chart."""
    for dashboard in template.properties("ALIYUN::SLS::Dashboard"):
        for chart in dashboard.at("Charts").items():
            yield chart.at("search")


def test_the_dashboard_has_every_chart_of_the_list(template: OurTemplate) -> None:
    for dashboard in template.properties("ALIYUN::SLS::Dashboard"):
        charts = {str(chart.at("title").value): chart.at("search", "query") for chart in dashboard.at("Charts").items()}
        for title, sign in CHARTS.items():
            assert title in charts, dashboard.at("Charts").expected(f"the chart {title}")
            assert sign in str(charts[title].by_default), charts[title].expected(f"to look at {sign}")


def test_the_texts_of_the_day_are_no_emails(template: OurTemplate) -> None:
    for dashboard in template.properties("ALIYUN::SLS::Dashboard"):
        for chart in dashboard.at("Charts").items():
            query = chart.at("search", "query")
            if chart.at("title").value == "texts_today":
                assert 'message.message: "phone verification"' in str(query.by_default), query.expected(
                    "lines of texts"
                )


def test_charts_do_not_overlap(template: OurTemplate) -> None:
    for dashboard in template.properties("ALIYUN::SLS::Dashboard"):
        taken: set[tuple[int, int]] = set()
        for chart in dashboard.at("Charts").items():
            display = chart.at("display")
            sizes = [display.at(key).value for key in ("xPos", "width", "yPos", "height")]
            assert all(isinstance(size, int) for size in sizes), display.expected("xPos, width, yPos and height")
            left, width, top, height = sizes
            cells = {(x, y) for x in range(left, left + width) for y in range(top, top + height)}
            assert not cells & taken, display.expected("a place of its own")
            taken |= cells


def test_every_chart_is_about_the_log_store(template: OurTemplate) -> None:
    names = [store.at("LogstoreName").value for store in template.properties("ALIYUN::SLS::Logstore")]
    for search in searches(template):
        place = search.at("logstore")
        assert place.value in names, place.expected("the name of the log store")


def test_every_chart_has_a_query_and_a_time_span(template: OurTemplate) -> None:
    for search in searches(template):
        for key in ("query", "start", "end"):
            problem = kind_problem(search.at(key).by_default, "string")
            assert problem is None, search.at(key).expected(str(problem).removeprefix("expected "))
