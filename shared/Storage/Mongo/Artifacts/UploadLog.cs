using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Artifacts;

/// <summary>
/// Which uploads are whole: one document, so that an upload of many files is there for readers at one moment. It gives out the artifacts'
/// numbers too, so that what is begun later is not seen by who has read it before.
/// </summary>
internal sealed class UploadLog(MongoCollection uploads)
{
    private const string Id = "log";

    public UploadState Read() => uploads.First(BsonQuery.Id(Id), Read) ?? UploadState.None;

    /// <summary>The first of so many numbers; names the upload.</summary>
    public long Begin(int files, long at)
    {
        var first = 0L;
        Change(state =>
        {
            first = state.Last + 1;
            return state with { Last = state.Last + files, Open = [.. state.Open, new(first, at, IsWhole: false)] };
        });
        return first;
    }

    /// <summary>From now on readers see it. What it replaces is still to be taken away.</summary>
    public void Commit(long upload) =>
        Change(state => state with { Open = [.. state.Open.Select(one => one.First == upload ? one with { IsWhole = true } : one)] });

    /// <summary>Numbers given out from now on are higher.</summary>
    public void Raise(long least) => Change(state => state with { Last = Math.Max(state.Last, least) });

    public void End(long upload) => Change(state => state with { Open = [.. state.Open.Where(one => one.First != upload)] });

    /// <summary>Repeated until nobody else changed it meanwhile.</summary>
    private void Change(Func<UploadState, UploadState> change)
    {
        while (true)
        {
            var before = Read();
            var after = change(before);
            var done = before == UploadState.None
                ? uploads.Insert(w =>
                {
                    w.String("_id"u8, Id);
                    Write(w, after, 1);
                })
                : uploads.Update(
                    w =>
                    {
                        w.String("_id"u8, Id);
                        w.Int64("change"u8, before.Change);
                    },
                    w => w.Set(fields => Write(fields, after, before.Change + 1))) > 0;
            if (done)
                return;
        }
    }

    private static void Write(BsonWriter w, UploadState state, long change)
    {
        w.Int64("change"u8, change);
        w.Int64("last"u8, state.Last);
        using var open = w.Array("open"u8);
        foreach (var one in state.Open)
        {
            using var upload = w.Document(default);
            w.Int64("first"u8, one.First);
            w.Int64("at"u8, one.At);
            w.Bool("whole"u8, one.IsWhole);
        }
    }

    private static UploadState Read(BsonView stored)
    {
        List<OpenUpload> open = [];
        foreach (var element in stored["open"u8].Document())
        {
            var one = element.Document();
            open.Add(new(one["first"u8].Int64(), one["at"u8].Int64(), one["whole"u8].Bool()));
        }

        return new(stored["change"u8].Int64(), stored["last"u8].Int64(), open);
    }
}

/// <param name="Last">The last number given out.</param>
/// <param name="Open">Uploads that are not over.</param>
internal sealed record UploadState(long Change, long Last, IReadOnlyList<OpenUpload> Open)
{
    public static readonly UploadState None = new(0, 0, []);

    /// <summary>Uploads that readers must not see.</summary>
    public IEnumerable<long> Hidden => Open.Where(one => !one.IsWhole).Select(one => one.First);
}

/// <param name="At">When it began, ms since 1970 UTC.</param>
/// <param name="IsWhole">Readers see it.</param>
internal sealed record OpenUpload(long First, long At, bool IsWhole);
