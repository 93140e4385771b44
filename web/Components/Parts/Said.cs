using System.Globalization;

namespace ErrorPipeline.Web.Components.Parts;

/// <summary>Numbers and times in the words of the dashboard.</summary>
internal static class Said
{
    /// <summary>Thousands apart by a narrow space that does not break lines.</summary>
    private static readonly NumberFormatInfo Grouped = new() { NumberGroupSeparator = "\u202f", NumberDecimalDigits = 0 };

    public static string Number(long value) => value.ToString("N0", Grouped);

    /// <summary>As much as a column holds: 12 345, 123k, 1.23M.</summary>
    public static string Short(long value) => value switch
    {
        < 100_000 => Number(value),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{value / 1_000}k"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(value / 10_000.0) / 100:0.##}M"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(value / 10_000_000.0) / 100:0.##}G"),
    };

    public static string Of(long value, string one, string many) => $"{Number(value)} {(value == 1 ? one : many)}";

    public static string Bytes(long bytes) => bytes switch
    {
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KB"),
        < 1024L * 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.#} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0.##} GB"),
    };

    public static string Share(long part, long whole) => whole <= 0
        ? "0%"
        : (100.0 * part / whole) switch
        {
            >= 99.5 when part < whole => ">99%",
            < 0.5 when part > 0 => "<1%",
            var percent => string.Create(CultureInfo.InvariantCulture, $"{percent:0}%"),
        };

    public static string Ago(TimeSpan age) => age.TotalSeconds switch
    {
        < -5 => "in the future",
        < 5 => "now",
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalSeconds} s ago"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalMinutes} min ago"),
        < 86_400 => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalHours} h ago"),
        < 60 * 86_400 => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalDays} d ago"),
        < 730 * 86_400.0 => string.Create(CultureInfo.InvariantCulture, $"{(int)(age.TotalDays / 30.4)} mo ago"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)(age.TotalDays / 365.25)} y ago"),
    };

    public static string Lasting(TimeSpan time) => time.TotalSeconds switch
    {
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms"),
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0.#} min"),
        < 86_400 * 2 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0.#} d"),
    };

    /// <summary>A time a client may have made up: what no calendar holds is put at its end.</summary>
    public static DateTimeOffset Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(ms, -62_135_596_800_000, 253_402_300_799_999));
}
