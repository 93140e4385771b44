using System.Runtime.InteropServices;
using ErrorPipeline.Shared.Storage.Mongo.Bson;
using Microsoft.Win32.SafeHandles;

namespace ErrorPipeline.Shared.Storage.Mongo.Native;

internal sealed class UriHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        Libmongoc.mongoc_uri_destroy(handle);
        return true;
    }
}

internal sealed class PoolHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        Libmongoc.mongoc_client_pool_destroy(handle);
        return true;
    }
}

/// <summary>A client on loan. The pool stays until all of them are back.</summary>
internal sealed class ClientHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly PoolHandle _pool;

    public ClientHandle(PoolHandle pool) : base(ownsHandle: true)
    {
        _pool = pool;
        var held = false;
        pool.DangerousAddRef(ref held);
        SetHandle(Libmongoc.mongoc_client_pool_pop(pool));
    }

    protected override bool ReleaseHandle()
    {
        Libmongoc.mongoc_client_pool_push(_pool, handle);
        _pool.DangerousRelease();
        return true;
    }
}

internal sealed class CollectionHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        Libmongoc.mongoc_collection_destroy(handle);
        return true;
    }
}

internal sealed class CursorHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        Libmongoc.mongoc_cursor_destroy(handle);
        return true;
    }
}

internal sealed class BulkHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        Libmongoc.mongoc_bulk_operation_destroy(handle);
        return true;
    }
}

/// <summary>A document that goes to the driver: a copy of its own.</summary>
internal sealed class DocumentHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    /// <summary>Where a document may be left out.</summary>
    public static DocumentHandle None { get; } = new();

    public static unsafe DocumentHandle Of(ReadOnlySpan<byte> document)
    {
        fixed (byte* data = document)
        {
            var made = Libmongoc.bson_new_from_data(data, (nuint)document.Length);
            return made.IsInvalid ? throw new BsonFormatException($"{document.Length} bytes are not one document") : made;
        }
    }

    protected override bool ReleaseHandle()
    {
        Libmongoc.bson_destroy(handle);
        return true;
    }
}

/// <summary>Room for a document that the driver fills: a bson_t on memory of ours, as libbson wants it aligned.</summary>
internal sealed unsafe class ReplyHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private const int Size = 128;

    public ReplyHandle() : base(ownsHandle: true)
    {
        SetHandle((nint)NativeMemory.AlignedAlloc(Size, Size));
        Libmongoc.bson_init(handle);
    }

    public BsonView View() => NativeDocument.View(handle);

    protected override bool ReleaseHandle()
    {
        Libmongoc.bson_destroy(handle);
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}

internal static unsafe class NativeDocument
{
    /// <summary>Valid as long as the driver's document is.</summary>
    public static BsonView View(nint document)
    {
        var data = Libmongoc.bson_get_data(document);
        return new(new ReadOnlySpan<byte>(data, *(int*)data));
    }
}
