using System.Globalization;
using ErrorPipeline.Shared.Contracts;

namespace ErrorPipeline.Web.Issues;

/// <summary>
/// What a form has just done, as the address of the page behind it says it: the page tells, and offers to take it back. An address may be
/// made up, so it holds nothing but a kind that is known, a number, and what the commands are found by.
/// </summary>
/// <param name="Batch">Begins with the time, in seconds since 1970 as eight hex digits.</param>
public sealed record Done(string Kind, int Count, string Batch)
{
    private const int BatchLength = 32;
    private static readonly TimeSpan Offered = TimeSpan.FromMinutes(10);

    public static Done Of(string kind, int count, string batch) => new(kind, count, batch);

    public static string NewBatch(DateTimeOffset now) =>
        $"{(uint)now.ToUnixTimeSeconds():x8}{Guid.NewGuid().ToString("n")[8..]}";

    /// <summary>Null where it is none.</summary>
    public static Done? From(IQueryCollection query) => query["done"].ToString().Split('.') is [var kind, var number, var batch]
        && kind is CommandKind.Resolve or CommandKind.Ignore or CommandKind.Reopen or CommandKind.Assign or CommandKind.Delete or CommandKind.Restore
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        && batch.Length == BatchLength && batch.All(char.IsAsciiHexDigitLower) ? new(kind, Math.Min(count, BulkMap.Most), batch) : null;

    /// <summary>For some minutes: later, nobody means this any more.</summary>
    public bool CanBeTakenBack(DateTimeOffset now) => Kind is not (CommandKind.Delete or CommandKind.Restore)
        && now - DateTimeOffset.FromUnixTimeSeconds(uint.Parse(Batch.AsSpan(0, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture)) < Offered;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind}.{Count}.{Batch}");

    /// <summary>An address of this site with it.</summary>
    public string On(string address) => address + (address.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "done=" + this;
}
