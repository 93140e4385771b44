using System.Diagnostics;

namespace ErrorPipeline.Shared.Storage.Copying;

/// <summary>
/// Copies one of the stores from one end to the other, row by row. It may be stopped at any moment and run again: what was copied stays, unless
/// the source was written to meanwhile; then it begins anew. At the end all of it is read back and compared.
/// </summary>
internal sealed class StoreCopy(IStoreEnd source, IStoreEnd target, IReadOnlyList<CopiedTable> tables, string what, IProgress<CopyProgress> progress)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _done;
    private long _toDo;
    private long _doneBefore;

    /// <summary>The state at the end, which is kept there.</summary>
    public async Task<CopyState> RunAsync(CancellationToken cancel)
    {
        await source.PrepareAsync(cancel);
        await target.PrepareAsync(cancel);
        var state = await BeginAsync(cancel);
        if (state.IsOver)
            return state;
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var table in tables)
            counts[table.Name] = await source.CountAsync(table, cancel);
        _toDo = 2 * counts.Values.Sum();
        foreach (var table in tables)
            state = await CopyAsync(table, state, counts[table.Name], cancel);
        for (long? issue = 0; issue is { } after;)
            issue = await target.DeriveAsync(after, cancel);
        foreach (var table in tables)
            await VerifyAsync(table, state.Of(table).Digest, counts[table.Name], cancel);
        await RequireUntouchedAsync(state, cancel);
        state = state with { IsOver = true };
        await target.SaveStateAsync(state, cancel);
        return state;
    }

    private async Task<CopyState> BeginAsync(CancellationToken cancel)
    {
        var known = await target.ReadStateAsync(cancel);
        if (known is null && !await target.IsEmptyAsync(cancel))
            throw new CopyRefusedException($"{target.Name} has {what} already: a copy goes only into an empty store. Empty it, or name another");
        if (known is not null && known.Source == source.Name && known.SourceStamp == await source.ReadStampAsync(cancel) && known.TargetStamp == await target.ReadStampAsync(cancel))
            return known;
        if (known is not null)
            await target.EmptyAsync(cancel);
        var state = new CopyState(source.Name, await source.SealAsync(cancel), await target.SealAsync(cancel), new Dictionary<string, TableState>());
        await target.SaveStateAsync(state, cancel);
        return state;
    }

    private async Task<CopyState> CopyAsync(CopiedTable table, CopyState state, long count, CancellationToken cancel)
    {
        var of = state.Of(table);
        _done += of.Digest.Rows;
        _doneBefore += of.Digest.Rows;
        while (!of.IsDone)
        {
            var rows = await source.ReadAsync(table, of.After, cancel);
            of = rows.Count == 0
                ? of with { IsDone = true }
                : of with { After = rows[^1].Place, Digest = rows.Aggregate(of.Digest, (digest, row) => digest.Add(row)) };
            state = state.With(table, of);
            if (of.IsDone && table.Numbered is not null)
                await target.RaiseSequenceAsync(table, await source.ReadSequenceAsync(table, cancel), cancel);
            await RequireUntouchedAsync(state, cancel);
            await target.WriteAsync(table, rows, state, cancel);
            if (rows.Count > 0)
                Tell("copied", table, of.Digest.Rows, count, rows.Count);
        }

        return state;
    }

    private async Task VerifyAsync(CopiedTable table, CopyDigest copied, long count, CancellationToken cancel)
    {
        var (found, after) = (default(CopyDigest), (string?)null);
        while (await target.ReadAsync(table, after, cancel) is { Count: > 0 } rows)
        {
            after = rows[^1].Place;
            found = rows.Aggregate(found, (digest, row) => digest.Add(row));
            Tell("compared", table, found.Rows, count, rows.Count);
        }

        if (found.Rows != count || copied.Rows != count)
            throw new CopyRefusedException($"{table.Name}: {source.Name} has {count}, {copied.Rows} were copied, {target.Name} has {found.Rows}");
        if (found != copied)
            throw new CopyRefusedException($"{table.Name}: the {count} rows of {target.Name} are not those of {source.Name}");
    }

    private async Task RequireUntouchedAsync(CopyState state, CancellationToken cancel)
    {
        if (await source.ReadStampAsync(cancel) != state.SourceStamp)
            throw new CopyRefusedException($"{source.Name} is being written to: stop the workers and web, then run this again");
        if (await target.ReadStampAsync(cancel) != state.TargetStamp)
            throw new CopyRefusedException($"{target.Name} is being written to: nothing may use it before the copy is over");
    }

    private void Tell(string doing, CopiedTable table, long rows, long count, int now)
    {
        _done += now;
        var rate = (_done - _doneBefore) / Math.Max(0.001, _clock.Elapsed.TotalSeconds);
        progress.Report(new(what, doing, table.Name, rows, count, rate, TimeSpan.FromSeconds((_toDo - _done) / Math.Max(1, rate))));
    }
}

/// <param name="What">"errors", "config" or "artifacts".</param>
/// <param name="Doing">"copied", then "compared".</param>
/// <param name="Rows">Of the table, so far.</param>
/// <param name="Rate">Rows a second.</param>
/// <param name="Left">Time that all of it will still take.</param>
public sealed record CopyProgress(string What, string Doing, string Table, long Rows, long Count, double Rate, TimeSpan Left);
