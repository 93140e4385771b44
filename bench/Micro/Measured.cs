namespace ErrorPipeline.Micro;

/// <summary>What one implementation took.</summary>
/// <param name="Segments">Of the map.</param>
/// <param name="ColdMs">From the map's bytes to the first answer, median.</param>
/// <param name="WarmNs">A lookup at a random place, median over rounds.</param>
/// <param name="Checksum">Of all answers.</param>
internal sealed record Measured(int Segments, double ColdMs, double WarmNs, long Checksum);
