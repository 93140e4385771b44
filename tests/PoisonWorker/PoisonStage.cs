using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Streams;
using ErrorPipeline.Workers;
using ErrorPipeline.Workers.Pumping;

namespace ErrorPipeline.PoisonWorker;

/// <summary>Dedupe as it is, except that a message can tell it to misbehave; until it is cured, as by a fixed build.</summary>
internal static class PoisonStage
{
    public const string Throws = "poison:throw";
    public const string Loops = "poison:loop";
    public const string OverflowsTheStack = "poison:overflow";
    public const string LosesAnEvent = "poison:lose";

    /// <summary>Names a file; where it is there at the start, nothing is poison.</summary>
    private const string Cure = "POISON_CURE";

    private static readonly bool Cured = File.Exists(Environment.GetEnvironmentVariable(Cure));

    public static readonly StageSpec<RawError, IReadOnlySet<EventIdentity>, UniqueError> Spec = Pipeline.Dedupe with { Run = Run };

    private static StageResult<UniqueError> Run(IReadOnlyList<RawError> batch, IReadOnlySet<EventIdentity> seen, DateTimeOffset now)
    {
        var result = Pipeline.Dedupe.Run(batch, seen, now);
        foreach (var message in Cured ? [] : batch)
        {
            switch (PoisonIn(message.Body.Span))
            {
                case Throws: throw new InvalidOperationException("poison");
                case Loops: Loop(); break;
                case OverflowsTheStack: _ = Deeper(1); break;
                case LosesAnEvent: return result with { Forward = [] };
            }
        }

        return result;
    }

    private static string? PoisonIn(ReadOnlySpan<byte> body)
    {
        if (body.IndexOf("poison:"u8) is >= 0 and var at)
        {
            foreach (var kind in (string[])[Throws, Loops, OverflowsTheStack, LosesAnEvent])
            {
                if (body[at..].StartsWith(System.Text.Encoding.UTF8.GetBytes(kind)))
                    return kind;
            }
        }

        return null;
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
