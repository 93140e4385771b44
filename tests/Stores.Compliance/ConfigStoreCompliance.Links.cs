using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>Short names and links of projects, and the commits of their releases.</summary>
internal abstract partial class ConfigStoreCompliance
{
    [Test]
    public async Task ShortNames_AreMadeOfTheName_AndDiffer()
    {
        var names = new List<string>();
        foreach (var name in (string[])["Web shop", "web-shop", "Café Größe", "магазин", "日本", "A very long name of a project", "A very long name of another"])
            names.Add((await Store.CreateProjectAsync(name, Some.Now, default)).ShortName);

        names.Should().Equal("WEBSHOP", "WEBSHOP2", "CAFGRE", "P", "P2", "AVERYLONGN", "AVERYLONG2");
        (await Store.ListProjectsAsync(default)).Select(project => project.ShortName).Should().Equal(names);
    }

    [Test]
    public async Task ShortName_OfARenamedProject_Stays()
    {
        var id = (await Store.CreateProjectAsync("Shop", Some.Now, default)).Id;
        await Store.UpdateProjectAsync(id, "Store", [], null, default);
        await Store.MigrateAsync(default);

        (await Store.GetProjectAsync(id, default))!.ShortName.Should().Be("SHOP");
        (await Store.CreateProjectAsync("Shop", Some.Now, default)).ShortName.Should().Be("SHOP2");
    }

    [Test]
    public async Task Links_AreKeptWhole()
    {
        var id = (await Store.CreateProjectAsync("Shop", Some.Now, default)).Id;
        (await Store.GetProjectAsync(id, default))!.Links.Should().Be(new ProjectLinks());
        var links = new ProjectLinks
        {
            Source = "https://git.example/{commit}/{file}#L{line}",
            Commit = "https://git.example/{commit}",
            GitHub = "https://git.example/a/b",
            GitLab = "https://lab.example/a",
            Jira = "https://jira.example",
            JiraProject = 10_000,
            JiraType = 1,
        };

        await Store.SetLinksAsync(id, links, default);

        (await Store.GetProjectAsync(id, default))!.Links.Should().Be(links);
        var other = () => Store.SetLinksAsync(99, links, default);
        await other.Should().ThrowAsync<ArgumentException>();
    }

    [Test]
    public async Task Commits_OfARelease_AreReplacedWhenToldAgain()
    {
        var id = (await Store.CreateProjectAsync("Shop", Some.Now, default)).Id;
        var commit = new ReleaseCommit("abc", "Ada", "Round prices", 5, ["src/price.ts"]);
        await Store.SetReleaseCommitsAsync(id, "1.0", [new("old", null, null, null, [])], Some.Now, default);
        await Store.SetReleaseCommitsAsync(id, "1.0", [commit, new("def", null, null, null, [])], Some.Now, default);

        (await Store.ListReleaseCommitsAsync(id, "1.0", default)).Should().BeEquivalentTo(
            [commit, new ReleaseCommit("def", null, null, null, [])], options => options.WithStrictOrdering());
        (await Store.ListReleaseCommitsAsync(id, "2.0", default)).Should().BeEmpty();
        (await Store.ListReleaseCommitsAsync(id + 1, "1.0", default)).Should().BeEmpty();
        var other = () => Store.SetReleaseCommitsAsync(99, "1.0", [commit], Some.Now, default);
        await other.Should().ThrowAsync<ArgumentException>();
    }

    [Test]
    public async Task Commits_WithoutEnd_AreCut()
    {
        var id = (await Store.CreateProjectAsync("Shop", Some.Now, default)).Id;
        var endless = new string('x', 5_000) + "\nsecond line";
        var commits = Enumerable.Range(0, 500).Select(n => new ReleaseCommit($"{n}", endless, endless, n, [.. Enumerable.Range(0, 100).Select(file => $"{file}-{endless}")])).ToList();
        for (var n = 0; n < ReleaseCommits.MostReleases + 2; n++)
            await Store.SetReleaseCommitsAsync(id, $"r{n}", n == 50 ? commits : [new("a\0b\ud800", "c", "one\ntwo", null, [])], Some.Now.AddSeconds(n), default);

        var kept = await Store.ListReleaseCommitsAsync(id, "r50", default);
        kept.Should().HaveCount(200).And.OnlyContain(commit => commit.Message!.Length == 300 && commit.Author!.Length == 200);
        kept.Sum(commit => commit.Files.Count).Should().Be(2_000);
        kept[0].Files[0].Should().HaveLength(300);
        (await Store.ListReleaseCommitsAsync(id, "r1", default)).Should().BeEmpty();
        (await Store.ListReleaseCommitsAsync(id, "r2", default)).Should().ContainSingle().Which.Message.Should().Be("one");
    }
}
