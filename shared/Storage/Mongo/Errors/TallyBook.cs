using System.Security.Cryptography;
using System.Text;
using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>
/// What projects' events were like. As with <see cref="FacetBook"/>, a value gets its place before anything is counted, so that an entry
/// which is repeated finds the same places.
/// </summary>
internal sealed class TallyBook(ErrorCollections errors)
{
    /// <summary>Environments first: they decide which of them have tallies of their own.</summary>
    /// <param name="counts">Where they are counted.</param>
    /// <param name="tallies">Of one entry.</param>
    public void Count(GuardedCounts counts, IEnumerable<(TallyKey Key, long Count)> tallies)
    {
        var all = tallies.ToList();
        var placed = Place([.. all.Where(tally => tally.Key.Environment is null)], counts);
        Place([.. all.Where(tally => tally.Key.Environment is not null).Select(tally => placed.Contains(IdOf(tally.Key.OfEnvironment)) ? tally : (tally.Key with { Environment = FacetValue.Rest }, tally.Count))], counts);
    }

    /// <summary>The ids of those that have a place of their own.</summary>
    private HashSet<string> Place(List<(TallyKey Key, long Count)> tallies, GuardedCounts counts)
    {
        var wanted = tallies.GroupBy(tally => tally.Key).Select(same => (same.Key, Count: same.Sum(tally => tally.Count), Id: IdOf(same.Key))).ToList();
        if (wanted.Count == 0)
            return [];
        var taken = errors.Tallies.Query(w => w.In("_id"u8, wanted.Select(tally => tally.Id)), found => found["_id"u8].String(), Projected).ToHashSet();
        foreach (var kind in wanted.Where(tally => !taken.Contains(tally.Id)).GroupBy(tally => (tally.Key.Project, tally.Key.Quarter, tally.Key.Column)))
            MakePlaces(kind.Select(tally => tally.Key), taken);
        foreach (var (key, count, id) in wanted)
        {
            var place = taken.Contains(id) ? key : key with { Value = FacetValue.Rest };
            counts.Of(ErrorCollections.TalliesName, IdOf(place), Fields(place)).Add("count", count);
        }

        return taken;
    }

    /// <param name="missing">Of one project, quarter and dimension.</param>
    /// <param name="taken">What has a place, to which those are added that get one.</param>
    private void MakePlaces(IEnumerable<TallyKey> missing, HashSet<string> taken)
    {
        var all = missing.ToList();
        var first = all[0];
        var values = errors.Tallies.Count(
            w =>
            {
                w.Int32("project"u8, first.Project);
                w.Int64("quarter"u8, first.Quarter);
                w.String("dimension"u8, first.Column);
            },
            Tallies.MostValues(first.Dimension));
        List<TallyKey> made = [.. all.Take((int)Math.Max(0, Tallies.MostValues(first.Dimension) - values))];
        errors.Tallies.InsertAll(made, (w, key) =>
        {
            w.String("_id"u8, IdOf(key));
            Fields(key)(w);
            w.Int64("count"u8, 0);
        });
        taken.UnionWith(made.Select(IdOf));
    }

    private static Action<BsonWriter> Fields(TallyKey key) => w =>
    {
        w.Int32("project"u8, key.Project);
        w.Int64("quarter"u8, key.Quarter);
        w.String("dimension"u8, key.Column);
        w.String("value"u8, key.Value);
    };

    private static void Projected(BsonWriter options)
    {
        using var fields = options.Document("projection"u8);
        options.Int32("_id"u8, 1);
    }

    /// <summary>Values may be longer than a key should be.</summary>
    internal static string IdOf(TallyKey key) =>
        $"{key.Project}:{key.Quarter}:{key.Column}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.Value)).AsSpan(0, 16))}";
}
