using ErrorPipeline.Rigs;

namespace ErrorPipeline.Load.Contenders;

internal static class Answering
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(2) };

    /// <summary>Until a GET is answered, whatever the status.</summary>
    public static Task AnyAsync(Uri address, Func<string> logs) => Deadline.Until(
        async () =>
        {
            try
            {
                using var answer = await Http.GetAsync(address);
                return true;
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                return false;
            }
        }, TimeSpan.FromSeconds(30), logs, $"{address} answers");
}
