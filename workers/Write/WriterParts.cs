using ErrorPipeline.Shared.Locking;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Workers.Write;

/// <summary>What all parts of the writer work with.</summary>
internal sealed record WriterParts(IErrorStore Store, RedisConnection Redis, RedLockFactory Locks, WriterStatus Status, TimeProvider Time);
