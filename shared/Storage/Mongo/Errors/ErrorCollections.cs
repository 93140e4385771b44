using ErrorPipeline.Shared.Storage.Mongo.Native;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>
/// The collections of issues, events and counts, as a client on its thread sees them. Documents that count are named in
/// <see cref="GuardedCounts"/>; everything else is set to what it should be, so that doing it twice changes nothing.
/// </summary>
internal sealed class ErrorCollections(MongoSession session)
{
    public const string HoursName = "fingerprintHours";
    public const string FacetsName = "fingerprintFacets";
    public const string FingerprintReleasesName = "fingerprintReleases";
    public const string FingerprintsName = "fingerprints";
    public const string ReleasesName = "releases";
    public const string EnvironmentsName = "environments";
    public const string ClientsName = "clients";
    public const string OutcomesName = "outcomes";
    public const string TalliesName = "tallies";
    public const string ProjectFacetsName = "projectFacets";
    public const string ReceiptsName = "receipts";

    public MongoSession Session => session;

    /// <summary>By issue number. Totals are derived from the fingerprints and set.</summary>
    public MongoCollection Issues => new(session, "issues");

    /// <summary>Issues without fingerprints: their numbers lead to those that have them now.</summary>
    public MongoCollection MovedIssues => new(session, "movedIssues");

    /// <summary>By <see cref="FingerprintDocument.IdOf"/>; "n" numbers them. A deleted one stays, as a tombstone with its markers.</summary>
    public MongoCollection Fingerprints => new(session, FingerprintsName);
    public MongoCollection Hours => new(session, HoursName);
    public MongoCollection Facets => new(session, FacetsName);
    public MongoCollection ProjectFacets => new(session, ProjectFacetsName);
    public MongoCollection FingerprintReleases => new(session, FingerprintReleasesName);
    public MongoCollection Users => new(session, "issueUsers");
    public MongoCollection Sketches => new(session, "userSketches");
    public MongoCollection Words => new(session, "words");
    public MongoCollection Aliases => new(session, "aliases");
    public MongoCollection Tombstones => new(session, "tombstones");
    public MongoCollection Releases => new(session, ReleasesName);
    public MongoCollection Environments => new(session, EnvironmentsName);
    public MongoCollection Clients => new(session, ClientsName);
    public MongoCollection Outcomes => new(session, OutcomesName);
    public MongoCollection Tallies => new(session, TalliesName);
    public MongoCollection Events => new(session, "events");
    public MongoCollection History => new(session, "history");
    public MongoCollection Moves => new(session, "moves");
    public MongoCollection MoveParts => new(session, "moveParts");
    public MongoCollection Commands => new(session, "commands");
    public MongoCollection Receipts => new(session, ReceiptsName);
    public MongoCollection ReceiptFates => new(session, "receiptFates");
    public MongoCollection Feedback => new(session, "feedback");
    public MongoCollection Comments => new(session, "comments");

    /// <summary>By command: what its issue was before.</summary>
    public MongoCollection Undo => new(session, "undo");
    public MongoCollection Refused => new(session, "refused");
    public MongoCollection Approximate => new(session, "approximate");

    /// <summary>Fingerprints that are gone and whose counters are still to be swept.</summary>
    public MongoCollection Garbage => new(session, "garbage");
    public MongoCollection Progress => new(session, "progress");
    public MongoCollection Lanes => new(session, "lanes");
    public MongoCollection Counters => new(session, "counters");

    /// <summary>A number that was never given out before.</summary>
    public long Next(string counter) => Counters.Increment(counter, "n"u8);

    /// <summary>The first of so many of them.</summary>
    public long NextOf(string counter, int numbers) => Counters.Increment(counter, "n"u8, numbers) - numbers + 1;
}
