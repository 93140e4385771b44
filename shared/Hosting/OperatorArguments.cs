namespace ErrorPipeline.Shared.Hosting;

/// <summary>
/// The arguments of a command for operators: "--name value" and "--flag". Strict, since a misspelt filter would mean everything.
/// Throws <see cref="UsageException"/>.
/// </summary>
public sealed class OperatorArguments
{
    /// <summary>EX_USAGE of sysexits.h.</summary>
    public const int UsageExitCode = 64;

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public OperatorArguments(IReadOnlyList<string> args, IReadOnlyCollection<string> valued, IReadOnlyCollection<string> flags)
    {
        ArgumentNullException.ThrowIfNull(args);
        for (var i = 0; i < args.Count; i++)
        {
            var name = args[i];
            if (_values.ContainsKey(name))
                throw new UsageException($"{name} is given twice");
            if (flags.Contains(name))
                _values[name] = "";
            else if (!valued.Contains(name))
                throw new UsageException($"'{name}' is not known here");
            else if (i + 1 >= args.Count || args[i + 1].StartsWith("--", StringComparison.Ordinal))
                throw new UsageException($"{name} needs a value");
            else
                _values[name] = args[++i];
        }
    }

    public bool Has(string name) => _values.ContainsKey(name);

    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>Null where it is not given.</summary>
    public int? Number(string name) => this[name] is not { } text ? null
        : int.TryParse(text, out var number) ? number
        : throw new UsageException($"{name} is '{text}': a number is needed");
}

/// <summary>A command was told something that it does not understand. The message is fit to be shown.</summary>
public sealed class UsageException(string message) : Exception(message);
