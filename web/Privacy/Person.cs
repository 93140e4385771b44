using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Policies;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Privacy;

/// <summary>
/// Tells a person's events and words from those of others: by the user that the site named, by what a visitor signed with, and, where the
/// name is one that hardly anything else has, wherever it stands in an event.
/// </summary>
internal sealed class Person
{
    private const int Longest = 320;

    /// <summary>Nothing is escaped that a search would then miss.</summary>
    private static readonly JsonSerializerOptions Readable = new(ContractsJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string? _salt;
    private readonly int _project;
    private readonly string? _name;
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);

    /// <param name="name">User id, e-mail address or network address.</param>
    public Person(string? salt, int project, string name)
    {
        (_salt, _project, _name) = (salt, project, PersonHash.Normal(name));
        Hash = PersonHash.Of(salt, project, name);
        _keys.Add(PersonHash.KeyOfUser(salt, project, name.Trim()));
    }

    private Person(string? salt, int project, Erasure erasure) => (_salt, _project, Hash) = (salt, project, erasure.Hash);

    public string Hash { get; }

    public string Kind => _name switch
    {
        not null when _name.Contains('@', StringComparison.Ordinal) => "e-mail address",
        not null when IPAddress.TryParse(_name, out _) && _name.AsSpan().ContainsAny('.', ':') => "network address",
        _ => "user id",
    };

    /// <summary>Where it is one that texts can be searched for; null otherwise, and where only the journal remembers.</summary>
    public string? Name => PersonName.IsDistinctive(_name) ? _name : null;

    /// <summary>What counts the person in issues.</summary>
    public IReadOnlyList<string> Keys => [.. _keys];

    /// <summary>Whoever the journal means, whom nobody remembers by name.</summary>
    public static Person Of(string? salt, Erasure erasure) => new(salt, erasure.ProjectId, erasure);

    /// <summary>What to correct, or null.</summary>
    public static string? Problem(string? name) => name?.Trim() is { Length: > 0 and <= Longest } given && !given.Any(char.IsControl)
        ? null
        : $"Give a user id, an e-mail address or an IP address of up to {Longest} characters.";

    /// <summary>Events that were folded into another's do not name their user any more, but have the same key.</summary>
    public void Learn(EventSample sample)
    {
        if (sample.Occurrence.UserKey is { } key && IsNamedBy(sample))
            _keys.Add(key);
    }

    public bool Owns(EventSample sample) => IsNamedBy(sample) || (sample.Occurrence.UserKey is { } key && _keys.Contains(key))
        || (Name is not null && Mentions(JsonSerializer.Serialize(sample, Readable)));

    public bool Owns(EventFeedback words) => Is(words.Email) || (Name is not null && Mentions($"{words.Name} {words.Email} {words.Message}"));

    /// <summary>Of a dead letter: bytes that nothing has read yet, so only a name that says itself can be found.</summary>
    public bool Owns(ReadOnlySpan<byte> payload) => Name is not null && Mentions(System.Text.Encoding.UTF8.GetString(payload));

    private bool IsNamedBy(EventSample sample) => Is(sample.Context.User?.Id) || Is(sample.Context.User?.Email);

    private bool Is(string? name) => !string.IsNullOrEmpty(name) && PersonHash.Of(_salt, _project, name) == Hash;

    private bool Mentions(string text) => PersonName.IsIn(text, _name!);
}
