namespace ErrorPipeline.Workers.Normalize.Messages;

/// <summary>Faults whose details (position, address, chunk) do not tell one bug from another.</summary>
internal static class FixedWording
{
    private static readonly (string Start, string Canonical)[] Starts =
    [
        ("Maximum call stack size exceeded", "Maximum call stack size exceeded"),
        ("too much recursion", "Maximum call stack size exceeded"),
        ("Out of stack space", "Maximum call stack size exceeded"),
        ("Failed to fetch dynamically imported module", "Loading of a module failed"),
        ("error loading dynamically imported module", "Loading of a module failed"),
        ("Importing a module script failed", "Loading of a module failed"),
        ("Loading chunk ", "Loading of a chunk failed"),
        ("Loading CSS chunk ", "Loading of a chunk failed"),
        ("Failed to fetch", "Failed to fetch"),
        ("NetworkError when attempting to fetch resource", "Failed to fetch"),
        ("Load failed", "Failed to fetch"),
        ("The network connection was lost", "Failed to fetch"),
        ("The Internet connection appears to be offline", "Failed to fetch"),
        ("ResizeObserver loop ", "ResizeObserver loop limit exceeded"),
        ("JSON.parse: ", "Invalid JSON"),
        ("JSON Parse error: ", "Invalid JSON"),
        ("Unexpected end of JSON input", "Invalid JSON"),
        ("Invalid array length", "Invalid array length"),
        ("Array size is not a small enough positive integer", "Invalid array length"),
        ("The operation was aborted", "The operation was aborted"),
        ("The user aborted a request", "The operation was aborted"),
        ("signal is aborted without reason", "The operation was aborted"),
        ("Fetch is aborted", "The operation was aborted"),
        ("Assignment to constant variable", "Assignment to constant variable"),
        ("invalid assignment to const ", "Assignment to constant variable"),
        ("Attempted to assign to readonly property", "Cannot assign to read only property"),
        ("Cannot assign to read only property", "Cannot assign to read only property"),
    ];

    public static string? Of(ReadOnlySpan<char> text)
    {
        foreach (var (start, canonical) in Starts)
        {
            if (text.StartsWith(start, StringComparison.OrdinalIgnoreCase))
                return canonical;
        }

        if (text.EndsWith(" is not valid JSON") || text.Contains(" JSON at position ", StringComparison.Ordinal))
            return "Invalid JSON";
        return text.EndsWith(" is read-only") ? "Cannot assign to read only property" : null;
    }
}
