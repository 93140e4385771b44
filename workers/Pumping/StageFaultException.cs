namespace ErrorPipeline.Workers.Pumping;

/// <summary>A stage threw, or lost or invented events.</summary>
internal sealed class StageFaultException(string message, Exception? inner = null) : Exception(message, inner);
