using ErrorPipeline.Load;
using ErrorPipeline.Load.Parts;
using ErrorPipeline.Rigs;

// Bounded on purpose, and only ever against servers of its own on loopback.
if (Plan.Read(args, Part.All.Select(p => p.Name)) is not { } plan)
    return 64;
try
{
    foreach (var part in Part.All.Where(p => plan.Wants(p)))
    {
        await Console.Error.WriteLineAsync($"bench: {part.Name} ...");
        var own = plan.For(part);
        var table = $"{own.Machine(part.Rounds)}\n\n{(await part.RunAsync(own)).TrimEnd()}";
        await Console.Out.WriteLineAsync($"{table}\n");
        if (plan.Writes)
            WrittenPage.Write(Path.Combine(Places.Root, "bench", "README.md"), $"<!-- {part.Name}: written by ./dev bench -->", table, $"<!-- /{part.Name} -->");
    }
}
finally
{
    await MongoServer.StopSharedAsync();
}

return Environment.ExitCode;
