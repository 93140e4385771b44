namespace ErrorPipeline.Shared.Storage;

/// <summary>
/// When a stored sample gives its place to another, once all places are taken. Pages make as many kinds as visitors like, so a shelf of one
/// sample each of many kinds would change with every batch, and a sample costs many times what a count does.
/// </summary>
internal static class SampleTurns
{
    private const long SameKindMs = 3_600_000;
    private const long OtherKindMs = 600_000;

    /// <param name="isOfItsKind">Both are of one kind.</param>
    /// <param name="ofKind">How many samples there are of the kind of the stored one: a common kind can spare one at any time.</param>
    public static bool GivesWay(long stored, long coming, bool isOfItsKind, long ofKind) =>
        isOfItsKind ? coming - SameKindMs >= stored : ofKind > 1 || coming - OtherKindMs >= stored;
}
