using System.Diagnostics;

namespace ErrorPipeline.Rigs;

/// <summary>A dashboard that is open, as live.js keeps it: it follows what it is told, and reads anew at most once a second.</summary>
public sealed class OpenDashboard(HttpClient web, string query)
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    public int Told { get; private set; }

    public int Read { get; private set; }

    public bool IsOpen { get; private set; }

    public async Task FollowAsync(CancellationToken closed)
    {
        try
        {
            using var answer = await web.GetAsync(new Uri("/live" + query, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, closed);
            answer.EnsureSuccessStatusCode();
            using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(closed));
            var last = Stopwatch.StartNew();
            while (await lines.ReadLineAsync(closed) is { } line)
            {
                IsOpen |= line == "event: hello";
                if (line != "event: changes")
                    continue;
                Told++;
                if (last.Elapsed < Least)
                    continue;
                last.Restart();
                using var body = await web.GetAsync(new Uri("/overview/body" + query, UriKind.Relative), closed);
                body.EnsureSuccessStatusCode();
                Read++;
            }
        }
        catch (OperationCanceledException)
        {
            // It was closed.
        }
    }
}
