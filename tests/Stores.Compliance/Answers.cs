using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>Every question that <see cref="IErrorReader"/> knows, asked with everything that is there, each with its answer as text.</summary>
internal static class Answers
{
    private const int MostAsked = 40;

    public static async Task<IReadOnlyList<string>> OfAsync(IErrorReader reader)
    {
        var issues = (await reader.ListIssuesAsync(Some.Query with { Limit = 100 }, default)).Rows.Select(row => row.Id).ToList();
        var events = (await Task.WhenAll(issues.Select(issue => reader.ListSamplesAsync(issue, 3, default)))).SelectMany(samples => samples).Select(sample => sample.EventId).Order(StringComparer.Ordinal);
        var known = Values([.. issues.Order()], [.. events, "dup" + "lane-001", "none"]);
        List<string> answers = [];
        foreach (var method in typeof(IErrorReader).GetMethods().OrderBy(method => method.Name, StringComparer.Ordinal))
        {
            var parameters = method.GetParameters().SkipLast(1).ToList();
            foreach (var arguments in Choices(parameters, known).Take(MostAsked))
                answers.Add($"{method.Name}({Text(arguments)}) = {await AnswerAsync(reader, method, arguments)}");
        }

        return answers;
    }

    /// <summary>Questions that two stores answer differently, with both answers.</summary>
    public static async Task<IReadOnlyList<string>> DifferencesAsync(IErrorReader reader, IErrorReader expected)
    {
        var (mine, others) = (await OfAsync(reader), await OfAsync(expected));
        others.Should().HaveCountGreaterThan(30);
        return [.. mine.Except(others).Select(answer => $"got: {answer}"), .. others.Except(mine).Select(answer => $"expected: {answer}")];
    }

    private static Dictionary<string, object?[]> Values(long[] issues, string[] events) => new()
    {
        ["query"] =
        [
            .. Enum.GetValues<IssueSort>().Select(sort => Some.Query with { Sort = sort, Limit = 100 }),
            Some.Query with { Text = "renderCart" }, Some.Query with { Text = "TypeError 3" }, Some.Query with { Environment = "staging" },
            new OverviewQuery(null, Some.Start, 5), new OverviewQuery(Some.Project, Some.Start + (2 * Some.HourMs), 5), new OverviewQuery(Some.Project, Some.Start, 5, "staging"),
            new ArrivalsQuery(null, null, Some.Start), new ArrivalsQuery(Some.Project, "staging", Some.Start), new ArrivalsQuery(Some.Project, "staging", Some.Start, ByMinute: true),
            Some.Query with { State = IssueState.Resolved, ProjectId = Some.Project }, Some.Query with { Class = "ours", Since = Some.Start + (3 * Some.HourMs) },
        ],
        ["projectId"] = [Some.Project],
        ["projects"] = [new[] { Some.Project }],
        ["issueId"] = [.. issues, issues.Max() - 1, 999L],
        ["issueIds"] = [issues.Take(2).ToList()],
        ["eventId"] = [.. events],
        ["ids"] = [new[] { "c1", "c3", "none" }],
        ["fromHour"] = [Some.Hour],
        ["toHour"] = [Some.Hour + 10],
        ["environment"] = [null, "staging"],
        ["fromMs"] = [Some.Start],
        ["toMs"] = [Some.Start + (10 * Some.HourMs)],
        ["fromMinute"] = [0L],
        ["since"] = [Some.Start],
        ["after"] = [null],
        ["release"] = ["1.1", "1.4"],
        ["how"] = [.. Enum.GetValues<ReleaseIssues>()],
        ["top"] = [3],
        ["name"] = ["renderCart", "nobody"],
        ["limit"] = [50],
    };

    private static IEnumerable<object?[]> Choices(IReadOnlyList<ParameterInfo> parameters, Dictionary<string, object?[]> known)
    {
        IEnumerable<object?[]> choices = [[]];
        foreach (var parameter in parameters)
        {
            var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
            var values = known.TryGetValue(parameter.Name!, out var found) ? found.Where(value => value is null || type.IsInstanceOfType(value)).ToList() : throw new InvalidOperationException($"what to ask with for '{parameter.Name}' of {parameter.Member.Name} is to be added here");
            choices = choices.SelectMany(_ => values, (before, value) => (object?[])[.. before, value]);
        }

        return choices;
    }

    private static async Task<string> AnswerAsync(IErrorReader reader, MethodInfo method, object?[] arguments)
    {
        var asked = (Task)method.Invoke(reader, [.. arguments, CancellationToken.None])!;
        await asked;
        var answer = JsonSerializer.SerializeToNode(asked.GetType().GetProperty("Result")!.GetValue(asked));
        if (answer is JsonObject only)
        {
            // Of the engine, not of what it holds.
            only.Remove("Bytes");
            only.Remove("Engine");
        }

        return answer is JsonArray list && method.Name is (nameof(IErrorReader.ListSamplesAsync) or nameof(IErrorReader.WalkFeedbackAsync))
            ? string.Join('\n', list.Select(one => one!.ToJsonString()).Order(StringComparer.Ordinal))
            : answer?.ToJsonString() ?? "null";
    }

    private static string Text(object?[] arguments) => string.Join(", ", arguments.Select(one => JsonSerializer.Serialize(one)));
}
