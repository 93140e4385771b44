using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Policies;

namespace ErrorPipeline.Shared.Storage;

/// <summary>The forms in which whole objects are stored. Samples are most of the file and much alike inside: deflated.</summary>
internal static class StoredJson
{
    public static byte[] WriteSample(EventSample sample)
    {
        using var to = new MemoryStream();
        using (var deflate = new DeflateStream(to, CompressionLevel.Fastest))
            deflate.Write(CompactJson.ToBytes(sample, ContractsJson.Default.EventSample));
        return to.ToArray();
    }

    public static EventSample ReadSample(byte[] stored)
    {
        using var inflate = new DeflateStream(new MemoryStream(stored), CompressionMode.Decompress);
        return JsonSerializer.Deserialize(inflate, ContractsJson.Default.EventSample)!;
    }

    /// <summary>What is refused may lack anything; JSON without a required member could not be read again.</summary>
    public static byte[] WriteDelta(IssueDelta delta)
    {
        var whole = delta with
        {
            Grouping = new(delta.Grouping?.Version ?? "", delta.Grouping?.Fingerprint ?? "", delta.Grouping?.Tokens ?? []),
            Title = delta.Title ?? "",
            Culprit = delta.Culprit ?? "",
            Type = delta.Type ?? "",
            Level = delta.Level ?? "",
            Class = delta.Class ?? "",
            Hours = delta.Hours ?? [],
            Facets = delta.Facets ?? [],
            Users = delta.Users ?? [],
            Samples = delta.Samples ?? [],
        };
        return CompactJson.ToBytes(new DeltaBatch { Issues = [whole] }, ContractsJson.Default.DeltaBatch);
    }

    public static IssueDelta ReadDelta(byte[] stored) => JsonSerializer.Deserialize(stored, ContractsJson.Default.DeltaBatch)!.Issues[0];

    /// <summary>A refused delta without anything that tells of visitors; null where it is of another project or names none of these, and stays as it is.</summary>
    public static byte[]? DeltaWithout(byte[] stored, int project, IReadOnlyList<string> names)
    {
        var text = Encoding.UTF8.GetString(stored);
        return names.Any(name => PersonName.IsIn(text, name)) && ReadDelta(stored) is { } delta && delta.ProjectId == project
            ? WriteDelta(PersonName.Without(delta))
            : null;
    }

    public static string WriteTokens(IReadOnlyList<string> tokens)
        => JsonSerializer.Serialize([.. tokens.Take(200).Select(token => StoreText.Clean(token, 500))], ContractsJson.Default.IReadOnlyListString);

    public static IReadOnlyList<string> ReadTokens(string stored) => JsonSerializer.Deserialize(stored, ContractsJson.Default.IReadOnlyListString)!;
}
