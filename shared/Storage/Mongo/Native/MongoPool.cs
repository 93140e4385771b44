using System.Runtime.InteropServices;

namespace ErrorPipeline.Shared.Storage.Mongo.Native;

/// <summary>
/// Clients of one deployment, and as many threads of their own to call them on: the driver blocks its caller, and here that is never a
/// thread that somebody else waits for. What is written is durable at a majority, and what is read was. Made at once; connects at first use.
/// </summary>
internal sealed class MongoPool : IAsyncDisposable
{
    private const string SelectionTime = "serverSelectionTimeoutMS";
    private const string ConnectTime = "connectTimeoutMS";
    private const string SocketTime = "socketTimeoutMS";
    private const int Majority = -3;

    private readonly PoolHandle _pool;
    private readonly BlockingThreads _threads;
    private readonly string _place;

    /// <exception cref="ArgumentException">The address is not one, or names no database.</exception>
    /// <exception cref="DllNotFoundException">The driver is not installed; the message says which package it is in.</exception>
    public MongoPool(string uri, int clients)
    {
        using var address = Libmongoc.mongoc_uri_new_with_error(uri, out var error);
        if (address.IsInvalid)
            throw new ArgumentException($"the address of MongoDB is not valid: {error.Message}", nameof(uri));
        Database = NameOf(address) ?? throw new ArgumentException("the address of MongoDB names no database: mongodb://HOST/DATABASE", nameof(uri));
        Limit(address, SelectionTime, 5_000);
        Limit(address, ConnectTime, 5_000);
        Limit(address, SocketTime, 30_000);
        MakeDurable(address);
        _pool = Libmongoc.mongoc_client_pool_new_with_error(address, out error);
        if (_pool.IsInvalid)
            throw new ArgumentException($"the address of MongoDB is not valid: {error.Message}", nameof(uri));
        Libmongoc.mongoc_client_pool_max_size(_pool, (uint)clients);
        Libmongoc.mongoc_client_pool_set_error_api(_pool, Libmongoc.ErrorApi);
        Libmongoc.mongoc_client_pool_set_appname(_pool, "ErrorPipeline");
        _threads = new(clients);
        _place = $"MongoDB database {Database}";
    }

    public string Database { get; }

    /// <summary>
    /// Throws <see cref="StoreUnavailableException"/> for what is worth trying again. Cancelling gives up waiting; what the server has
    /// been asked for by then may be carried out.
    /// </summary>
    public async Task<T> RunAsync<T>(Func<MongoSession, T> work, CancellationToken cancel)
    {
        try
        {
            return await _threads.RunAsync(() => Run(work), cancel).WaitAsync(cancel);
        }
        catch (MongoException e) when (e.IsTransient)
        {
            throw new StoreUnavailableException($"{_place}: {e.Message}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _threads.DisposeAsync();
        _pool.Dispose();
    }

    private T Run<T>(Func<MongoSession, T> work)
    {
        using var client = new ClientHandle(_pool);
        return work(new(client, Database));
    }

    private static void Limit(UriHandle address, string option, int ms)
    {
        if (Libmongoc.mongoc_uri_get_option_as_int32(address, option, -1) < 0)
            Libmongoc.mongoc_uri_set_option_as_int32(address, option, ms);
    }

    private static void MakeDurable(UriHandle address)
    {
        var write = Libmongoc.mongoc_write_concern_new();
        Libmongoc.mongoc_write_concern_set_w(write, Majority);
        Libmongoc.mongoc_write_concern_set_journal(write, journal: true);
        Libmongoc.mongoc_uri_set_write_concern(address, write);
        Libmongoc.mongoc_write_concern_destroy(write);
        var read = Libmongoc.mongoc_read_concern_new();
        Libmongoc.mongoc_read_concern_set_level(read, "majority");
        Libmongoc.mongoc_uri_set_read_concern(address, read);
        Libmongoc.mongoc_read_concern_destroy(read);
    }

    private static unsafe string? NameOf(UriHandle address) => Marshal.PtrToStringUTF8((nint)Libmongoc.mongoc_uri_get_database(address));
}
