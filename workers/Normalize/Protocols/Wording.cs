using ErrorPipeline.Workers.Normalize.Messages;
using ErrorPipeline.Workers.Normalize.Reading;

namespace ErrorPipeline.Workers.Normalize.Protocols;

/// <summary>Type and message as our own agent would word them, so that the same error told by two clients is one issue.</summary>
internal static class Wording
{
    public const string Rejection = "UnhandledRejection";
    public const string Thrown = "Uncaught";
    public const string Said = "Message";

    private static readonly string[] Prefixes =
    [
        "Uncaught ", "uncaught exception: ", "(in promise) ", "UnhandledPromiseRejectionWarning: ", "Unhandled promise rejection: ",
        "Non-Error promise rejection captured with value: ", "Non-Error exception captured with value: ",
    ];

    /// <summary>What consoles and clients put before a message taken off it.</summary>
    public static string? Bare(string? message)
    {
        if (message is null)
            return null;
        var text = message.AsSpan();
        foreach (var prefix in Prefixes)
        {
            if (text.StartsWith(prefix, StringComparison.Ordinal))
                text = text[prefix.Length..];
        }

        return text.Length == message.Length ? message : text.ToString();
    }

    /// <summary>The type of a thrown value that is no error; null for what the browser says in place of a foreign script's error.</summary>
    public static string? TypeOfThrown(string? message) => IsScriptError(message) ? null : Thrown;

    public static string? TypeOfRejected(string? message) => IsScriptError(message) ? null : Rejection;

    /// <summary>A thrown or rejected value that a client wrote as JSON: a text without its quotes, an object by its keys.</summary>
    public static string? Value(string? json, out JsonValue value)
    {
        value = JsonValue.Missing;
        if (json is not ['{', .., '}'])
            return Unquoted(json);
        var tree = JsonTree.Parse(System.Text.Encoding.UTF8.GetBytes(json), out var damaged);
        if (damaged || !tree.IsObject)
            return json;
        value = tree;
        return Keys(tree.Properties.Select(property => property.Name));
    }

    /// <summary>"plain" out of "\"plain\"": clients that turn a thrown value into JSON quote texts.</summary>
    public static string? Unquoted(string? message) => message is ['"', .. var inside, '"'] && !inside.Contains('"') ? inside : message;

    /// <summary>Objects are named by their keys: "Object with keys a, b".</summary>
    public static string Keys(IEnumerable<string> names)
    {
        var keys = string.Join(", ", names.Order(StringComparer.Ordinal).Take(20));
        return keys.Length == 0 ? "Object with no keys" : $"Object with keys {keys}";
    }

    /// <summary>The class of a fault that engines throw themselves, by its message, for clients that do not tell it; null for others.</summary>
    public static string? TypeOf(string? message)
    {
        var canonical = CanonicalMessage.Of(message ?? "");
        if (canonical.StartsWith("Cannot access property ", StringComparison.Ordinal) || canonical.EndsWith(" is not a function", StringComparison.Ordinal))
            return "TypeError";
        return canonical.EndsWith(" is not defined", StringComparison.Ordinal) ? "ReferenceError" : null;
    }

    private static bool IsScriptError(string? message) => message?.TrimEnd('.') == "Script error";
}
