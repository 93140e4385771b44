namespace ErrorPipeline.Workers.Pumping;

/// <summary>A stage threw, or lost or invented events. The message begins with its kind and a colon.</summary>
internal sealed class StageFaultException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What a log may tell of a reason: the messages of exceptions quote what a visitor sent. The dead letter has all of it.</summary>
    public static string KindOf(string reason) => reason.IndexOf(':', StringComparison.Ordinal) is > 0 and var end ? reason[..end] : reason;
}
