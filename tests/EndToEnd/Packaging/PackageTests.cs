using ErrorPipeline.Rigs;

namespace ErrorPipeline.EndToEnd.Packaging;

/// <summary>shared as somebody else gets it: a NuGet package.</summary>
internal sealed class PackageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Test]
    public async Task Shared_PackedAndUsedByAnOutsideProject_BuildsAndRuns()
    {
        using var folder = new TempFolder();
        var feed = Directory.CreateDirectory(folder["feed"]).FullName;
        var outside = Directory.CreateDirectory(folder["outside"]).FullName;
        await DotnetAsync(Places.Root,
            ["pack", "shared", "--no-build", "-c", Places.Configuration, "-o", feed, "-p:PackageVersion=0.1.0-test"]);

        // Nothing above the project, no central versions: the package alone must bring what it needs.
        await File.WriteAllTextAsync(Path.Combine(outside, "Directory.Build.props"), "<Project />");
        await File.WriteAllTextAsync(Path.Combine(outside, "Outside.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <RestoreAdditionalProjectSources>{feed}</RestoreAdditionalProjectSources>
                <RestorePackagesPath>{folder["packages"]}</RestorePackagesPath>
                <RestoreFallbackFolders>{GlobalPackages}</RestoreFallbackFolders>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="ErrorPipeline.Shared" Version="0.1.0-test" />
              </ItemGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(Path.Combine(outside, "Program.cs"), """
            using ErrorPipeline.Shared.Contracts;
            using ErrorPipeline.Shared.Outcomes;
            using ErrorPipeline.Shared.Streams;

            var count = new OutcomeCount(1, 0, Outcome.Stored, 3);
            Console.WriteLine($"{count.Outcome} {count.Count} after {StreamId.Zero}");
            """);

        await DotnetAsync(outside, ["build", "-c", "Release", "-v", "q", "--nologo"]);
        var ran = await DotnetAsync(outside, [Path.Combine(outside, "bin", "Release", "net10.0", "Outside.dll")]);
        ran.Should().Contain($"stored 3 after {Shared.Streams.StreamId.Zero}");
    }

    private static string GlobalPackages => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
        ? named
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static async Task<string> DotnetAsync(string folder, string[] arguments)
    {
        // Not the variables of the build that runs these tests, and no server processes that outlive the test.
        var environment = new Dictionary<string, string> { ["CI"] = "", ["MSBUILDDISABLENODEREUSE"] = "1", ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0" };
        var (code, output) = await ChildProcess.RunAsync("dotnet", arguments, Patience, environment, folder);
        code.Should().Be(0, $"dotnet {string.Join(' ', arguments)}:\n{output}");
        return output;
    }
}
