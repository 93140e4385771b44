using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>
/// What search finds: the words of a fingerprint are a set that grows up to a limit; those of an issue are the union over its
/// fingerprints, in an array that is indexed word by word, so that whole words and beginnings are found alike.
/// </summary>
internal sealed class WordBook(ErrorCollections errors)
{
    /// <summary>Of several fingerprints in two steps. Those that got words which were not known before.</summary>
    /// <param name="told">Deltas, and the samples of each whose words count.</param>
    public HashSet<long> Add(IReadOnlyCollection<(long Fingerprint, IssueDelta Delta, IReadOnlyList<EventSample> Samples)> told) =>
        Add(told.Select(one => one.Fingerprint).ToHashSet(), known =>
        {
            foreach (var (fingerprint, delta, samples) in told)
            {
                var words = known[fingerprint];
                SearchWords.AddDocument(words, StoreText.Clean(delta.Title, 1000), SearchWords.MostPerFingerprint);
                SearchWords.AddDocument(words, StoreText.Clean(delta.Culprit, 1000), SearchWords.MostPerFingerprint);
                SearchWords.AddDocument(words, StoreText.Clean(delta.Type, 200), SearchWords.MostPerFingerprint);
                foreach (var sample in samples)
                    SearchWords.AddError(words, sample.Error, SearchWords.MostPerFingerprint);
            }
        });

    /// <summary>What source maps have told of samples that are stored already.</summary>
    public void AddSamples(long fingerprint, string culprit, IReadOnlyList<EventSample> samples) => Add([fingerprint], known =>
    {
        var words = known[fingerprint];
        SearchWords.AddDocument(words, StoreText.Clean(culprit, 1000), SearchWords.MostPerFingerprint);
        foreach (var sample in samples)
            SearchWords.AddError(words, sample.Error, SearchWords.MostPerFingerprint);
    });

    /// <summary>Anew from what there is: after something was taken away.</summary>
    public void Rebuild(FingerprintDocument fingerprint)
    {
        var samples = errors.Events.Query(BsonQuery.Number("f", fingerprint.Number), found => StoredJson.ReadSample(found["body"u8].Binary().ToArray()));
        var words = SearchWords.Of(fingerprint.Title, fingerprint.Culprit, samples);
        errors.Words.Update(BsonQuery.Id(fingerprint.Number), w => w.Set(fields => fields.String("words"u8, string.Join(' ', words))), upsert: true);
    }

    /// <summary>By issue, each once.</summary>
    /// <param name="owners">The fingerprints with their issues.</param>
    public ILookup<long, string> Read(IReadOnlyDictionary<long, long> owners) => errors.Words.Query(
        w => w.In("_id"u8, owners.Keys), found => (Issue: owners[found["_id"u8].Int64()], Words: found["words"u8].String()))
        .SelectMany(one => one.Words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => (one.Issue, Word: word))).Distinct().ToLookup(one => one.Issue, one => one.Word);

    private HashSet<long> Add(HashSet<long> fingerprints, Action<Dictionary<long, HashSet<string>>> add)
    {
        if (fingerprints.Count == 0)
            return [];
        var known = fingerprints.ToDictionary(fingerprint => fingerprint, _ => new HashSet<string>());
        foreach (var (fingerprint, words) in errors.Words.Query(w => w.In("_id"u8, fingerprints), found => (found["_id"u8].Int64(), found["words"u8].String())))
            known[fingerprint].UnionWith(words.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var before = known.ToDictionary(one => one.Key, one => one.Value.Count);
        add(known);
        var more = known.Where(one => one.Value.Count != before[one.Key]).ToList();
        errors.Words.UpdateAll(
            more, (w, one) => w.Int64("_id"u8, one.Key), (w, one) => w.Set(fields => fields.String("words"u8, string.Join(' ', one.Value))), upsert: true);
        return [.. more.Select(one => one.Key)];
    }
}
