using ErrorPipeline.Workers.Write;

namespace ErrorPipeline.Workers.Tests.Write;

public sealed class RetentionOptionsTests
{
    [Test]
    public void Validate_Defaults_Pass() => new RetentionOptionsValidator().Validate(null, new()).Succeeded.Should().BeTrue();

    [TestCase(0, 0, 200, "ERRORPIPELINE_RETENTION__MAXAGEDAYS is 0")]
    [TestCase(double.NaN, 0, 200, "ERRORPIPELINE_RETENTION__MAXAGEDAYS is NaN")]
    [TestCase(90, -1, 200, "ERRORPIPELINE_RETENTION__MAXBYTES is -1")]
    [TestCase(90, 1000, 200, "ERRORPIPELINE_RETENTION__MAXBYTES is 1000")]
    [TestCase(90, 0, 0, "ERRORPIPELINE_RETENTION__SAMPLESPERISSUE is 0")]
    public void Validate_OutOfRange_NamesTheSettingAndItsValue(double days, long bytes, int samples, string failure) =>
        new RetentionOptionsValidator().Validate(null, new() { MaxAgeDays = days, MaxBytes = bytes, SamplesPerIssue = samples })
            .Failures.Should().ContainSingle().Which.Should().StartWith(failure);
}
