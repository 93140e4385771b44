using ErrorPipeline.Shared.Storage.Mongo.Bson;
using ErrorPipeline.Shared.Storage.Mongo.Native;

namespace ErrorPipeline.Rigs;

/// <summary>
/// A server that speaks MongoDB's protocol: the one that ERRORPIPELINE_TEST_MONGO names, else a mongod on the PATH, else DocumentDB in a
/// chroot. Kill and start again keep its data and its port, but for a named one, which is left as it is.
/// </summary>
public sealed class MongoServer : IAsyncDisposable
{
    public const string Variable = "ERRORPIPELINE_TEST_MONGO";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PatienceWithChroot = TimeSpan.FromMinutes(8);
    private static readonly SemaphoreSlim Gate = new(1);
    private static MongoServer? _shared;
    private static string _missing = "";

    private readonly TempFolder _folder = new();
    private readonly string? _named;
    private readonly string? _chroot;
    private readonly string _data = $"data-{Guid.NewGuid():N}";
    private readonly int _port;
    private readonly int _enginePort;
    private ChildProcess? _process;

    private MongoServer(string? named, string? chroot)
    {
        (_named, _chroot) = (named, chroot);
        if (named is null)
            (_port, _enginePort) = (FreePort.Take(), FreePort.Take());
    }

    /// <summary>What the process printed.</summary>
    public string Output => _process?.Output ?? "";

    /// <summary>One for all tests of a process, or null and why none can be had.</summary>
    public static async Task<(MongoServer? Server, string Reason)> TrySharedAsync()
    {
        await Gate.WaitAsync();
        try
        {
            if (_shared is null && _missing.Length == 0)
                (_shared, _missing) = await TryStartAsync();
            return (_shared, _missing);
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>At the end of all tests of a process.</summary>
    public static async Task StopSharedAsync()
    {
        if (_shared is { } server)
            await server.DisposeAsync();
        _shared = null;
    }

    /// <summary>One of its own, to be killed and the like; null where none can be had, or only one that belongs to others.</summary>
    public static async Task<(MongoServer? Server, string Reason)> TryStartAsync(bool ofItsOwn = false)
    {
        var named = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(named))
            return ofItsOwn ? (null, $"{Variable} names a server that is not to be killed") : (new(named, null), "");
        var (chroot, reason) = Places.OnPath("mongod") is not null ? (null, null) : await FindChrootAsync();
        if (reason is not null)
            return (null, $"no MongoDB for tests: {Variable} is not set, there is no mongod, and DocumentDB cannot be brought up: {reason}");
        var server = new MongoServer(null, chroot);
        await server.StartAgainAsync();
        return (server, "");
    }

    /// <summary>Where it listens; null where a named one may be several.</summary>
    public int? LoopbackPort => _named is null ? _port : null;

    /// <summary>The address of a database of it.</summary>
    /// <param name="database">Its name.</param>
    /// <param name="through">The port of a gate before a server with a <see cref="LoopbackPort"/>.</param>
    public string Uri(string database, int? through = null)
    {
        if (_named is null)
            return $"mongodb://127.0.0.1:{through ?? _port}/{database}";
        var query = _named.IndexOf('?', StringComparison.Ordinal);
        var address = query < 0 ? _named : _named[..query];
        var path = address.IndexOf('/', address.IndexOf("://", StringComparison.Ordinal) + 3);
        return $"{(path < 0 ? address : address[..path])}/{database}{(query < 0 ? "" : _named[query..])}";
    }

    public async Task DropAsync(string database)
    {
        await using var pool = new MongoPool(Uri(database), 1);
        await pool.RunAsync(
            session =>
            {
                using var drop = new BsonWriter();
                drop.Int32("dropDatabase"u8, 1);
                return session.Write(drop);
            },
            default);
    }

    /// <summary>All documents of a database, by collection, as the bytes that they are: to look for a text in them.</summary>
    public async Task<IReadOnlyList<(string Collection, byte[] Bytes)>> DumpAsync(string database)
    {
        await using var pool = new MongoPool(Uri(database), 1);
        return await pool.RunAsync(session => Collections(session).ConvertAll(name => (name, BytesOf(session, name))), default);
    }

    public async Task StartAgainAsync()
    {
        if (_named is not null || _process is { Running: true })
            return;
        _process = _chroot is null
            ? ChildProcess.Start("mongod", ["--port", $"{_port}", "--bind_ip", "127.0.0.1", "--dbpath", _folder.Path])
            : ChildProcess.Start("dotnet", [FrontDll, _chroot, _data, $"{_port}", $"{_enginePort}", "--keep"]);
        await Deadline.Until(AnswersAsync, Patience, () => _process.Output);
    }

    /// <summary>As a crash: the front and the database behind it, or the one process of a mongod.</summary>
    public async Task Kill9Async()
    {
        if (_process is null)
            return;
        if (_chroot is not null)
            await ChildProcess.RunAsync("bash", [Script("kill.sh"), _chroot, _data], Patience);
        await _process.DisposeAsync();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Terminate();
            await _process.WaitExitAsync(Patience);
            await _process.DisposeAsync();
        }

        if (_chroot is not null)
            Directory.Delete(Path.Combine(_chroot, "rig", _data), recursive: true);
        _folder.Dispose();
    }

    internal static List<string> Collections(MongoSession session)
    {
        using var list = new BsonWriter();
        list.Int32("listCollections"u8, 1);
        List<string> names = [];
        foreach (var collection in session.Read(list).View["cursor"u8].Document()["firstBatch"u8].Document())
            names.Add(collection.Document()["name"u8].String());
        return names;
    }

    private static byte[] BytesOf(MongoSession session, string collection)
    {
        using var all = new BsonWriter();
        using var cursor = session.Find(collection, all);
        using var bytes = new MemoryStream();
        while (cursor.Next(out var document))
            bytes.Write(document.Bytes);
        return bytes.ToArray();
    }

    private static string FrontDll => Path.Combine(Folder, "bin", Places.Configuration, "net10.0", "ErrorPipeline.DocumentDb.dll");

    private static string Folder => Path.Combine(Places.Root, "tests", "Rigs", "DocumentDb");

    private static string Script(string name) => Path.Combine(Folder, name);

    private static async Task<(string? Chroot, string? Reason)> FindChrootAsync()
    {
        if (!File.Exists(FrontDll))
            return (null, $"{FrontDll} is not built");
        var (code, output) = await ChildProcess.RunAsync("bash", [Script("chroot.sh")], PatienceWithChroot);
        var last = output.Trim().Split('\n')[^1];
        return code == 0 ? (last, null) : (null, last);
    }

    private async Task<bool> AnswersAsync()
    {
        if (_process is not { Running: true })
            throw new InvalidOperationException($"the server ended at once:\n{Output}");
        try
        {
            using var client = new System.Net.Sockets.TcpClient();
            await client.ConnectAsync(System.Net.IPAddress.Loopback, _port);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
