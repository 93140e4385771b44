using System.Security.Cryptography;
using System.Text;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>
/// Counts of a fingerprint by dimension and value. Visitors make up both, so neither may grow without end. A value gets its place, with
/// nothing counted, before anything is: an entry that is repeated finds the same places, and counts the same values apart.
/// </summary>
/// <param name="careful">Places may have been made by one that did not live to count in them.</param>
internal sealed class FacetBook(ErrorCollections errors, MongoErrorStoreOptions options, bool careful)
{
    /// <summary>Of several deltas in a few steps. The fingerprints that have a value which search does not know yet.</summary>
    public HashSet<long> Add(GuardedCounts counts, IReadOnlyCollection<CountedDelta> counted)
    {
        var wanted = counted.SelectMany(one => one.Delta.Facets.Select(facet =>
            new Place(one.Fingerprint.Project, one.Fingerprint.Number, StoreText.Clean(facet.Dimension, 200), StoreText.Clean(facet.Value, 1000), facet.Count))).ToList();
        var taken = errors.Facets.Known([.. wanted.Select(place => place.Id).Distinct(StringComparer.Ordinal)]);
        var missing = wanted.Where(place => !taken.Contains(place.Id)).DistinctBy(place => place.Id, StringComparer.Ordinal).ToList();
        var grown = missing.Count == 0 ? [] : MakePlaces(missing, [.. counted.Where(one => one.Fingerprint.IsEmpty && !careful).Select(one => one.Fingerprint.Number)], taken);
        foreach (var place in wanted)
        {
            var own = taken.Contains(place.Id) ? place : place with { Value = FacetValue.Rest };
            if (own.Value != FacetValue.Rest || taken.Contains(own.Id))
                counts.Of(ErrorCollections.FacetsName, own.Id, own.Write).Add("count", place.Count);
            if (place.Dimension == "environment")
                counts.Of(ErrorCollections.EnvironmentsName, EnvironmentId(place.Project, own.Value), w =>
                {
                    w.Int32("project"u8, place.Project);
                    w.String("environment"u8, own.Value);
                }).Add("count", place.Count);
        }

        return grown;
    }

    /// <param name="missing">That have no place yet.</param>
    /// <param name="empty">Fingerprints that have none at all.</param>
    /// <param name="taken">Gets the places that are made, and that were there.</param>
    private HashSet<long> MakePlaces(List<Place> missing, HashSet<long> empty, HashSet<string> taken)
    {
        var rows = Rows([.. missing.Select(place => place.Fingerprint).Where(number => !empty.Contains(number)).Distinct()]);
        // Where there is no room the rest may have its place already.
        taken.UnionWith(errors.Facets.Known([.. missing.Select(place => (place with { Value = FacetValue.Rest }).Id).Distinct(StringComparer.Ordinal)]));
        List<Place> made = [];
        HashSet<string> searched = new(StringComparer.Ordinal);
        foreach (var of in missing.GroupBy(place => place.Fingerprint))
        {
            var all = rows.Where(row => row.Key.Fingerprint == of.Key).Sum(row => row.Value);
            foreach (var dimension in of.GroupBy(place => place.Dimension))
            {
                var values = rows.GetValueOrDefault((of.Key, dimension.Key));
                foreach (var place in dimension)
                {
                    if (all >= options.FacetRows)
                        break;
                    var own = values < options.ValuesPerFacet ? place : place with { Value = FacetValue.Rest };
                    if (!taken.Add(own.Id))
                        continue;
                    made.Add(own);
                    if (own.Value != FacetValue.Rest && SearchTokens.IsSearched(own.Dimension) && (values < SearchTokens.MostValues || own.Dimension == "environment"))
                        searched.Add(own.Id);
                    (all, values) = (all + 1, values + 1);
                }
            }
        }

        var known = errors.Facets.InsertAll(made, (w, place) =>
        {
            w.String("_id"u8, place.Id);
            place.Write(w);
            w.Int64("count"u8, 0);
        });
        return [.. made.Where((place, index) => searched.Contains(place.Id) && !known.Contains(index)).Select(place => place.Fingerprint)];
    }

    /// <summary>How many places there are in each dimension.</summary>
    private Dictionary<(long Fingerprint, string Dimension), long> Rows(IReadOnlyList<long> fingerprints)
    {
        var rows = new Dictionary<(long Fingerprint, string Dimension), long>();
        if (fingerprints.Count == 0)
            return rows;
        using var pipeline = new BsonWriter();
        using (pipeline.Array("pipeline"u8))
        {
            using (pipeline.Document(default))
            using (pipeline.Document("$match"u8))
                pipeline.In("f"u8, fingerprints);
            using (pipeline.Document(default))
            using (pipeline.Document("$group"u8))
            {
                using (pipeline.Document("_id"u8))
                {
                    pipeline.String("f"u8, "$f"u8);
                    pipeline.String("dimension"u8, "$dimension"u8);
                }

                using var sum = pipeline.Document("rows"u8);
                pipeline.Int32("$sum"u8, 1);
            }
        }

        using var cursor = errors.Session.Aggregate(ErrorCollections.FacetsName, pipeline);
        while (cursor.Next(out var found))
            rows[(found["_id"u8].Document()["f"u8].Int64(), found["_id"u8].Document()["dimension"u8].String())] = found["rows"u8].Int64();
        return rows;
    }

    internal static string EnvironmentId(int project, string environment) => $"{project}:{Hash(environment)}";

    internal static string IdOf(long number, string dimension, string value) => $"{number}:{Hash($"{dimension.Length}:{dimension}:{value}")}";

    /// <summary>Values may be longer than a key should be.</summary>
    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    private sealed record Place(int Project, long Fingerprint, string Dimension, string Value, long Count)
    {
        public string Id => IdOf(Fingerprint, Dimension, Value);

        public void Write(BsonWriter w)
        {
            w.Int64("f"u8, Fingerprint);
            w.String("dimension"u8, Dimension);
            w.String("value"u8, Value);
        }
    }
}
