using System.Text;

namespace ErrorPipeline.Web.Live;

/// <summary>A message of an event stream, as its bytes.</summary>
internal static class LiveMessage
{
    /// <summary>The page reads anew where it had missed something; after a break it comes back in three seconds.</summary>
    public static readonly byte[] Hello = Encoding.UTF8.GetBytes("retry: 3000\nevent: hello\ndata: null\n\n");

    public static readonly byte[] Beat = Encoding.UTF8.GetBytes("event: beat\ndata: null\n\n");

    /// <param name="json">On one line.</param>
    public static byte[] Of(string name, ReadOnlySpan<byte> json) => [.. Encoding.UTF8.GetBytes($"event: {name}\ndata: "), .. json, .. "\n\n"u8];
}
