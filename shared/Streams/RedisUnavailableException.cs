namespace ErrorPipeline.Shared.Streams;

/// <summary>
/// Redis cannot be reached, did not answer in time, is loading, read only or out of memory. Whether the command took effect is
/// unknown after a time-out, so only what is idempotent or gated may be repeated. Always worth trying again, with back-off.
/// </summary>
public sealed class RedisUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
