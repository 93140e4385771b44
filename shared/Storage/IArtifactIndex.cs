namespace ErrorPipeline.Shared.Storage;

/// <summary>What the search for a map asks of an engine, all from one state of the store. Of several files that fit, the newest is meant.</summary>
internal interface IArtifactIndex
{
    /// <summary>Of an event without dist any may be meant; otherwise its own, or one that was uploaded without.</summary>
    UploadedScript? FindScript(Build build, string url);

    /// <summary>The hash of a map; of which dist as with <see cref="FindScript"/>.</summary>
    string? FindMap(Build build, string url);

    string? FindMapOfDebugId(int project, string id);

    PlacedScript? FindScriptOfDebugId(int project, string id);

    /// <summary>Anything of that release, whatever its dist.</summary>
    bool HasRelease(Build build);

    string? FindNewestRelease(int project);

    /// <summary>The dist of a file of that address, or of the map beside it.</summary>
    string? FindOtherDist(Build build, string url);

    /// <summary>Addresses of files of that name, and of the maps beside them, whatever their dist: the newest hundred.</summary>
    IReadOnlyList<string> ListUrls(Build build, string name);
}

internal sealed record Build(int Project, string Release, string Dist);

/// <summary>A minified file that was uploaded; what it says of its map.</summary>
internal sealed record UploadedScript(string? DebugId, string? MapUrl);

/// <summary>A minified file that was uploaded, and under which address.</summary>
internal sealed record PlacedScript(Build Build, string Url, string? MapUrl);
