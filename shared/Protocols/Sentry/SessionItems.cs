using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace ErrorPipeline.Shared.Protocols.Sentry;

/// <summary>
/// Sessions: <c>{"sid":"...","init":true,"status":"ok","errors":0,"attrs":{"release":"1.4","environment":"production"}}</c>, sent when one begins and when
/// something of it changes; or sums, <c>{"aggregates":[{"exited":3,"errored":1,"crashed":0}],"attrs":{...}}</c>.
/// </summary>
internal static class SessionItems
{
    private const int LongestId = 64;
    private const int LongestName = 200;
    private const int MostTold = 100;
    private const int MostOfASum = 1_000_000;

    /// <summary>False where it cannot be read: sessions are no reason to refuse the events beside them.</summary>
    public static bool Add(ReadOnlySpan<byte> payload, SkimmedRequest into)
    {
        if (into.Sessions.Count >= MostTold)
            return false;
        try
        {
            var json = JsonPass.Begin(payload);
            if (json.TokenType != JsonTokenType.StartObject || Read(ref json) is not { } told)
                return false;
            into.Sessions.Add(told);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static ToldSession? Read(ref Utf8JsonReader json)
    {
        var (id, isFirst, errors, isSum) = (0UL, false, 0, false);
        string? status = null;
        var (release, environment) = ("", "");
        var sum = default(ToldSession);
        while (JsonPass.NextProperty(ref json))
        {
            if (JsonPass.Is(json, "sid"u8) && json.Read())
                id = IdOf(json);
            else if (json.TokenType == JsonTokenType.PropertyName && JsonPass.Is(json, "init"u8) && json.Read())
                isFirst = json.TokenType == JsonTokenType.True;
            else if (json.TokenType == JsonTokenType.PropertyName && JsonPass.Is(json, "status"u8) && json.Read())
                status = JsonPass.ShortText(json, 20);
            else if (json.TokenType == JsonTokenType.PropertyName && JsonPass.Is(json, "errors"u8) && json.Read())
                errors = Number(json);
            else if (json.TokenType == JsonTokenType.PropertyName && JsonPass.Is(json, "attrs"u8) && json.Read() && json.TokenType == JsonTokenType.StartObject)
                (release, environment) = Names(ref json);
            else if (json.TokenType == JsonTokenType.PropertyName && JsonPass.Is(json, "aggregates"u8) && json.Read() && json.TokenType == JsonTokenType.StartArray)
                (sum, isSum) = (Sum(ref json), true);
            else if (json.TokenType == JsonTokenType.PropertyName)
                json.Read();
            json.Skip();
        }

        // Asserts that nothing follows.
        json.Read();
        if (isSum)
            return sum with { Release = release, Environment = environment };
        var crashed = status == "crashed" ? 1 : 0;
        var hit = errors > 0 || status is "crashed" or "errored" or "abnormal" or "unhandled" ? 1 : 0;
        return id == 0 ? null : new(id, isFirst ? 1 : 0, hit, crashed, release, environment);
    }

    private static (string Release, string Environment) Names(ref Utf8JsonReader json)
    {
        var (release, environment) = ("", "");
        while (JsonPass.NextProperty(ref json))
        {
            var (isRelease, isEnvironment) = (JsonPass.Is(json, "release"u8), JsonPass.Is(json, "environment"u8));
            json.Read();
            if (isRelease)
                release = JsonPass.ShortText(json, LongestName)?.Trim() ?? "";
            else if (isEnvironment)
                environment = JsonPass.ShortText(json, LongestName)?.Trim() ?? "";
            json.Skip();
        }

        return (release, environment);
    }

    /// <summary>A session that "exited" met none.</summary>
    private static ToldSession Sum(ref Utf8JsonReader json)
    {
        var (started, hit, crashes) = (0, 0, 0);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject)
            {
                json.Skip();
                continue;
            }

            while (JsonPass.NextProperty(ref json))
            {
                var (isExited, isCrashed, isHit) = (JsonPass.Is(json, "exited"u8), JsonPass.Is(json, "crashed"u8), JsonPass.Is(json, "errored"u8) || JsonPass.Is(json, "abnormal"u8));
                json.Read();
                var number = isExited || isCrashed || isHit ? Number(json) : 0;
                started = Math.Min(MostOfASum, started + number);
                hit = Math.Min(MostOfASum, hit + (isExited ? 0 : number));
                crashes = Math.Min(MostOfASum, crashes + (isCrashed ? number : 0));
                json.Skip();
            }
        }

        return new(0, started, hit, crashes, "", "");
    }

    private static int Number(in Utf8JsonReader json) => json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var number) ? Math.Clamp(number, 0, MostOfASum) : 0;

    private static ulong IdOf(in Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String || json.ValueSpan.Length is 0 or > LongestId)
            return 0;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(json.ValueSpan, hash);
        return Math.Max(1, BinaryPrimitives.ReadUInt64LittleEndian(hash));
    }
}
