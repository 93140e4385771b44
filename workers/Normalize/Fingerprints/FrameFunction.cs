namespace ErrorPipeline.Workers.Normalize.Fingerprints;

/// <summary>
/// A function's name as all engines would give it: V8's "async Object.run [as onclick]", Firefox's "async*Foo.prototype.run/&lt;" and
/// Safari's "run" are one. "?" where it has none.
/// </summary>
internal static class FrameFunction
{
    public const string Anonymous = "?";

    public static string Stable(string? function)
    {
        var name = function.AsSpan();
        if (name.LastIndexOf('*') is >= 0 and var star)
            name = name[(star + 1)..];
        foreach (var prefix in (ReadOnlySpan<string>)["async ", "new ", "get ", "set "])
        {
            if (name.StartsWith(prefix))
                name = name[prefix.Length..];
        }

        if (name.IndexOf(" [as ") is >= 0 and var alias)
            name = name[..alias];
        // Firefox: "outer/inner/<" is an anonymous function inside of inner, "rows<" one that was given to rows: no other engine names them.
        if (name.EndsWith("<") || name.EndsWith("_initializer>") || name.EndsWith("<anonymous>") || name.EndsWith("(anonymous function)") || name.EndsWith("(anonymous)"))
            return Anonymous;
        // What eval and new Function ran has a name in V8 alone.
        if (name is "global code" or "Global code" or "module code" or "Anonymous function" or "anonymous" or "eval" or "eval code" or "Function code")
            return Anonymous;
        name = name[(name.LastIndexOf('/') + 1)..];
        name = name[(name.LastIndexOf('.') + 1)..];
        return name.IsEmpty ? Anonymous : name.ToString();
    }

    /// <summary>
    /// As <see cref="Stable"/>, of a built file that no source map told of: what minifiers call a function is another letter in every build, so it
    /// counts as having no name. Names of properties, which they leave alone, are longer.
    /// </summary>
    public static string StableAsRun(string? function) => Stable(function) is var name && IsMinified(name) ? Anonymous : name;

    /// <summary>One or two characters, or three that no word is made of: "e", "Qn", "a$1", "aBc"; not "run" or "Map".</summary>
    private static bool IsMinified(string name) =>
        name.Length <= 2 || (name.Length == 3 && name.AsSpan(1).ContainsAnyExceptInRange('a', 'z'));
}
