namespace ErrorPipeline.Workers.Normalize.Reading;

/// <summary>What is kept of each field, in UTF-16 units. Longer values are cut, longer lists end early.</summary>
internal static class FieldLimits
{
    public const int Type = 128;
    public const int Message = 8 * 1024;
    public const int Stack = 64 * 1024;
    public const int Url = 4 * 1024;
    public const int Name = 200;
    public const int TagKey = 64;
    public const int TagValue = 200;
    public const int Tags = 50;
    public const int Causes = 10;
    public const int Breadcrumbs = 100;
    public const int BreadcrumbMessage = 1024;
    public const int BreadcrumbData = 2 * 1024;
    public const int Fingerprint = 10;
    public const int Scripts = 10;
    public const int ScriptUrl = 300;
    public const int Meta = 16 * 1024;

    /// <summary>The collector refuses deeper bodies; this only keeps a reader of other sources safe.</summary>
    public const int Depth = 64;
}
