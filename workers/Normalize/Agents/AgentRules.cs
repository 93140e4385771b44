using System.Text.RegularExpressions;

namespace ErrorPipeline.Workers.Normalize.Agents;

/// <summary>
/// The regexes of uap-core, embedded at build. Its file uses a small part of YAML (sections, entries, single-quoted values), and that part
/// is read here; anything else in it stops the start, so that a new release of uap-core cannot lose rules silently.
/// All its repetitions are bounded and agents are cut, so plain backtracking stays in milliseconds; the time-out is for what comes later, and long
/// enough that a busy machine does not make another browser of one.
/// </summary>
internal sealed class AgentRules
{
    private const string Resource = "uap-core.regexes.yaml";
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly Lazy<AgentRules> Shared = new(() => new AgentRules());

    private readonly Dictionary<string, List<AgentRule>> _sections = new(StringComparer.Ordinal);

    private AgentRules()
    {
        using var stream = typeof(AgentRules).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is not embedded: run 'npm ci' in workers/ and build again");
        using var lines = new StreamReader(stream);
        Read(lines);
    }

    public static AgentRules Embedded => Shared.Value;

    public IReadOnlyList<AgentRule> Browsers => _sections["user_agent_parsers"];
    public IReadOnlyList<AgentRule> Systems => _sections["os_parsers"];
    public IReadOnlyList<AgentRule> Devices => _sections["device_parsers"];

    private void Read(StreamReader lines)
    {
        List<AgentRule>? section = null;
        Dictionary<string, string>? entry = null;
        for (var number = 1; lines.ReadLine() is { } line; number++)
        {
            var text = line.AsSpan().Trim();
            if (text.IsEmpty || text[0] == '#')
                continue;
            if (line[0] != ' ' && text[^1] == ':')
            {
                Add(section, entry);
                entry = null;
                _sections[text[..^1].ToString()] = section = [];
                continue;
            }

            if (text.StartsWith("- "))
            {
                Add(section, entry);
                entry = new(StringComparer.Ordinal);
                text = text[2..].TrimStart();
            }

            var colon = text.IndexOf(':');
            if (entry is null || colon < 1)
                throw new FormatException($"{Resource} line {number} has a form that is not known: {line}");
            entry[text[..colon].ToString()] = Unquote(text[(colon + 1)..].Trim(), number);
        }

        Add(section, entry);
    }

    private static string Unquote(ReadOnlySpan<char> text, int number)
    {
        if (text.Length >= 2 && text[0] == '\'' && text[^1] == '\'')
            return text[1..^1].ToString().Replace("''", "'", StringComparison.Ordinal);
        if (text.Length >= 2 && text[0] == '"' && text[^1] == '"' && text.IndexOf('\\') < 0)
            return text[1..^1].ToString();
        throw new FormatException($"{Resource} line {number} has a value that is not known: {text}");
    }

    private static void Add(List<AgentRule>? section, Dictionary<string, string>? entry)
    {
        if (section is null || entry is null)
            return;
        var pattern = entry["regex"];
        var ignoresCase = entry.GetValueOrDefault("regex_flag") == "i";
        var options = RegexOptions.CultureInvariant | (ignoresCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        section.Add(new(new(() => RequiredTexts.Of(pattern, ignoresCase)), new(() => new Regex(pattern, options, Patience)), entry));
    }
}

/// <param name="Texts">What an agent must hold for the pattern to match. Made when it is first needed, as the pattern is.</param>
/// <param name="Values">Replacements by their name in uap-core.</param>
internal sealed record AgentRule(Lazy<RequiredTexts> Texts, Lazy<Regex> Pattern, IReadOnlyDictionary<string, string> Values)
{
    public Match? Match(string agent)
    {
        if (!Texts.Value.MayMatch(agent))
            return null;
        try
        {
            return Pattern.Value.Match(agent) is { Success: true } match ? match : null;
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    /// <summary>The replacement with its $1 filled in, else the group itself; null for nothing.</summary>
    public string? Value(Match match, string replacement, int group)
    {
        if (!Values.TryGetValue(replacement, out var text))
            return group > 0 && match.Groups[group] is { Success: true, Value: { Length: > 0 } found } ? found : null;
        for (var i = 1; i <= 9 && text.Contains('$', StringComparison.Ordinal); i++)
            text = text.Replace($"${i}", match.Groups[i].Value, StringComparison.Ordinal);
        return text.Trim() is { Length: > 0 } filled ? filled : null;
    }
}
