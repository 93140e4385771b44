using System.Text;
using ErrorPipeline.Shared.Protocols;
using ErrorPipeline.Shared.Protocols.Otlp;

namespace ErrorPipeline.Collector.Tests.Clients;

/// <summary>What of a request of many kinds of things is an error.</summary>
[TestFixture]
public sealed class SkimChoiceTests
{
    [Test]
    public void DatadogLogs_LinesOfAllStatuses_KeepsThoseOfErrors()
    {
        var into = Skim(LineSkims.DatadogLogs, """
            {"status":"info","message":"basket opened"}
            {"status":"error","message":"no stack"}
            {"status":"warn","message":"slow","error":{"kind":"TypeError","message":"x"}}
            {"status":"warn","message":"slow"}
            {"status":"critical","message":"down"}
            {"status":"info","error":null}
            """);
        into.Events.Should().HaveCount(3);
        into.Ignored.Should().BeEquivalentTo(new Dictionary<string, int> { ["log"] = 3 });
    }

    [Test]
    public void OtlpLogs_RecordsOfAllSeverities_KeepsErrorsAndExceptions()
    {
        var into = Skim(OtlpSkim.Logs, """
            {"resourceLogs":[{"scopeLogs":[{"logRecords":[
              {"severityNumber":9,"body":{"stringValue":"info"}}, {"severityNumber":17,"body":{"stringValue":"error"}}, {"severityNumber":"SEVERITY_NUMBER_FATAL2"},
              {"severityNumber":"SEVERITY_NUMBER_WARN"}, {"severityNumber":13,"eventName":"exception"}, {"severityNumber":{}} ]}]}]}
            """);
        into.Events.Should().HaveCount(3);
        into.Ignored.Should().BeEquivalentTo(new Dictionary<string, int> { ["log"] = 3 });
    }

    [Test]
    public void Rollbar_TokenInTheBody_IsTheKey() =>
        Skim(DocumentSkim.Rollbar, """{"access_token":"0123456789abcdef","data":{"access_token":"other","uuid":"d82f4d5d-e82b-4586-b2b6-53893676bba5"}}""").Key.Should().Be("0123456789abcdef");

    private static SkimmedRequest Skim(Skim skim, string body)
    {
        var into = new SkimmedRequest();
        skim(Encoding.UTF8.GetBytes(body), new(), into).Should().BeNull();
        return into;
    }
}
