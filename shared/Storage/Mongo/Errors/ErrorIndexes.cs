namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>Every query of the dashboard goes by one of these, or by _id.</summary>
internal static class ErrorIndexes
{
    private static readonly string[] Sorts = ["lastSeen", "firstSeen", "count", "users"];

    /// <summary>Nothing happens where they are there.</summary>
    /// <param name="errors">Of the store.</param>
    /// <param name="eventsExpire">When the server itself forgets an event; null for never.</param>
    public static void Ensure(ErrorCollections errors, TimeSpan? eventsExpire)
    {
        if (eventsExpire is { } after)
            errors.Events.EnsureExpiry("expiry", SampleBook.Received, after);
        foreach (var sort in Sorts)
        {
            Ensure(errors.Issues, sort, (sort, -1), ("_id", -1));
            Ensure(errors.Issues, $"project_{sort}", ("project", 1), (sort, -1), ("_id", -1));
        }

        // The order that lists have unless told otherwise, where few are in the state that is asked for.
        Ensure(errors.Issues, "state_lastSeen", ("state", 1), ("lastSeen", -1), ("_id", -1));
        Ensure(errors.Issues, "project_state_lastSeen", ("project", 1), ("state", 1), ("lastSeen", -1), ("_id", -1));
        Ensure(errors.Issues, "words", ("words", 1));
        Ensure(errors.Issues, "environments", ("environments", 1));
        Ensure(errors.Issues, "firstRelease", ("project", 1), ("firstRelease", 1));
        Ensure(errors.Issues, "firstReleaseNewest", ("project", 1), ("firstRelease", 1), ("_id", -1));
        Ensure(errors.Issues, "regressedIn", ("project", 1), ("regressedIn", 1));
        Ensure(errors.Issues, "assignee", ("assignee", 1));
        Ensure(errors.Issues, "drained", ("drained", 1));
        Ensure(errors.Issues, "class", ("class", 1));
        Ensure(errors.Issues, "level", ("level", 1));
        Ensure(errors.Issues, "ignoredUntil", ("ignoredUntil", 1));
        Ensure(errors.Fingerprints, "number", ("n", 1));
        Ensure(errors.Fingerprints, "issue", ("issue", 1));
        Ensure(errors.Fingerprints, "deleted", ("deletedAt", 1));
        Ensure(errors.Hours, "fingerprint", ("f", 1), ("hour", 1));
        Ensure(errors.Hours, "hour", ("hour", 1));
        Ensure(errors.Facets, "fingerprint", ("f", 1), ("dimension", 1));
        Ensure(errors.ProjectFacets, "week", ("project", 1), ("week", 1), ("dimension", 1));
        Ensure(errors.ProjectFacets, "old", ("week", 1));
        Ensure(errors.FingerprintReleases, "fingerprint", ("f", 1), ("lastReceived", -1));
        Ensure(errors.Users, "fingerprint", ("f", 1));
        Ensure(errors.Users, "user", ("user", 1));
        Ensure(errors.Aliases, "name", ("project", 1), ("kind", 1), ("value", 1));
        Ensure(errors.Aliases, "fingerprint", ("f", 1), ("n", 1));
        Ensure(errors.Tombstones, "deleted", ("deletedAt", 1));
        Ensure(errors.Releases, "project", ("project", 1));
        Ensure(errors.Environments, "project", ("project", 1), ("count", -1));
        Ensure(errors.Clients, "project", ("project", 1));
        Ensure(errors.Outcomes, "minute", ("minute", 1), ("project", 1));
        Ensure(errors.Tallies, "project", ("project", 1), ("quarter", 1), ("dimension", 1));
        Ensure(errors.Tallies, "largest", ("quarter", 1), ("dimension", 1), ("count", -1));
        Ensure(errors.Issues, "regressed", ("regressed", 1), ("lastSeen", -1), ("_id", -1));
        Ensure(errors.Issues, "project_regressed", ("project", 1), ("regressed", 1), ("lastSeen", -1), ("_id", -1));
        Ensure(errors.Issues, "resolvedIn", ("project", 1), ("resolvedIn", 1));
        Ensure(errors.Events, "newest", ("f", 1), ("at", -1));
        Ensure(errors.Events, "novelty", ("f", 1), ("novelty", 1), ("receivedAt", 1));
        Ensure(errors.Events, "received", ("receivedAt", 1));
        Ensure(errors.Events, "projectReceived", ("project", 1), ("receivedAt", 1));
        Ensure(errors.Events, "page", ("project", 1), ("page", 1), ("at", -1));
        Ensure(errors.Events, "user", ("project", 1), ("userKey", 1), ("at", -1));
        Ensure(errors.Events, "unmapped", ("project", 1), ("unmapped", 1), ("f", 1));
        Ensure(errors.History, "issue", ("issue", 1), ("order", 1));
        Ensure(errors.Moves, "cause", ("cause", 1));
        Ensure(errors.MoveParts, "move", ("move", 1));
        Ensure(errors.MoveParts, "from", ("from", 1));
        Ensure(errors.MoveParts, "to", ("to", 1));
        Ensure(errors.MoveParts, "fingerprint", ("f", 1));
        Ensure(errors.Receipts, "part", ("part", 1), ("at", -1));
        Ensure(errors.Receipts, "window", ("at", 1), ("events", 1));
        Ensure(errors.Feedback, "fingerprint", ("f", 1), ("at", -1));
        Ensure(errors.Feedback, "event", ("project", 1), ("event", 1));
        Ensure(errors.Feedback, "at", ("at", 1));
        Ensure(errors.Comments, "issue", ("issue", 1), ("at", 1), ("_id", 1));
        Ensure(errors.Undo, "batch", ("batch", 1));
        Ensure(errors.Undo, "issue", ("issue", 1));
        Ensure(errors.Undo, "at", ("at", 1));
        Ensure(errors.Refused, "entry", ("lane", 1), ("entry", 1));
        Ensure(errors.Refused, "newest", ("order", -1));
        Ensure(errors.ReceiptFates, "number", ("n", 1));
    }

    private static void Ensure(MongoCollection collection, string name, params (string Field, int Direction)[] keys) => collection.EnsureIndex(name, BsonQuery.Fields(keys));
}
