using System.Runtime.CompilerServices;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Privacy;

/// <summary>Walks all that is kept of a project's visitors for what is one person's.</summary>
internal sealed class PersonFinder(IErrorReader errors, IConfigStore config)
{
    private const int AtOnce = 200;

    /// <summary>Null where there is no such project.</summary>
    public async Task<Person?> PersonAsync(int project, string name, CancellationToken cancel) =>
        await SaltAsync(project, cancel) is var (salt, known) && known ? new Person(salt, project, name) : null;

    public async Task<Person> PersonAsync(Erasure erasure, CancellationToken cancel) => Person.Of((await SaltAsync(erasure.ProjectId, cancel)).Salt, erasure);

    public async IAsyncEnumerable<EventSample> EventsAsync(int project, Person person, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var sample in WalkAsync(project, cancel))
            person.Learn(sample);
        await foreach (var sample in WalkAsync(project, cancel))
        {
            if (person.Owns(sample))
                yield return sample;
        }
    }

    private async IAsyncEnumerable<EventSample> WalkAsync(int project, [EnumeratorCancellation] CancellationToken cancel)
    {
        string? after = null;
        while (await errors.WalkEventsAsync(project, after, AtOnce, cancel) is { Count: > 0 } events)
        {
            foreach (var sample in events)
                yield return sample;
            after = events[^1].EventId;
        }
    }

    public async IAsyncEnumerable<EventFeedback> WordsAsync(int project, Person person, [EnumeratorCancellation] CancellationToken cancel)
    {
        EventFeedback? after = null;
        while (await errors.WalkFeedbackAsync(project, after, AtOnce, cancel) is { Count: > 0 } words)
        {
            foreach (var one in words.Where(person.Owns))
                yield return one;
            after = words[^1];
        }
    }

    /// <summary>How much there is.</summary>
    public async Task<PersonTraces> CountAsync(int project, Person person, CancellationToken cancel)
    {
        var (events, words) = (0, 0);
        await foreach (var _ in EventsAsync(project, person, cancel))
            events++;
        await foreach (var _ in WordsAsync(project, person, cancel))
            words++;
        return new(person.Kind, events, words, person.Name is { } name ? (await errors.FindMentionsAsync(project, name, cancel)).Count : 0);
    }

    private async Task<(string? Salt, bool IsKnown)> SaltAsync(int project, CancellationToken cancel) =>
        (await config.GetSnapshotAsync(cancel)).Projects.FirstOrDefault(p => p.Id == project) is { } found ? (found.UserSalt, true) : (null, false);
}

/// <param name="Kind">What the name was taken for.</param>
/// <param name="Events">Events that are kept whole.</param>
/// <param name="Words">Pieces of what was said.</param>
/// <param name="Mentions">Groups of events whose title or values name the person.</param>
public sealed record PersonTraces(string Kind, int Events, int Words, int Mentions);
