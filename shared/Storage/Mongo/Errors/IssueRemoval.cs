namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>Takes an issue away for every reader; what may be many documents (its counters) is swept later by <see cref="Purge"/>.</summary>
internal sealed class IssueRemoval(ErrorCollections errors)
{
    private readonly FingerprintBook _fingerprints = new(errors);

    /// <summary>With tombstones, so that what was received up to <paramref name="at"/> and is still on its way stays deleted.</summary>
    public void Delete(long issue, long at)
    {
        var names = new AliasNames(errors);
        foreach (var fingerprint in _fingerprints.OfIssue(issue))
            names.Bury(fingerprint, at);
        Remove(issue, at);
    }

    /// <summary>Without a tombstone: the next event of a fingerprint makes a new issue. Returns the number of samples that went.</summary>
    public long Remove(long issue, long at)
    {
        var mine = _fingerprints.OfIssue(issue);
        var numbers = mine.Select(fingerprint => fingerprint.Number).ToList();
        // The issue first: nobody is led to what is being taken away. Who repeats this finds the rest by its fingerprints.
        errors.Issues.Delete(BsonQuery.Id(issue));
        Forget(issue);
        var parts = errors.MoveParts.Query(w => w.In("f"u8, numbers), found => (From: found["from"u8].Int64(), Move: found["move"u8].Int64()));
        errors.MoveParts.Delete(w => w.In("f"u8, numbers));
        errors.Aliases.Delete(w => w.In("f"u8, numbers));
        var samples = errors.Events.Delete(w => w.In("f"u8, numbers));
        errors.Feedback.Delete(w => w.In("f"u8, numbers));
        errors.Words.Delete(w => w.In("_id"u8, numbers));
        foreach (var number in numbers)
            errors.Garbage.Insert(w => w.Int64("_id"u8, number));
        foreach (var fingerprint in mine)
            _fingerprints.Delete(fingerprint, at);
        foreach (var (from, move) in parts.Distinct())
            RemoveEmptied(from, move);
        return samples;
    }

    /// <summary>The number of an issue that was emptied into the one removed leads nowhere now, unless something of it is elsewhere.</summary>
    private void RemoveEmptied(long issue, long move)
    {
        if (errors.MoveParts.Count(
            w =>
            {
                w.Int64("from"u8, issue);
                w.Int64("move"u8, move);
            },
            1) > 0)
            return;
        if (errors.MovedIssues.Delete(w =>
        {
            w.Int64("_id"u8, issue);
            w.Int64("move"u8, move);
        }) > 0)
            Forget(issue);
    }

    private void Forget(long issue)
    {
        errors.History.Delete(BsonQuery.Number("issue", issue));
        errors.Comments.Delete(BsonQuery.Number("issue", issue));
        errors.Undo.Delete(BsonQuery.Number("issue", issue));
    }
}
