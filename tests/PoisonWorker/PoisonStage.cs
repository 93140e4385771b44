using System.Text;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Workers;
using ErrorPipeline.Workers.Pumping;

namespace ErrorPipeline.PoisonWorker;

/// <summary>Dedupe as it is, except that a message can tell it to misbehave.</summary>
internal static class PoisonStage
{
    public const string Throws = "throw";
    public const string Loops = "loop";
    public const string OverflowsTheStack = "overflow";
    public const string LosesAnEvent = "lose";

    public static readonly StageSpec<RawError, IReadOnlySet<EventIdentity>, UniqueError> Spec = Pipeline.Dedupe with { Run = Run };

    private static StageResult<UniqueError> Run(IReadOnlyList<RawError> batch, IReadOnlySet<EventIdentity> seen, DateTimeOffset now)
    {
        var result = Pipeline.Dedupe.Run(batch, seen, now);
        foreach (var message in batch)
        {
            switch (Encoding.UTF8.GetString(message.Body.Span))
            {
                case Throws: throw new InvalidOperationException("poison");
                case Loops: Loop(); break;
                case OverflowsTheStack: _ = Deeper(1); break;
                case LosesAnEvent: return result with { Forward = [] };
            }
        }

        return result;
    }

    private static void Loop()
    {
        while (true)
            Thread.SpinWait(1000);
    }

    private static int Deeper(int depth)
    {
        Span<byte> frame = stackalloc byte[4096];
        frame[depth % 4096] = 1;
        return Deeper(depth + 1) + frame[0];
    }
}
