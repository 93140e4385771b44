using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Policies;
using ErrorPipeline.Workers.Normalize.Reading;

namespace ErrorPipeline.Workers.Normalize.Policies;

/// <summary>Persons whose events of before a moment are not kept any more, wherever they come from: queues, collectors' logs, dead letters.</summary>
internal sealed class ErasedPersons(ProjectConfig? config)
{
    private readonly Dictionary<string, long> _until = (config?.Erased ?? [])
        .GroupBy(person => person.Hash, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.Max(person => person.At), StringComparer.Ordinal);

    /// <param name="first">The body is this event's own.</param>
    public bool Cover(Occurrence occurrence, ReadEvent body, bool first)
    {
        if (_until.Count == 0)
            return false;
        return Names(occurrence, body, first).Any(name =>
            _until.TryGetValue(PersonHash.Of(config!.UserSalt, config.Id, name), out var until) && occurrence.ReceivedAt <= until);
    }

    private static IEnumerable<string> Names(Occurrence occurrence, ReadEvent body, bool first)
    {
        // "As in the body" is said by null; what the body says beyond that is its own event's alone.
        string?[] names = [occurrence.User, occurrence.ClientIp, .. first || occurrence.User is null ? (string?[])[body.User?.Id, body.User?.Email, body.Feedback?.Email] : []];
        return names.OfType<string>().Where(name => name.Length > 0).Distinct(StringComparer.Ordinal);
    }
}
