using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using ErrorPipeline.Rigs;

namespace ErrorPipeline.EndToEnd.Packaging;

internal sealed class ArchitectureTests
{
    private static readonly string[] Apps = ["collector", "workers", "web"];

    [TestCaseSource(nameof(Apps))]
    public void App_AmongOurOwnAssemblies_KnowsSharedAlone(string app)
    {
        OursReferencedBy(Places.AppDll(app)).Should().BeEquivalentTo(["ErrorPipeline.Shared"]);
    }

    [Test]
    public void Shared_KnowsNothingOfOurs()
    {
        OursReferencedBy(Path.Combine(Path.GetDirectoryName(Places.AppDll("web"))!, "ErrorPipeline.Shared.dll")).Should().BeEmpty();
    }

    [TestCaseSource(nameof(Apps))]
    public async Task App_InItsProjectFile_RefersToSharedAlone(string app)
    {
        // A reference that is not used yet leaves no trace in the assembly.
        var project = await File.ReadAllTextAsync(Directory.GetFiles(Path.Combine(Places.Root, app), "*.csproj").Single());
        var references = project.Split('\n').Where(l => l.Contains("<ProjectReference", StringComparison.Ordinal)).ToList();
        references.Should().ContainSingle().Which.Should().Contain("../shared/ErrorPipeline.Shared.csproj");
    }

    [Test]
    public void Collector_KnowsNoDatabase()
    {
        ReferencedBy(Places.AppDll("collector")).Should().NotContain(name => name.Contains("Sqlite", StringComparison.OrdinalIgnoreCase));
    }

    private static IEnumerable<string> OursReferencedBy(string dll) =>
        ReferencedBy(dll).Where(name => name.StartsWith("ErrorPipeline.", StringComparison.Ordinal));

    private static List<string> ReferencedBy(string dll)
    {
        using var file = new PEReader(File.OpenRead(dll));
        var metadata = file.GetMetadataReader();
        return metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)).ToList();
    }
}
