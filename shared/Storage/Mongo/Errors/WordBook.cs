using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage.Mongo.Bson;

namespace ErrorPipeline.Shared.Storage.Mongo.Errors;

/// <summary>
/// What search finds: the words of a fingerprint are a set that grows up to a limit; those of an issue are the union over its
/// fingerprints, in an array that is indexed word by word, so that whole words and beginnings are found alike.
/// </summary>
internal sealed class WordBook(ErrorCollections errors)
{
    /// <summary>True where there were words not known before.</summary>
    public bool Add(long fingerprint, IssueDelta delta, IReadOnlyList<EventSample> novel)
    {
        var words = Read([fingerprint]);
        var before = words.Count;
        SearchWords.AddDocument(words, StoreText.Clean(delta.Title, 1000), SearchWords.MostPerFingerprint);
        SearchWords.AddDocument(words, StoreText.Clean(delta.Culprit, 1000), SearchWords.MostPerFingerprint);
        SearchWords.AddDocument(words, StoreText.Clean(delta.Type, 200), SearchWords.MostPerFingerprint);
        foreach (var sample in novel)
            SearchWords.AddError(words, sample.Error, SearchWords.MostPerFingerprint);
        return Save(fingerprint, words, before);
    }

    /// <summary>What source maps have told of samples that are stored already.</summary>
    public void AddSamples(long fingerprint, string culprit, IReadOnlyList<EventSample> samples)
    {
        var words = Read([fingerprint]);
        var before = words.Count;
        SearchWords.AddDocument(words, StoreText.Clean(culprit, 1000), SearchWords.MostPerFingerprint);
        foreach (var sample in samples)
            SearchWords.AddError(words, sample.Error, SearchWords.MostPerFingerprint);
        Save(fingerprint, words, before);
    }

    public HashSet<string> Read(IEnumerable<long> fingerprints) => errors.Words.Query(w => w.In("_id"u8, fingerprints), found => found["words"u8].String())
        .SelectMany(words => words.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToHashSet();

    private bool Save(long fingerprint, HashSet<string> words, int before)
    {
        if (words.Count == before)
            return false;
        errors.Words.Update(BsonQuery.Id(fingerprint), w => w.Set(fields => fields.String("words"u8, string.Join(' ', words))), upsert: true);
        return true;
    }
}
