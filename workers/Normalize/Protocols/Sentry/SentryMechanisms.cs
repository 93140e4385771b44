using ErrorPipeline.Workers.Normalize.Reading;

namespace ErrorPipeline.Workers.Normalize.Protocols.Sentry;

/// <summary>How the exceptions of one event were caught.</summary>
/// <param name="Word">In our words; null where the client told nothing.</param>
/// <param name="Handled">Null where the client told nothing.</param>
/// <param name="Wrapped">Caught by a wrapper around a callback, which then threw on.</param>
internal sealed record SentryMechanisms(string? Word, bool? Handled, bool Wrapped)
{
    public static SentryMechanisms Of(IReadOnlyList<JsonValue> mechanisms)
    {
        var types = mechanisms.Select(mechanism => mechanism["type"].Text(FieldLimits.Name)).OfType<string>().ToList();
        var told = mechanisms.Select(mechanism => mechanism["handled"].Bool()).OfType<bool>().ToList();
        // Versions 5 and 6 call an error "handled" that their wrapper of a timer or listener threw on.
        var wrapped = types.Any(type => type == "instrument" || type.Contains("browserapierrors", StringComparison.Ordinal));
        bool? handled = wrapped || told.Contains(false) ? false : told.Count > 0 ? true : null;
        return new(Ours(types, wrapped, handled), handled, wrapped);
    }

    private static string? Ours(List<string> types, bool wrapped, bool? handled)
    {
        if (types.Exists(type => type.EndsWith("onunhandledrejection", StringComparison.Ordinal)))
            return "unhandledrejection";
        if (wrapped || types.Exists(type => type.EndsWith("onerror", StringComparison.Ordinal)))
            return "onerror";
        return handled == true ? "capture" : types.LastOrDefault();
    }
}
