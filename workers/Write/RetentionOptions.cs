using ErrorPipeline.Shared.Storage;
using Microsoft.Extensions.Options;

namespace ErrorPipeline.Workers.Write;

/// <summary>Section <c>Retention</c>: how much the store keeps.</summary>
internal sealed class RetentionOptions
{
    public const string Section = "Retention";

    /// <summary>Samples and hourly counts older than this go.</summary>
    public double MaxAgeDays { get; set; } = 90;

    /// <summary>Upper bound of the store's size on disk; 0 for none. The oldest samples go first.</summary>
    public long MaxBytes { get; set; }

    /// <summary>Upper bound of samples of one issue, novelty first.</summary>
    public int SamplesPerIssue { get; set; } = 200;

    /// <summary>How long a receipt tells where an event went ...</summary>
    public double ReceiptDays { get; set; } = 7;

    /// <summary>... and what receipts may take of the disk: 12 bytes an event.</summary>
    public long ReceiptBytes { get; set; } = 128L << 20;

    public RetentionPolicy ToPolicy() => new(TimeSpan.FromDays(MaxAgeDays), MaxBytes, SamplesPerIssue)
    {
        ReceiptAge = TimeSpan.FromDays(ReceiptDays),
        ReceiptBytes = ReceiptBytes,
    };
}

internal sealed class RetentionOptionsValidator : IValidateOptions<RetentionOptions>
{
    private const double TenYears = 3650;
    private const long SmallestStore = 10 * 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, RetentionOptions options)
    {
        var failures = new List<string>();
        if (options.MaxAgeDays is not (> 0 and <= TenYears))
            failures.Add($"ERRORPIPELINE_RETENTION__MAXAGEDAYS is {options.MaxAgeDays}: allowed is more than 0, up to {TenYears} days");
        if (options.MaxBytes is < 0 or (> 0 and < SmallestStore))
            failures.Add($"ERRORPIPELINE_RETENTION__MAXBYTES is {options.MaxBytes}: allowed are 0 (no bound) and {SmallestStore} or more");
        if (options.SamplesPerIssue is < 1 or > 10_000)
            failures.Add($"ERRORPIPELINE_RETENTION__SAMPLESPERISSUE is {options.SamplesPerIssue}: allowed are 1 to 10000");
        if (options.ReceiptDays is not (>= 0 and <= TenYears))
            failures.Add($"ERRORPIPELINE_RETENTION__RECEIPTDAYS is {options.ReceiptDays}: allowed are 0 to {TenYears} days");
        if (options.ReceiptBytes < 0)
            failures.Add($"ERRORPIPELINE_RETENTION__RECEIPTBYTES is {options.ReceiptBytes}: allowed is 0 or more");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
