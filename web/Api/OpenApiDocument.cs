using System.Text.Json.Nodes;

namespace ErrorPipeline.Web.Api;

/// <summary>The description of <c>/api/v1</c> as OpenAPI 3.1, made from the endpoints' own metadata.</summary>
internal static class OpenApiDocument
{
    private const string JsonType = "application/json";

    public static JsonObject Of(IReadOnlyList<ApiCall> calls)
    {
        var schemas = new ApiSchemas();
        var paths = new JsonObject();
        foreach (var call in calls)
        {
            if (paths[call.Path] is not JsonObject path)
                paths[call.Path] = path = [];
            path[call.Method.ToLowerInvariant()] = Operation(call, schemas);
        }

        return new()
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "ErrorPipeline",
                ["version"] = "1",
                ["description"] = "Answers are JSend. Times are milliseconds since 1970 UTC. A token's scope is read, write (and read) or admin (everything).",
            },
            ["security"] = new JsonArray(new JsonObject { ["token"] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject { ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" } },
                ["responses"] = new JsonObject
                {
                    ["Fail"] = Response("The request cannot be done, and why.", Fail()),
                    ["Error"] = Response("It failed here; try again later.", Error()),
                },
                ["schemas"] = schemas.All,
            },
        };
    }

    private static JsonObject Operation(ApiCall call, ApiSchemas schemas)
    {
        var about = call.About;
        var operation = new JsonObject
        {
            ["operationId"] = call.Id,
            ["tags"] = new JsonArray(about.Group),
            ["summary"] = about.Summary,
            ["description"] = $"Needs the scope {about.Scope.Name()}.",
            ["parameters"] = new JsonArray([.. call.PathParameters.Select(Parameter), .. about.Query.Select(Parameter)]),
            ["responses"] = new JsonObject
            {
                [$"{about.Status}"] = Success(about, schemas),
                ["4XX"] = new JsonObject { ["$ref"] = "#/components/responses/Fail" },
                ["5XX"] = new JsonObject { ["$ref"] = "#/components/responses/Error" },
            },
        };
        if (about.Body is { } body)
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content(JsonType, schemas.Of(body)) };
        else if (about.BodyType is { } type)
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content(type, new JsonObject()) };
        return operation;
    }

    private static JsonNode Parameter((string Name, string Type) parameter) => new JsonObject
    {
        ["name"] = parameter.Name,
        ["in"] = "path",
        ["required"] = true,
        ["schema"] = new JsonObject { ["type"] = parameter.Type },
    };

    private static JsonNode Parameter(ApiParameter parameter)
    {
        var schema = new JsonObject { ["type"] = parameter.Type };
        if (parameter.OneOf is { Count: > 0 } values)
            schema["enum"] = new JsonArray([.. values.Select(v => (JsonNode)v)]);
        return new JsonObject
        {
            ["name"] = parameter.Name,
            ["in"] = "query",
            ["description"] = parameter.What,
            ["required"] = parameter.IsRequired,
            ["schema"] = parameter.IsMany ? new JsonObject { ["type"] = "array", ["items"] = schema } : schema,
        };
    }

    private static JsonObject Success(ApiEndpoint about, ApiSchemas schemas)
    {
        if (about.Streams.Count > 0)
        {
            return new()
            {
                ["description"] = "A download, written while it is read.",
                ["content"] = new JsonObject(about.Streams.Select(type => KeyValuePair.Create(type, (JsonNode?)new JsonObject()))),
            };
        }

        return about.Answer is { } answer
            ? Response("Done.", Jsend("success", OrNull(schemas.Of(answer), about)))
            : Response("Done.", new JsonObject { ["type"] = "object" });
    }

    private static JsonNode OrNull(JsonNode schema, ApiEndpoint about) =>
        about.MayBeNull ? new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) } : schema;

    private static JsonObject Response(string what, JsonNode schema) => new() { ["description"] = what, ["content"] = Content(JsonType, schema) };

    private static JsonObject Content(string type, JsonNode schema) => new() { [type] = new JsonObject { ["schema"] = schema } };

    private static JsonObject Jsend(string status, JsonNode data) => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("status", "data"),
        ["properties"] = new JsonObject { ["status"] = new JsonObject { ["const"] = status }, ["data"] = data },
    };

    private static JsonObject Fail() => Jsend("fail", new JsonObject
    {
        ["type"] = "object",
        ["required"] = new JsonArray("reason", "message"),
        ["properties"] = new JsonObject
        {
            ["reason"] = new JsonObject { ["type"] = "string", ["description"] = "For programs." },
            ["message"] = new JsonObject { ["type"] = "string", ["description"] = "For people." },
        },
    });

    private static JsonObject Error() => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("status", "message"),
        ["properties"] = new JsonObject { ["status"] = new JsonObject { ["const"] = "error" }, ["message"] = new JsonObject { ["type"] = "string" } },
    };
}
