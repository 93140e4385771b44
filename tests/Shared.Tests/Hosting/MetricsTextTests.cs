using ErrorPipeline.Shared.Hosting;

namespace ErrorPipeline.Shared.Tests.Hosting;

public sealed class MetricsTextTests
{
    [Test]
    public void Render_CounterWithTags_GivesOneLinePerSetOfTags()
    {
        using var metrics = new MetricsText();
        var counter = PipelineMeter.Instance.CreateCounter<long>("test_requests", description: "Requests.");
        counter.Add(2, new KeyValuePair<string, object?>("reason", "too_large"));
        counter.Add(3, new KeyValuePair<string, object?>("reason", "too_large"));
        counter.Add(1, new KeyValuePair<string, object?>("reason", "a \"quoted\"\nline\\"));

        var text = metrics.Render();

        text.Should().Contain("# HELP test_requests_total Requests.\n# TYPE test_requests_total counter\n")
            .And.Contain("test_requests_total{reason=\"too_large\"} 5\n")
            .And.Contain("test_requests_total{reason=\"a \\\"quoted\\\"\\nline\\\\\"} 1\n");
    }

    [Test]
    public void Render_Histogram_GivesCumulativeBuckets()
    {
        using var metrics = new MetricsText();
        var histogram = PipelineMeter.Instance.CreateHistogram<double>("test_seconds");
        histogram.Record(0.0007);
        histogram.Record(0.3);
        histogram.Record(99);

        var text = metrics.Render();

        text.Should().Contain("test_seconds_bucket{le=\"0.0005\"} 0\n")
            .And.Contain("test_seconds_bucket{le=\"0.001\"} 1\n")
            .And.Contain("test_seconds_bucket{le=\"0.5\"} 2\n")
            .And.Contain("test_seconds_bucket{le=\"10\"} 2\n")
            .And.Contain("test_seconds_bucket{le=\"+Inf\"} 3\n")
            .And.Contain("test_seconds_count 3\n");
    }

    [Test]
    public void Render_ObservableGaugeThatNoLongerTellsATag_ForgetsIt()
    {
        using var metrics = new MetricsText();
        var lanes = new List<string> { "lane-00", "lane-01" };
        PipelineMeter.Instance.CreateObservableGauge("test_depth", () => lanes.Select(l =>
            new System.Diagnostics.Metrics.Measurement<long>(7, new KeyValuePair<string, object?>("lane", l))).ToArray());
        metrics.Render().Should().Contain("test_depth{lane=\"lane-01\"} 7\n");

        lanes.RemoveAt(1);

        metrics.Render().Should().Contain("test_depth{lane=\"lane-00\"} 7\n").And.NotContain("lane-01");
    }

    [Test]
    public void Render_MoreTagsThanAProgrammerMeant_StaysBounded()
    {
        using var metrics = new MetricsText();
        var counter = PipelineMeter.Instance.CreateCounter<long>("test_unbounded");
        for (var i = 0; i < 2_000; i++)
            counter.Add(1, new KeyValuePair<string, object?>("user", $"u{i}"));

        var lines = metrics.Render().Split('\n').Where(l => l.StartsWith("test_unbounded_total{", StringComparison.Ordinal)).ToList();

        lines.Should().HaveCount(501);
        lines.Should().Contain("test_unbounded_total{overflow=\"true\"} 1500");
    }
}
