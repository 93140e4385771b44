using System.Text.RegularExpressions;
using ErrorPipeline.Shared.Policies;
using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>A person's name in what is kept of errors themselves: found by a reader, taken out by the command. Each document is set to what it then is.</summary>
internal sealed class Mentions(ErrorCollections errors, int project)
{
    private const int AtOnce = 1_000;

    public static IReadOnlyList<string> Find(ErrorCollections errors, int project, string name)
    {
        var all = errors.Fingerprints.Query(
            w =>
            {
                w.Int32("project"u8, project);
                w.Exists("deletedAt"u8, false);
            },
            found => (Number: found["n"u8].Int64(), Key: $"{found["version"u8].String()}:{found["fingerprint"u8].String()}", Texts: Texts.Read(found)),
            BsonQuery.Only("n", "version", "fingerprint", "title", "culprit", "tokens", "notes"));
        var named = all.Where(one => one.Texts.Name(name)).Select(one => one.Number).ToHashSet();
        foreach (var some in all.Select(one => one.Number).Chunk(AtOnce))
            named.UnionWith(errors.Facets.Query(
                w =>
                {
                    w.In("f"u8, some);
                    Holds(w, name);
                },
                found => found["f"u8].Int64(), BsonQuery.Only("f")));
        return [.. all.Where(one => named.Contains(one.Number)).Select(one => one.Key).Order(StringComparer.Ordinal)];
    }

    /// <summary>The fingerprints that named it.</summary>
    public IReadOnlyList<long> Erase(IReadOnlyList<string> fingerprints, string name)
    {
        var found = new List<long>();
        foreach (var parts in fingerprints.Select(key => key.Split(':', 2)).Where(parts => parts.Length == 2))
        {
            if (new FingerprintBook(errors).Find(new FingerprintKey(project, parts[0], parts[1])) is not { } fingerprint)
                continue;
            found.Add(fingerprint.Number);
            var texts = errors.Fingerprints.Query(BsonQuery.Id(fingerprint.Id), Texts.Read).Single();
            errors.Fingerprints.Update(BsonQuery.Id(fingerprint.Id), w => w.Set(fields => texts.WriteWithout(fields, name)));
            var gone = errors.Facets.Query(BsonQuery.Number("f", fingerprint.Number), facet => (Id: facet["_id"u8].String(), Says: $"{facet["dimension"u8].String()} {facet["value"u8].String()}"))
                .Where(facet => PersonName.IsIn(facet.Says, name)).Select(facet => facet.Id).ToList();
            errors.Facets.Delete(w => w.In("_id"u8, gone));
        }

        Delete(errors.Tallies, name);
        Delete(errors.ProjectFacets, name);
        return found;
    }

    /// <summary>What could not be stored, where it names one of these.</summary>
    public void EraseRefused(IReadOnlyList<string> names)
    {
        foreach (var (id, stored) in errors.Refused.Query(_ => { }, found => (found["_id"u8].String(), found["delta"u8].Binary().ToArray())))
        {
            if (StoredJson.DeltaWithout(stored, project, names) is { } rest)
                errors.Refused.Update(BsonQuery.Id(id), w => w.Set(fields => fields.Binary("delta"u8, rest)));
        }
    }

    private void Delete(MongoCollection counts, string name)
    {
        var gone = counts.Query(
            w =>
            {
                w.Int32("project"u8, project);
                Holds(w, name);
            },
            found => (Id: found["_id"u8].String(), Value: found["value"u8].String())).Where(one => PersonName.IsIn(one.Value, name)).Select(one => one.Id).ToList();
        counts.Delete(w => w.In("_id"u8, gone));
    }

    /// <summary>The name as it is, in any case: nothing of it is taken for a pattern.</summary>
    private static void Holds(BsonWriter filter, string name)
    {
        using var value = filter.Document("value"u8);
        filter.String("$regex"u8, Regex.Escape(name));
        filter.String("$options"u8, "i");
    }

    /// <summary>What a fingerprint says in words.</summary>
    private sealed record Texts(string? Title, string? Culprit, string? Tokens, string? Notes)
    {
        public static Texts Read(BsonView found) => new(found.StringOrNull("title"u8), found.StringOrNull("culprit"u8), found.StringOrNull("tokens"u8), found.StringOrNull("notes"u8));

        public bool Name(string name) => PersonName.IsIn(Title, name) || PersonName.IsIn(Culprit, name) || PersonName.IsIn(Tokens, name) || PersonName.IsIn(Notes, name);

        public void WriteWithout(BsonWriter fields, string name)
        {
            fields.StringOrNull("title"u8, Without(Title, name));
            fields.StringOrNull("culprit"u8, Without(Culprit, name));
            fields.StringOrNull("tokens"u8, Without(Tokens, name));
            fields.StringOrNull("notes"u8, Without(Notes, name));
        }

        private static string? Without(string? text, string name) => text is null ? null : PersonName.Without(text, name);
    }
}
