using System.Runtime.InteropServices;

namespace ErrorPipeline.Shared.Storage.Mongo.Native;

/// <summary>The driver's functions, as they are. Who calls them keeps a client on one thread at a time.</summary>
internal static unsafe partial class Libmongoc
{
    private const string Library = MongoLibrary.Name;

    /// <summary>Errors of a server come with its codes: MONGOC_ERROR_API_VERSION_2.</summary>
    public const int ErrorApi = 2;

    static Libmongoc()
    {
        NativeLibrary.SetDllImportResolver(
            typeof(Libmongoc).Assembly,
            (name, _, _) => name == Library ? MongoLibrary.Load(MongoLibrary.Candidates(OperatingSystem.IsMacOS())) : 0);
        mongoc_init();
        // What goes wrong is thrown; the driver's own lines on standard error would lie among logs of another form.
        mongoc_log_set_handler(0, 0);
    }

    [LibraryImport(Library)] private static partial void mongoc_init();
    [LibraryImport(Library)] private static partial void mongoc_log_set_handler(nint handler, nint context);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial UriHandle mongoc_uri_new_with_error(string uri, out NativeError error);
    [LibraryImport(Library)] public static partial void mongoc_uri_destroy(nint uri);
    [LibraryImport(Library)] public static partial byte* mongoc_uri_get_database(UriHandle uri);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mongoc_uri_get_option_as_int32(UriHandle uri, string option, int fallback);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_uri_set_option_as_int32(UriHandle uri, string option, int value);
    [LibraryImport(Library)] public static partial void mongoc_uri_set_write_concern(UriHandle uri, nint concern);
    [LibraryImport(Library)] public static partial void mongoc_uri_set_read_concern(UriHandle uri, nint concern);

    [LibraryImport(Library)] public static partial nint mongoc_write_concern_new();
    [LibraryImport(Library)] public static partial void mongoc_write_concern_set_w(nint concern, int w);
    [LibraryImport(Library)]
    public static partial void mongoc_write_concern_set_journal(nint concern, [MarshalAs(UnmanagedType.U1)] bool journal);
    [LibraryImport(Library)] public static partial void mongoc_write_concern_destroy(nint concern);
    [LibraryImport(Library)] public static partial nint mongoc_read_concern_new();
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_read_concern_set_level(nint concern, string level);
    [LibraryImport(Library)] public static partial void mongoc_read_concern_destroy(nint concern);

    [LibraryImport(Library)] public static partial PoolHandle mongoc_client_pool_new_with_error(UriHandle uri, out NativeError error);
    [LibraryImport(Library)] public static partial void mongoc_client_pool_destroy(nint pool);
    [LibraryImport(Library)] public static partial void mongoc_client_pool_max_size(PoolHandle pool, uint clients);
    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_client_pool_set_error_api(PoolHandle pool, int version);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_client_pool_set_appname(PoolHandle pool, string name);
    [LibraryImport(Library)] public static partial nint mongoc_client_pool_pop(PoolHandle pool);
    [LibraryImport(Library)] public static partial void mongoc_client_pool_push(PoolHandle pool, nint client);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_client_read_command_with_opts(
        ClientHandle client, string database, DocumentHandle command, nint readPreference, DocumentHandle options, ReplyHandle reply, out NativeError error);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_client_write_command_with_opts(
        ClientHandle client, string database, DocumentHandle command, DocumentHandle options, ReplyHandle reply, out NativeError error);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_client_read_write_command_with_opts(
        ClientHandle client, string database, DocumentHandle command, nint readPreference, DocumentHandle options, ReplyHandle reply, out NativeError error);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial CollectionHandle mongoc_client_get_collection(ClientHandle client, string database, string collection);
    [LibraryImport(Library)] public static partial void mongoc_collection_destroy(nint collection);
    [LibraryImport(Library)]
    public static partial CursorHandle mongoc_collection_find_with_opts(CollectionHandle collection, DocumentHandle filter, DocumentHandle options, nint readPreference);
    [LibraryImport(Library)]
    public static partial CursorHandle mongoc_collection_aggregate(
        CollectionHandle collection, int flags, DocumentHandle pipeline, DocumentHandle options, nint readPreference);
    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_cursor_next(CursorHandle cursor, out nint document);
    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_cursor_error_document(CursorHandle cursor, out NativeError error, out nint reply);
    [LibraryImport(Library)] public static partial void mongoc_cursor_destroy(nint cursor);

    [LibraryImport(Library)] public static partial BulkHandle mongoc_collection_create_bulk_operation_with_opts(CollectionHandle collection, DocumentHandle options);
    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_bulk_operation_insert_with_opts(BulkHandle bulk, DocumentHandle document, DocumentHandle options, out NativeError error);
    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_bulk_operation_update_one_with_opts(
        BulkHandle bulk, DocumentHandle filter, DocumentHandle update, DocumentHandle options, out NativeError error);
    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_bulk_operation_remove_many_with_opts(BulkHandle bulk, DocumentHandle filter, DocumentHandle options, out NativeError error);
    [LibraryImport(Library)] public static partial uint mongoc_bulk_operation_execute(BulkHandle bulk, ReplyHandle reply, out NativeError error);
    [LibraryImport(Library)] public static partial void mongoc_bulk_operation_destroy(nint bulk);

    [LibraryImport(Library)] public static partial DocumentHandle bson_new_from_data(byte* data, nuint length);
    [LibraryImport(Library)] public static partial void bson_init(nint document);
    [LibraryImport(Library)] public static partial byte* bson_get_data(nint document);
    [LibraryImport(Library)] public static partial void bson_destroy(nint document);
}
