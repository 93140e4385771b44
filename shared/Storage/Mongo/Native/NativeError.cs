using System.Runtime.InteropServices;

namespace ErrorPipeline.Shared.Storage.Mongo.Native;

/// <summary>bson_error_t. Its text is cut to what fits.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeError
{
    private const int MessageSize = 504;

    public uint Domain;
    public uint Code;
    private fixed byte _message[MessageSize];

    public readonly string Message
    {
        get
        {
            fixed (byte* message = _message)
            {
                var text = new ReadOnlySpan<byte>(message, MessageSize);
                var end = text.IndexOf((byte)0);
                return System.Text.Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
            }
        }
    }
}
