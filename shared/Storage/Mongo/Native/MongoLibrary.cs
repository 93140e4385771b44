using System.Runtime.InteropServices;

namespace ErrorPipeline.Shared.Storage.Mongo.Native;

/// <summary>
/// Finds the driver on this system: its first generation (libmongoc-1.0) or its second (libmongoc2). Every function in use here is in both,
/// with one signature. libbson comes with it, and its functions are found through it.
/// </summary>
internal static class MongoLibrary
{
    public const string Name = "mongoc";

    private static readonly string[] OnLinux = ["libmongoc-1.0.so.0", "libmongoc2.so.2"];
    private static readonly string[] OnMac = ["libmongoc-1.0.0.dylib", "libmongoc2.2.dylib", "libmongoc2.dylib"];
    private static readonly string[] MacFolders = ["", "/opt/homebrew/lib/", "/usr/local/lib/"];

    /// <summary>In the order in which they are tried.</summary>
    public static IEnumerable<string> Candidates(bool mac) => mac
        ? MacFolders.SelectMany(_ => OnMac, (folder, file) => folder + file)
        : OnLinux;

    public static nint Load(IEnumerable<string> candidates)
    {
        foreach (var candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, out var library))
                return library;
        }

        throw new DllNotFoundException(
            "The store in MongoDB needs MongoDB's C driver (libmongoc), which is not on this system. Install the package libmongoc-1.0-0 (Debian 12, Ubuntu 22.04 "
            + "and 24.04), libmongoc2-2 (later Debian and Ubuntu) or mongo-c-driver (Alpine: apk add; macOS: brew install).");
    }
}
