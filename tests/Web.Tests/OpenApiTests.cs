using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ErrorPipeline.Rigs;
using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ErrorPipeline.Web.Tests;

/// <summary>The API's description against the API: every endpoint is in it and nothing else, and every call answers what it says.</summary>
public sealed partial class OpenApiTests
{
    /// <summary>What is sent where something is; a path whose issue, key or letter must be one of its own has it after "@".</summary>
    private static readonly Dictionary<string, string?> Changes = new(StringComparer.Ordinal)
    {
        ["POST /api/v1/projects"] = """{"name":"Made","allowedOrigins":["https://a.example"],"eventsPerMinute":500}""",
        ["PUT /api/v1/projects/{id}"] = """{"name":"Shop"}""",
        ["POST /api/v1/projects/{id}/keys"] = null,
        ["DELETE /api/v1/projects/{id}/keys/{key}"] = null,
        ["PUT /api/v1/projects/{id}/policy"] = """{"rules":"type:A -> ignore","privacy":{"keepEmails":true},"retention":{"days":30}}""",
        ["PUT /api/v1/projects/{id}/links"] = """{"gitHub":"https://github.com/acme/shop"}""",
        ["POST /api/v1/projects/{id}/upload-tokens"] = """{"name":"build"}""",
        ["DELETE /api/v1/projects/{id}/upload-tokens/{token}"] = null,
        ["POST /api/v1/projects/{id}/releases"] = """{"version":"9.9.9","date":"2026-11-22T08:00:00Z","order":7}""",
        ["PUT /api/v1/projects/{id}/artifacts"] = """{"version":3,"sources":["a.ts"],"names":[],"mappings":"AAAA"}""",
        ["DELETE /api/v1/projects/{id}/artifacts/{artifact}"] = null,
        ["DELETE /api/v1/projects/{id}/artifacts"] = null,
        ["POST /api/v1/projects/{id}/people/find"] = """{"name":"4711"}""",
        ["POST /api/v1/projects/{id}/people/export"] = """{"name":"4711"}""",
        ["POST /api/v1/projects/{project}/issues/{id}/resolve"] = null,
        ["POST /api/v1/projects/{project}/issues/{id}/ignore"] = null,
        ["POST /api/v1/projects/{project}/issues/{id}/reopen"] = null,
        ["POST /api/v1/projects/{project}/issues/{id}/merge"] = null,
        ["POST /api/v1/projects/{project}/issues/{id}/split"] = """{"fingerprints":["v1:FINGERPRINT"]}""",
        ["POST /api/v1/projects/{project}/issues/{id}/moves/{move}/undo"] = null,
        ["POST /api/v1/issues/bulk"] = """{"do":"ignore","issues":[{"project":PROJECT,"id":ISSUE}],"until":"7d"}""",
        ["POST /api/v1/issues/restore"] = $$"""{"batch":"{{new string('0', 32)}}"}""",
        ["POST /api/v1/projects/{project}/issues/{id}/assign"] = """{"assignee":"ann@example.com"}""",
        ["POST /api/v1/projects/{project}/issues/{id}/comments"] = """{"text":"Seen before."}""",
        ["DELETE /api/v1/projects/{project}/issues/{id}/comments/{comment}"] = null,
        ["POST /api/v1/searches"] = """{"name":"Slow","query":"q=is:open","isShared":true}""",
        ["DELETE /api/v1/searches/{search}"] = null,
        ["POST /api/v1/dead-letters/{lane}/{id}/replay"] = null,
        ["POST /api/v1/dead-letters/{lane}/{id}/drop"] = null,
        ["POST /api/v1/dead-letters/replay"] = null,
        ["POST /api/v1/dead-letters/drop"] = null,
        ["DELETE /api/v1/events/{project}/{id}"] = null,
        ["POST /api/v1/projects/{id}/people/erase"] = """{"name":"4711"}""",
        ["DELETE /api/v1/projects/{project}/issues/{id}"] = null,
    };

    [Test]
    public async Task Document_DescribesEveryEndpoint_AndNothingElse()
    {
        using var document = JsonDocument.Parse(await Shared.Ann.ReadAsync("/api/v1/openapi.json"));
        var described = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => $"{method.Name.ToUpperInvariant()} {path.Name}"));
        var there = Shared.Rig.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.TrimStart('/').StartsWith("api/v1/", StringComparison.Ordinal) && !e.RoutePattern.RawText.Contains('*', StringComparison.Ordinal))
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(m => $"{m} /{Constraint().Replace(e.RoutePattern.RawText!.Trim('/'), "{${name}}")}"));

        described.Should().BeEquivalentTo(there);
        document.RootElement.GetProperty("openapi").GetString().Should().Be("3.1.0");
    }

    [Test]
    public async Task Document_HasNoDanglingReference_AndEachOperationItsOwnId()
    {
        var text = await Shared.Ann.ReadAsync("/api/v1/openapi.json");
        using var document = JsonDocument.Parse(text);
        var schema = new JsonSchema(document.RootElement);
        foreach (var reference in Reference().Matches(text).Select(m => m.Groups["to"].Value).Distinct())
            schema.Invoking(s => s.Problems(JsonDocument.Parse($$"""{"$ref":"{{reference}}"}""").RootElement, document.RootElement).ToList()).Should().NotThrow(reference);
        Id().Matches(text).Select(m => m.Groups["id"].Value).Should().OnlyHaveUniqueItems();
    }

    [Test]
    public async Task Calls_AnswerAsTheDocumentSays()
    {
        await using var rig = await DashboardRig.StartAsync();
        using var ann = await rig.VisitSignedInAsync();
        var token = await ApiTokenTests.MakeAsync(ann, "admin");
        using var document = JsonDocument.Parse(await ann.ReadAsync("/api/v1/openapi.json"));
        using var api = new HttpClient { BaseAddress = rig.Url };
        api.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var writer = new CancellationTokenSource();
        var writing = WriteAsync(rig, writer.Token);
        var known = await SeedAsync(rig);
        var operations = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => (Name: $"{method.Name.ToUpperInvariant()} {path.Name}", Operation: method.Value))).ToDictionary(o => o.Name, o => o.Operation);
        operations.Keys.Where(name => !name.StartsWith("GET ", StringComparison.Ordinal)).Should().BeEquivalentTo(Changes.Keys, "each change is tried here");

        foreach (var name in operations.Keys.Where(name => name.StartsWith("GET ", StringComparison.Ordinal)).Concat(Changes.Keys))
            await TryAsync(api, document.RootElement, name, operations[name], known);
        await writer.CancelAsync();
        await writing;
    }

    private static async Task TryAsync(HttpClient api, JsonElement document, string name, JsonElement operation, Dictionary<string, string> known)
    {
        var (method, path) = (name.Split(' ')[0], name.Split(' ')[1]);
        var filled = Parameter().Replace(path, m => known[known.ContainsKey($"{name} {m.Value}") ? $"{name} {m.Value}" : Of(path, m.Groups["name"].Value)]);
        var query = string.Join('&', operation.GetProperty("parameters").EnumerateArray()
            .Where(p => p.GetProperty("in").GetString() == "query" && known.ContainsKey("?" + p.GetProperty("name").GetString())).Select(p => $"{p.GetProperty("name")}={known["?" + p.GetProperty("name").GetString()]}"));
        using var request = new HttpRequestMessage(new(method), new Uri(query.Length > 0 ? $"{filled}?{query}" : filled, UriKind.Relative));
        if (Changes.GetValueOrDefault(name) is { } body)
            request.Content = new StringContent(Filled(body, known), Encoding.UTF8, "application/json");
        using var answer = await api.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();

        var told = operation.GetProperty("responses").EnumerateObject().First();
        ((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture).Should().Be(told.Name, "{0}: {1}", name, text);
        var content = told.Value.GetProperty("content");
        content.EnumerateObject().Select(type => type.Name).Should().Contain(answer.Content.Headers.ContentType!.MediaType, name);
        if (!content.TryGetProperty("application/json", out var json))
            return;
        using var parsed = JsonDocument.Parse(text);
        new JsonSchema(document).Problems(json.GetProperty("schema"), parsed.RootElement).Should().BeEmpty("{0} answered {1}", name, text);
    }

    private static string Filled(string body, Dictionary<string, string> known) => new[] { "fingerprint", "project", "issue" }
        .Aggregate(body, (text, name) => text.Replace(name.ToUpperInvariant(), known[name], StringComparison.Ordinal));

    /// <summary>"id" is an issue, an event or a project, as the path goes.</summary>
    private static string Of(string path, string name) => name != "id" ? name
        : path.Contains("/issues/", StringComparison.Ordinal) ? "issue"
        : path.Contains("/events/", StringComparison.Ordinal) ? "event"
        : path.Contains("/dead-letters/", StringComparison.Ordinal) ? "letter" : "project";

    private static async Task<Dictionary<string, string>> SeedAsync(DashboardRig rig)
    {
        var now = TimeProvider.System.GetUtcNow();
        var project = await rig.Config.CreateProjectAsync("Shop", now, default);
        var spare = await rig.Config.AddKeyAsync(project.Id, now, default);
        var changes = await rig.ApplyAsync([.. Some.Shop(project.Id).Select(delta => delta with
        {
            Clients = [new("native", delta.Count, delta.LastReceived)],
            EventIds = ShortIds.Pack(delta.Samples.Select(s => EventIdentity.Of(project.Id, s.EventId).Short)),
            Releases = [new("shop-4.18.2", delta.Count, delta.LastReceived, delta.LastReceived)],
        })]);
        var issues = changes.Select(c => c.IssueId).ToList();
        var merged = await rig.App.Services.GetRequiredService<Commands.CommandOutbox>().AddAsync(CommandKind.Merge, issues[1], "ann", default, c => c with { Sources = [issues[2]] });
        merged.Should().BeTrue();
        await rig.Config.AddUploadTokenAsync(new("uploadtoken1", project.Id, "build", [1], 1, null), default);
        await rig.App.Services.GetRequiredService<IArtifactStore>().PutAsync([new(project.Id, "1", "~/a.js.map", ArtifactKind.Map, new byte[10])], now, default);
        await SomePipeline.FillAsync(rig.App.Services.GetRequiredService<RedisConnection>());
        var letters = await rig.App.Services.GetRequiredService<DeadLetters>().ListAsync(new Lane(0), 3);
        var samples = await rig.Store.ListSamplesAsync(issues[0], 9, default);
        var ann = (await rig.Config.ListUsersAsync(default))[0];
        return new(StringComparer.Ordinal)
        {
            ["project"] = $"{project.Id}",
            ["key"] = spare.Key,
            ["token"] = "uploadtoken1",
            ["artifact"] = $"{(await rig.App.Services.GetRequiredService<IArtifactStore>().ListAsync(project.Id, 1, default))[0].Id}",
            ["issue"] = $"{issues[0]}",
            ["event"] = samples[0].EventId,
            ["eventId"] = samples[0].EventId,
            ["comment"] = "0123456789abcdef0123456789abcdef",
            ["search"] = $"{await rig.Config.SaveSearchAsync(new(0, ann.Id, project.Id, "Mine", "q=is:open", IsShared: false), default)}",
            ["lane"] = "0",
            ["letter"] = letters[0].Id.ToString(),
            ["fingerprint"] = Some.Hex("c3"),
            ["?with"] = $"{issues[3]}",
            ["?url"] = "~/b.js.map",
            ["?release"] = "1",
            ["?version"] = "shop-4.18.2",
            ["move"] = $"{(await rig.Store.ListMovesAsync(project.Id, issues[1], 1, default))[0].Id}",
            ["POST /api/v1/projects/{project}/issues/{id}/split {id}"] = $"{issues[1]}",
            ["POST /api/v1/projects/{project}/issues/{id}/moves/{move}/undo {id}"] = $"{issues[1]}",
            ["POST /api/v1/dead-letters/{lane}/{id}/drop {id}"] = letters[1].Id.ToString(),
            ["DELETE /api/v1/events/{project}/{id} {id}"] = samples[1].EventId,
        };
    }

    /// <summary>The writer's part, as fast as it can.</summary>
    private static async Task WriteAsync(DashboardRig rig, CancellationToken until)
    {
        while (!until.IsCancellationRequested)
        {
            if (await rig.ApplyCommandsAsync() == 0)
                await Task.Yield();
        }
    }

    [GeneratedRegex(@"\{(?<name>\w+):\w+\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Constraint();

    [GeneratedRegex(@"\{(?<name>\w+)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Parameter();

    [GeneratedRegex("\"\\$ref\":\"(?<to>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Reference();

    [GeneratedRegex("\"operationId\":\"(?<id>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Id();
}
