using System.Security.Cryptography;
using System.Text;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>
/// Counts of a fingerprint by dimension and value. Visitors make up both, so neither may grow without end. A value gets its place, with
/// nothing counted, before anything is: an entry that is repeated finds the same places, and counts the same values apart.
/// </summary>
internal sealed class FacetBook(ErrorCollections errors, MongoErrorStoreOptions options)
{
    /// <summary>True where the fingerprint was not seen in one of the environments before.</summary>
    public bool Add(GuardedCounts counts, FingerprintDocument fingerprint, IReadOnlyList<FacetCount> facets)
    {
        var wanted = facets.Select(facet => new Place(StoreText.Clean(facet.Dimension, 200), StoreText.Clean(facet.Value, 1000), facet.Count)).ToList();
        var ids = wanted.Select(place => (place.Dimension, place.Value)).Distinct()
            .ToDictionary(place => place, place => IdOf(fingerprint.Number, place.Dimension, place.Value));
        var taken = errors.Facets.Query(w => w.In("_id"u8, ids.Values), found => found["_id"u8].String(), Projected).ToHashSet();
        var missing = wanted.Where(place => !taken.Contains(ids[(place.Dimension, place.Value)])).DistinctBy(place => (place.Dimension, place.Value)).ToList();
        var newEnvironment = missing.Count > 0 && MakePlaces(fingerprint.Number, missing, taken);
        foreach (var place in wanted)
        {
            var value = taken.Contains(ids[(place.Dimension, place.Value)]) ? place.Value : FacetValue.Rest;
            var id = IdOf(fingerprint.Number, place.Dimension, value);
            if (value != FacetValue.Rest || taken.Contains(id))
                counts.Of(ErrorCollections.FacetsName, id, Fields(fingerprint.Number, place.Dimension, value)).Add("count", place.Count);
            if (place.Dimension == "environment")
                counts.Of(ErrorCollections.EnvironmentsName, $"{fingerprint.Project}:{Hash(value)}", w =>
                {
                    w.Int32("project"u8, fingerprint.Project);
                    w.String("environment"u8, value);
                }).Add("count", place.Count);
        }

        return newEnvironment;
    }

    private bool MakePlaces(long number, List<Place> missing, HashSet<string> taken)
    {
        var rows = errors.Facets.Count(BsonQuery.Number("f", number), options.FacetRows);
        var isNewEnvironment = false;
        foreach (var dimension in missing.GroupBy(place => place.Dimension))
        {
            var values = errors.Facets.Count(
                w =>
                {
                    w.Int64("f"u8, number);
                    w.String("dimension"u8, dimension.Key);
                },
                options.ValuesPerFacet);
            foreach (var place in dimension)
            {
                if (rows >= options.FacetRows)
                    break;
                var value = values < options.ValuesPerFacet ? place.Value : FacetValue.Rest;
                var id = IdOf(number, place.Dimension, value);
                if (errors.Facets.Insert(w =>
                {
                    w.String("_id"u8, id);
                    Fields(number, place.Dimension, value)(w);
                    w.Int64("count"u8, 0);
                }))
                {
                    (rows, values) = (rows + 1, values + 1);
                    isNewEnvironment |= place.Dimension == "environment";
                }

                taken.Add(id);
            }

            // Where there is no room the rest may have its place already.
            var rest = IdOf(number, dimension.Key, FacetValue.Rest);
            if (rows >= options.FacetRows && errors.Facets.Count(BsonQuery.Id(rest), 1) > 0)
                taken.Add(rest);
        }

        return isNewEnvironment;
    }

    private static Action<BsonWriter> Fields(long number, string dimension, string value) => w =>
    {
        w.Int64("f"u8, number);
        w.String("dimension"u8, dimension);
        w.String("value"u8, value);
    };

    private static void Projected(BsonWriter options)
    {
        using var fields = options.Document("projection"u8);
        options.Int32("_id"u8, 1);
    }

    private static string IdOf(long number, string dimension, string value) => $"{number}:{Hash($"{dimension.Length}:{dimension}:{value}")}";

    /// <summary>Values may be longer than a key should be.</summary>
    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    private sealed record Place(string Dimension, string Value, long Count);
}
