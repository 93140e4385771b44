using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage.Mongo.Bson;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>What visitors said of events, under the fingerprint that counts the event as soon as that is known.</summary>
internal sealed class FeedbackBook(ErrorCollections errors)
{
    private const int LongestMessage = 8192;
    private const int TriedAgain = 20;

    internal static string IdOf(int project, string about, string id) => $"{project}:{about.Length}:{about}:{id}";

    public void Add(int project, IReadOnlyList<EventFeedback> said, ReceiptBook receipts)
    {
        foreach (var one in said.Where(one => one?.EventId is not null && one.Id is not null))
        {
            var about = StoreText.Clean(one.EventId, 100);
            var counted = SampleOf(project, about) ?? receipts.FindFingerprint(project, about);
            errors.Feedback.Insert(w =>
            {
                w.String("_id"u8, IdOf(project, about, StoreText.Clean(one.Id, 100)));
                w.Int32("project"u8, project);
                w.String("id"u8, StoreText.Clean(one.Id, 100));
                w.String("event"u8, about);
                w.Int64("at"u8, one.At);
                w.Int64OrNull("f"u8, counted);
                w.StringOrNull("name"u8, StoreText.CleanOrNull(one.Name, 200));
                w.StringOrNull("email"u8, StoreText.CleanOrNull(one.Email, 200));
                w.String("message"u8, StoreText.Clean(one.Message, LongestMessage));
            });
        }
    }

    /// <summary>Words that came before their event, by another lane: the newest of those are looked for again.</summary>
    public void Settle(ReceiptBook receipts)
    {
        var lost = errors.Feedback.Query(
            w => w.Null("f"u8), found => (Project: found["project"u8].Int32(), Event: found["event"u8].String()), BsonQuery.Sorted(TriedAgain, ("at", -1)));
        foreach (var (project, about) in lost)
        {
            if ((SampleOf(project, about) ?? receipts.StoredNow(EventIdentity.Of(project, about).Short)) is not { } fingerprint)
                continue;
            errors.Feedback.Update(
                w =>
                {
                    w.Int32("project"u8, project);
                    w.String("event"u8, about);
                    w.Null("f"u8);
                },
                w => w.Set(fields => fields.Int64("f"u8, fingerprint)),
                multi: true);
        }
    }

    public IReadOnlyList<EventFeedback> OfIssue(int project, long issue, int limit)
    {
        var mine = new FingerprintBook(errors).OfIssue(issue).Where(fingerprint => fingerprint.Project == project).Select(fingerprint => fingerprint.Number);
        return errors.Feedback.Query(w => w.In("f"u8, mine), Read, BsonQuery.Sorted(limit, ("at", -1)));
    }

    public IReadOnlyList<EventFeedback> OfEvent(int project, string eventId) => errors.Feedback.Query(
        w =>
        {
            w.Int32("project"u8, project);
            w.String("event"u8, StoreText.Clean(eventId, 100));
        },
        Read, BsonQuery.Sorted(100, ("at", 1), ("_id", 1)));

    public IReadOnlyList<EventFeedback> Walk(int project, EventFeedback? after, int limit) => errors.Feedback.Query(
        w => w.Between("_id"u8, after is null ? $"{project}:" : IdOf(project, StoreText.Clean(after.EventId, 100), StoreText.Clean(after.Id, 100)), $"{project};"), Read, BsonQuery.Sorted(limit, ("_id", 1)));

    private long? SampleOf(int project, string eventId) =>
        errors.Events.Query(BsonQuery.Id(SampleBook.IdOf(project, eventId)), found => (long?)found["f"u8].Int64()).FirstOrDefault();

    private static EventFeedback Read(BsonView found) => new(
        found["id"u8].String(), found["event"u8].String(), found["at"u8].Int64(), found.StringOrNull("name"u8), found.StringOrNull("email"u8), found["message"u8].String());
}
