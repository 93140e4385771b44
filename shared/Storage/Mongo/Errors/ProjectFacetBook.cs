using System.Security.Cryptography;
using System.Text;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>
/// Events of projects by week, dimension and value; see <see cref="ProjectWeeks"/>. As with the facets of a fingerprint a value gets its place before
/// anything is counted: an entry that is repeated finds the same places.
/// </summary>
internal sealed class ProjectFacetBook(ErrorCollections errors)
{
    public void Count(GuardedCounts counts, Dictionary<ProjectPlace, long> folded)
    {
        if (folded.Count == 0)
            return;
        var taken = errors.ProjectFacets.Query(w => w.In("_id"u8, folded.Keys.Select(IdOf)), found => found["_id"u8].String(), Projected).ToHashSet();
        var missing = folded.Keys.Where(place => !taken.Contains(IdOf(place))).ToList();
        if (missing.Count > 0)
            taken.UnionWith(MakePlaces(missing));
        foreach (var (place, count) in folded)
        {
            var counted = taken.Contains(IdOf(place)) ? place : place.Rest;
            if (taken.Contains(IdOf(counted)))
                counts.Of(ErrorCollections.ProjectFacetsName, IdOf(counted), Fields(counted)).Add("count", count);
        }
    }

    public static ProjectFacets Read(ErrorCollections errors, int project, long fromMs, long toMs)
    {
        var first = errors.ProjectFacets.Query(w => w.Int32("project"u8, project), found => (long?)found["week"u8].Int64(), BsonQuery.Sorted(1, ("project", 1), ("week", 1))).FirstOrDefault();
        return new(first is { } week ? ProjectWeeks.Start(week) : null,
        [
            .. errors.ProjectFacets.Query(
                w =>
                {
                    w.Int32("project"u8, project);
                    using var weeks = w.Document("week"u8);
                    w.Int64("$gte"u8, ProjectWeeks.Of(fromMs));
                    w.Int64("$lte"u8, ProjectWeeks.Of(toMs));
                },
                found => new FacetCount(found["dimension"u8].String(), found["value"u8].String(), found["count"u8].Int64()))
                .GroupBy(row => (row.Dimension, row.Value)).Select(rows => new FacetCount(rows.Key.Dimension, rows.Key.Value, rows.Sum(row => row.Count)))
                .Where(row => row.Count > 0)
                .OrderBy(row => row.Dimension, StringComparer.Ordinal).ThenBy(row => row.Value, StringComparer.Ordinal),
        ]);
    }

    /// <summary>The ids of the places that there are now for these, their own or that of the rest.</summary>
    private List<string> MakePlaces(List<ProjectPlace> missing)
    {
        List<string> made = [];
        using var bulk = errors.Session.Bulk(ErrorCollections.ProjectFacetsName);
        using var document = new BsonWriter();
        void Make(ProjectPlace place)
        {
            document.Reset();
            document.String("_id"u8, IdOf(place));
            Fields(place)(document);
            document.Int64("count"u8, 0);
            bulk.Insert(document);
            made.Add(IdOf(place));
        }

        foreach (var week in missing.GroupBy(place => (place.Project, place.Week)))
        {
            var rows = errors.ProjectFacets.Count(w => Where(w, week.Key.Project, week.Key.Week), ProjectWeeks.RowsPerWeek);
            foreach (var dimension in week.GroupBy(place => place.Dimension, StringComparer.Ordinal))
            {
                var values = errors.ProjectFacets.Count(
                    w =>
                    {
                        Where(w, week.Key.Project, week.Key.Week);
                        w.String("dimension"u8, dimension.Key);
                    },
                    ProjectWeeks.ValuesPerDimension);
                var room = (int)Math.Max(0, Math.Min(ProjectWeeks.RowsPerWeek - rows, ProjectWeeks.ValuesPerDimension - values));
                var all = dimension.ToList();
                all.Take(room).ToList().ForEach(Make);
                rows += Math.Min(room, all.Count);
                if (all.Count <= room)
                    continue;
                var rest = all[0].Rest;
                if (rows < ProjectWeeks.RowsPerWeek)
                    Make(rest);
                else if (errors.ProjectFacets.Count(BsonQuery.Id(IdOf(rest)), 1) > 0)
                    made.Add(IdOf(rest));
            }
        }

        // Places that another lane has made at the same moment are refused here, and are places all the same.
        bulk.Execute();
        return made;
    }

    private static Action<BsonWriter> Fields(ProjectPlace place) => w =>
    {
        Where(w, place.Project, place.Week);
        w.String("dimension"u8, place.Dimension);
        w.String("value"u8, place.Value);
    };

    private static void Where(BsonWriter w, int project, long week)
    {
        w.Int32("project"u8, project);
        w.Int64("week"u8, week);
    }

    private static void Projected(BsonWriter options)
    {
        using var fields = options.Document("projection"u8);
        options.Int32("_id"u8, 1);
    }

    /// <summary>Values may be longer than a key should be.</summary>
    internal static string IdOf(ProjectPlace place) =>
        $"{place.Project}:{place.Week}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{place.Dimension.Length}:{place.Dimension}:{place.Value}")).AsSpan(0, 16))}";
}
