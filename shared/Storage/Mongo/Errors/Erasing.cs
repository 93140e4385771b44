using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>Takes what is kept of persons away. Each part is set to what it then is, so that a command which was stopped half way is finished by doing it again.</summary>
internal sealed class Erasing(ErrorCollections errors)
{
    /// <summary>The issues that lost something.</summary>
    public IReadOnlyList<long> Erase(int project, StoreCommand command)
    {
        var (events, users) = (command.Events ?? [], command.Users ?? []);
        var ids = events.Select(id => SampleBook.IdOf(project, id)).ToList();
        var sampled = errors.Events.Query(w => w.In("_id"u8, ids), found => found["f"u8].Int64()).Distinct().ToList();
        errors.Events.Delete(w => w.In("_id"u8, ids));
        errors.Feedback.Delete(w =>
        {
            w.Int32("project"u8, project);
            w.In("event"u8, events.Select(id => StoreText.Clean(id, 100)));
        });
        var samples = new SampleBook(errors, 0);
        foreach (var fingerprint in sampled)
            samples.SetNumber(fingerprint, errors.Events.Count(BsonQuery.Number("f", fingerprint)));
        var counted = Forget(project, [.. users.Select(user => StoreText.Clean(user, 128))]);
        var mentions = new Mentions(errors, project);
        mentions.EraseRefused([.. users, .. command.Text is { } said ? [said] : Array.Empty<string>()]);
        var named = command.Text is { Length: > 0 } name ? mentions.Erase(command.Fingerprints ?? [], name) : [];
        var fingerprints = new FingerprintBook(errors);
        // What is searched was told by events too, and by those that went among them.
        foreach (var fingerprint in sampled.Union(named).Select(fingerprints.Find).OfType<FingerprintDocument>())
            new WordBook(errors).Rebuild(fingerprint);
        var issues = sampled.Union(counted).Union(named).Select(fingerprints.Find).OfType<FingerprintDocument>().Select(fingerprint => fingerprint.Issue).Distinct().ToList();
        var book = new IssueBook(errors);
        issues.ForEach(issue => book.Derive(issue, words: true));
        return issues;
    }

    /// <summary>The fingerprints that counted one of them.</summary>
    private List<long> Forget(int project, List<string> users)
    {
        if (users.Count == 0)
            return [];
        // Keys are hashes that hold the project: another's are not among them.
        var mine = errors.Users.Query(w => w.In("user"u8, users), found => found["f"u8].Int64()).Distinct()
            .Where(number => new FingerprintBook(errors).Find(number) is { } found && found.Project == project).ToList();
        errors.Users.Delete(w =>
        {
            w.In("f"u8, mine);
            w.In("user"u8, users);
        });
        foreach (var number in mine)
        {
            var left = errors.Users.Count(BsonQuery.Number("f", number));
            errors.Fingerprints.Update(BsonQuery.Number("n", number), w => w.Set(fields => fields.Int64("users"u8, left)));
        }

        return mine;
    }
}
