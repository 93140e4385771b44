using ErrorPipeline.Collector.Serving;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Hosting;

namespace ErrorPipeline.Collector.Tests;

/// <summary>A wrong setting ends the start with one line that names it, not with a stack trace.</summary>
[NonParallelizable]
public sealed class StartupTests
{
    [TestCase("Lanes", "0", "ERRORPIPELINE_LANES is 0*1 to 99")]
    [TestCase("Lanes", "many", "*Lanes*")]
    [TestCase("Redis", "", "ERRORPIPELINE_REDIS is empty*")]
    [TestCase("Redis", "localhost:1,nosuch=1,password=secret", "ERRORPIPELINE_REDIS is not host:port*")]
    [TestCase("LogLevel", "Loud", "ERRORPIPELINE_LOGLEVEL is Loud*Warning*")]
    [TestCase("LogFormat", "xml", "ERRORPIPELINE_LOGFORMAT is xml*json and text*")]
    [TestCase("Urls", "nonsense", "ERRORPIPELINE_URLS*nonsense*http://127.0.0.1:5081*")]
    [TestCase("DataDirectory", "", "ERRORPIPELINE_DATADIRECTORY is empty*")]
    [TestCase("Collector:MaxBodyBytes", "5", "ERRORPIPELINE_COLLECTOR__MAXBODYBYTES is 5*1024 to 16777216*")]
    [TestCase("Collector:MaxEvents", "ten", "*Collector:MaxEvents*")]
    [TestCase("Collector:TrustedProxies", "10.0.0.0/8,proxy", "ERRORPIPELINE_COLLECTOR__TRUSTEDPROXIES is proxy*")]
    [TestCase("Collector:LogSegmentBytes", "1", "ERRORPIPELINE_COLLECTOR__LOGSEGMENTBYTES is 1*")]
    [TestCase("Collector:LogDirectory", "/proc/nowhere", "ERRORPIPELINE_COLLECTOR__LOGDIRECTORY is /proc/nowhere*")]
    [TestCase("Collector:ForwardEvents", "0", "ERRORPIPELINE_COLLECTOR__FORWARDEVENTS is 0*")]
    [TestCase("Collector:BasePath", "errors/", "ERRORPIPELINE_COLLECTOR__BASEPATH is errors/*")]
    [TestCase("Collector:KeyPath", "key.pem", "ERRORPIPELINE_COLLECTOR__CERTIFICATEPATH*KEYPATH*")]
    public async Task Start_WithAWrongSetting_EndsWithALineThatNamesIt(string setting, string value, string said)
    {
        using var folder = new TempFolder();
        var (error, before) = (new StringWriter(), Console.Error);
        Console.SetError(error);
        try
        {
            var code = await Startup.RunAsync(() => CollectorApp.Build(
                ["--Urls", "http://127.0.0.1:0", "--Redis", "127.0.0.1:1", "--DataDirectory", folder.Path, "--" + setting, value]));
            code.Should().Be(Startup.ConfigurationExitCode, error.ToString());
        }
        finally
        {
            Console.SetError(before);
        }

        error.ToString().TrimEnd().Should().Match("configuration: " + said + "*").And.NotContain("secret").And.NotContain("\n");
    }
}
