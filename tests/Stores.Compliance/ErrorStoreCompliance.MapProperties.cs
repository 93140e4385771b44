using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;
using FsCheck;
using FsCheck.Fluent;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>Whatever is merged, split, taken back, repaired, deleted and counted in between: no event is lost or counted twice by the map.</summary>
internal abstract partial class ErrorStoreCompliance
{
    [Test]
    public void Map_AnyInterleavingOfDeltasAndMoves_KeepsEveryCount()
    {
        var project = 200;
        var property = Prop.ForAll(Gen.Choose(0, 1 << 20).ArrayOf(30).ToArbitrary(), choices =>
            new Moving(this, ++project).RunAsync(choices).GetAwaiter().GetResult());

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Histories).WithReplay(20261122, 5), property);
    }

    /// <summary>One random history of a project.</summary>
    private sealed class Moving(ErrorStoreCompliance suite, int project)
    {
        private readonly Dictionary<string, long> _counts = [];
        private readonly HashSet<long> _numbers = [];
        private int _events;

        public async Task<bool> RunAsync(int[] choices)
        {
            foreach (var choice in choices)
            {
                await StepAsync(choice % 7, choice / 7);
                await CheckAsync();
            }

            return true;
        }

        private async Task StepAsync(int what, int seed)
        {
            var live = (await RowsAsync()).Select(row => row.Id).Order().ToList();
            var one = live.Count == 0 ? 0 : live[seed % live.Count];
            var other = live.Count == 0 ? 0 : live[seed / 7 % live.Count];
            switch (what)
            {
                case 0 or 1 or 2:
                    await CountAsync($"f{seed % 6}", 1 + (seed % 5), seed);
                    break;
                case 3 when one != 0:
                    await suite.Command(Some.Merge(one, other, live[seed / 50 % Math.Max(1, live.Count)]));
                    break;
                case 4 when one != 0:
                    var moves = await suite.Store.ListMovesAsync(project, one, 50, default);
                    await suite.Command(Some.Undo(one, moves.Count == 0 ? 0 : moves[seed % moves.Count].Id));
                    break;
                case 5 when one != 0:
                    var mine = await suite.Store.ListFingerprintsAsync(one, 50, default);
                    await suite.Command(Some.Command(CommandKind.Split, one, at: 10) with { Fingerprints = [$"v1:{mine[seed % mine.Count].Grouping.Fingerprint}"] });
                    break;
                case 6 when _counts.Count > 0:
                    await suite.Store.RemapAsync(suite.Token, new(new(), [Repaired($"f{seed / 6 % 6}", $"{project}-{seed % Math.Max(1, _events)}") with { ProjectId = project }]), default);
                    break;
            }
        }

        private async Task CountAsync(string fingerprint, long count, int seed)
        {
            var alias = new GroupingAlias(GroupingAlias.Build, $"s{seed % 9}", Mapped: seed % 2 == 0);
            await suite.Apply(Some.Delta(fingerprint, count, project: project, samples: [Some.Sample($"{project}-{_events++}")]).Named(alias));
            _counts[fingerprint] = _counts.GetValueOrDefault(fingerprint) + count;
        }

        private async Task CheckAsync()
        {
            var rows = await RowsAsync();
            rows.Sum(row => row.Count).Should().Be(_counts.Values.Sum());
            var told = new Dictionary<string, long>();
            foreach (var row in rows)
            {
                var mine = await suite.Store.ListFingerprintsAsync(row.Id, 50, default);
                mine.Sum(f => f.Count).Should().Be(row.Count, "an issue counts what its fingerprints do");
                row.Trend.Sum().Should().Be(row.Count);
                foreach (var f in mine)
                    told.Add(f.Grouping.Fingerprint, f.Count); // throws where two issues have the same
            }

            told.Should().BeEquivalentTo(_counts);
            _numbers.UnionWith(rows.Select(row => row.Id));
            foreach (var number in _numbers.Except(rows.Select(row => row.Id)))
                rows.Select(row => (long?)row.Id).Should().Contain(await suite.Store.FindHolderAsync(project, number, default), "every number leads somewhere");
        }

        private async Task<IReadOnlyList<IssueRow>> RowsAsync() =>
            (await suite.Store.ListIssuesAsync(Some.Query with { ProjectId = project, Limit = 100 }, default)).Rows;
    }
}
