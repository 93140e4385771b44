using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using ErrorPipeline.Shared.Streams;
using FsCheck;
using FsCheck.Fluent;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>The promise itself: whatever happens between, the totals are those of every entry applied once.</summary>
internal abstract partial class ErrorStoreCompliance
{
    private static readonly string[] TwoLanes = ["lane-00", "lane-01"];

    [Test]
    public void Apply_AnyInterleavingOfRepeatsCrashesAndZombies_CountsEveryEntryOnce()
    {
        var steps = Gen.Choose(0, 1 << 20).ArrayOf(25).ToArbitrary();
        var project = 100;

        var property = Prop.ForAll(steps, choices =>
        {
            var run = new Interleaving(this, ++project);
            return run.RunAsync(choices).GetAwaiter().GetResult();
        });

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Histories).WithReplay(20260301, 7), property);
    }

    /// <summary>One random history of two lanes, in a project of its own.</summary>
    private sealed class Interleaving(ErrorStoreCompliance suite, int project)
    {
        private readonly Dictionary<string, long> _counts = [];
        private readonly HashSet<(string Fingerprint, string User)> _users = [];
        private readonly Dictionary<string, StreamId> _cursors = [];
        private (IErrorStore Store, long Token) _leader = (suite.Store, suite.Token);
        private (IErrorStore Store, long Token)? _zombie;

        public async Task<bool> RunAsync(int[] choices)
        {
            await LeadAsync(suite.Store);
            foreach (var lane in TwoLanes)
                _cursors[lane] = await suite.Store.ReadCursorAsync(lane, default);
            foreach (var choice in choices)
                await StepAsync(TwoLanes[choice % 2], choice / 2 % 6, choice / 12);
            return await TotalsAreRightAsync();
        }

        private async Task StepAsync(string lane, int what, int seed)
        {
            var cursor = _cursors[lane];
            var entries = Enumerable.Range(1, 1 + (seed % 3)).Select(n => Entry(cursor.Seq + (ulong)n, seed + n)).ToList();
            switch (what)
            {
                case 0: // the commit was made, its answer lost: the same again
                    await ApplyAsync(lane, cursor, entries);
                    await FailsAsync<CursorMovedException>(_leader, lane, cursor, entries);
                    break;
                case 1 when entries.Any(entry => entry.Batch.Issues.Count > 0): // killed in the middle, then repeated by a process that reads the cursor first, and finds more by then
                    using (suite.StopApplyingMidway())
                        await FailsAsync<Exception>(_leader, lane, cursor, entries);
                    (await suite.Store.ReadCursorAsync(lane, default)).Should().Be(cursor);
                    if (seed % 2 == 0)
                        await LeadAsync(ReferenceEquals(_leader.Store, suite.Store) ? suite.Second() : suite.Store);
                    await ApplyAsync(lane, cursor, [.. entries, .. Enumerable.Range(1, seed % 3).Select(n => Entry(entries[^1].Id.Seq + (ulong)n, seed + n))]);
                    break;
                case 2: // another takes the lead; the one before wakes up and goes on as if nothing had happened
                    _zombie = _leader;
                    await LeadAsync(ReferenceEquals(_leader.Store, suite.Store) ? suite.Second() : suite.Store);
                    await FailsAsync<FencedException>(_zombie.Value, lane, cursor, entries);
                    break;
                case 3 when _zombie is { } zombie: // the zombie with an old cursor
                    await ApplyAsync(lane, cursor, entries);
                    await FailsAsync<FencedException>(zombie, lane, cursor, entries);
                    break;
                default:
                    await ApplyAsync(lane, cursor, entries);
                    break;
            }
        }

        private LaneEntry Entry(ulong seq, int seed) => new(new(1000, seq), new DeltaBatch
        {
            Issues =
            [
                .. Enumerable.Range(0, seed % 4).Select(i => Some.Delta(
                    $"f{(seed + i) % 5}", project: project, count: 1 + (seed % 9), users: [$"u{seed % 11}", $"u{seed % 7}"], samples: [Some.Sample($"{project}-{seq}-{i}")]))
            ],
        });

        private async Task LeadAsync(IErrorStore store) => _leader = (store, await store.TakeLeadershipAsync("x", default));

        private async Task ApplyAsync(string lane, StreamId cursor, List<LaneEntry> entries)
        {
            await _leader.Store.ApplyAsync(_leader.Token, lane, cursor, entries, default);
            _cursors[lane] = entries[^1].Id;
            foreach (var delta in entries.SelectMany(entry => entry.Batch.Issues))
            {
                _counts[delta.Grouping.Fingerprint] = _counts.GetValueOrDefault(delta.Grouping.Fingerprint) + delta.Count;
                _users.UnionWith(delta.Users.Select(user => (delta.Grouping.Fingerprint, user)));
            }
        }

        private static async Task FailsAsync<T>((IErrorStore Store, long Token) writer, string lane, StreamId cursor, List<LaneEntry> entries) where T : Exception
        {
            var apply = () => writer.Store.ApplyAsync(writer.Token, lane, cursor, entries, default);
            await apply.Should().ThrowAsync<T>();
        }

        private async Task<bool> TotalsAreRightAsync()
        {
            var rows = (await suite.Store.ListIssuesAsync(Some.Query with { ProjectId = project, Limit = 100 }, default)).Rows;
            var stored = (await suite.Store.ListOutcomesAsync(project, 0, default)).Sum(outcome => outcome.Count);
            return rows.ToDictionary(row => row.Title, row => (row.Count, row.Users, Trend: row.Trend.Sum())).OrderBy(row => row.Key)
                    .SequenceEqual(_counts.ToDictionary(
                        count => $"TypeError: {count.Key}",
                        count => (count.Value, (long)_users.Count(user => user.Fingerprint == count.Key), count.Value)).OrderBy(row => row.Key))
                && stored == _counts.Values.Sum();
        }
    }

    private IErrorStore Second() => (IErrorStore)(_open.Count > 1 ? _open[1] : Open());
}
