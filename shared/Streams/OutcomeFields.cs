using ErrorPipeline.Shared.Contracts;
using StackExchange.Redis;

namespace ErrorPipeline.Shared.Streams;

/// <summary>Outcomes as (field, count) arguments of scripts: "project|minute|outcome".</summary>
internal static class OutcomeFields
{
    public static string Of(OutcomeCount outcome) => $"{outcome.ProjectId}|{outcome.Minute}|{outcome.Outcome}";

    public static void AddTo(List<RedisValue> arguments, IEnumerable<OutcomeCount> outcomes)
    {
        foreach (var outcome in outcomes)
        {
            arguments.Add(Of(outcome));
            arguments.Add(outcome.Count);
        }
    }
}
