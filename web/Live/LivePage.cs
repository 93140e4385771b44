using System.Threading.Channels;

namespace ErrorPipeline.Web.Live;

/// <summary>An open page: what it shows, and what it has not been sent yet.</summary>
internal sealed class LivePage(LiveInterest interest)
{
    public LiveInterest Interest => interest;

    /// <summary>As they go over the wire, shared by all pages.</summary>
    public Channel<byte[]> Messages { get; } = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(4) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
}
