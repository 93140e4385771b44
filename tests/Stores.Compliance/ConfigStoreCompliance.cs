using ErrorPipeline.Shared.Contracts;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Stores.Compliance;

/// <summary>What every <see cref="IConfigStore"/> must do.</summary>
internal abstract partial class ConfigStoreCompliance
{
    private readonly List<IConfigStore> _open = [];

    private IConfigStore Store => _open[0];

    protected abstract Task CreateAsync();

    protected abstract Task RemoveAsync();

    /// <summary>A store on the data of this test, as another process would open it.</summary>
    protected abstract IConfigStore Connect();

    [SetUp]
    public async Task SetUpStore()
    {
        await CreateAsync();
        _open.Add(Connect());
        await Store.MigrateAsync(default);
    }

    [TearDown]
    public async Task TearDownStore()
    {
        foreach (var store in _open)
            await store.DisposeAsync();
        _open.Clear();
        await RemoveAsync();
    }

    [Test]
    public async Task CreateProject_HasOneRandomKey()
    {
        var one = await Store.CreateProjectAsync("Shop", Some.Now, default);
        var two = await Store.CreateProjectAsync("Blog", Some.Now, default);

        one.Keys.Should().ContainSingle().Which.Key.Should().MatchRegex("^[0-9a-f]{32}$").And.NotBe(two.Keys[0].Key);
        (await Store.ListProjectsAsync(default)).Should().BeEquivalentTo([one, two], options => options.WithStrictOrdering());
        (await Store.GetProjectAsync(two.Id, default)).Should().BeEquivalentTo(two);
        (await Store.GetProjectAsync(99, default)).Should().BeNull();
    }

    [Test]
    public async Task UpdateProject_ChangesAllItIsGiven()
    {
        var id = (await Store.CreateProjectAsync("Shop", Some.Now, default)).Id;
        await Store.UpdateProjectAsync(id, "Shop 2", ["https://b.example", "https://*.a.example"], 500, default);

        var project = (await Store.GetProjectAsync(id, default))!;
        project.Should().BeEquivalentTo(new { Name = "Shop 2", EventsPerMinute = 500 });
        project.AllowedOrigins.Should().Equal("https://b.example", "https://*.a.example");
        await Store.UpdateProjectAsync(id, "Shop 2", [], null, default);
        (await Store.GetProjectAsync(id, default))!.Should().BeEquivalentTo(new { AllowedOrigins = Array.Empty<string>(), EventsPerMinute = (int?)null });
    }

    [Test]
    public async Task UpdateProject_ThatDoesNotExist_IsRefusedAndChangesNothing()
    {
        var before = (await Store.GetSnapshotAsync(default)).Revision;
        var update = () => Store.UpdateProjectAsync(99, "x", ["https://a.example"], null, default);
        var add = () => Store.AddKeyAsync(99, Some.Now, default);

        await update.Should().ThrowAsync<ArgumentException>();
        await add.Should().ThrowAsync<ArgumentException>();
        (await Store.GetSnapshotAsync(default)).Revision.Should().Be(before);
    }

    [Test]
    public async Task SetPolicy_IsInProjectAndSnapshot_AndRaisesTheRevision()
    {
        var project = await Store.CreateProjectAsync("Shop", Some.Now, default);
        var before = await Store.GetSnapshotAsync(default);
        var policy = new ProjectPolicy { Rules = "type:A -> ignore", Filters = new() { On = ["crawler"] }, Privacy = new() { KeepEmails = true } };

        await Store.SetPolicyAsync(project.Id, policy, default);

        (await Store.GetProjectAsync(project.Id, default))!.Policy.Should().BeEquivalentTo(policy);
        var snapshot = await Store.GetSnapshotAsync(default);
        snapshot.Projects.Single().Policy.Should().BeEquivalentTo(policy);
        snapshot.Revision.Should().BeGreaterThan(before.Revision);
        await Store.Invoking(s => s.SetPolicyAsync(99, policy, default)).Should().ThrowAsync<ArgumentException>();
    }

    [Test]
    public async Task UserSalt_IsRandomPerProjectAndStays()
    {
        var one = await Store.CreateProjectAsync("Shop", Some.Now, default);
        await Store.CreateProjectAsync("Blog", Some.Now, default);
        async Task<IReadOnlyList<string?>> Salts() => [.. (await Store.GetSnapshotAsync(default)).Projects.Select(p => p.UserSalt)];
        var salts = await Salts();

        await Store.SetPolicyAsync(one.Id, new(), default);

        salts.Should().OnlyHaveUniqueItems().And.OnlyContain(salt => salt!.Length == 32);
        (await Salts()).Should().Equal(salts);
    }

    [Test]
    public async Task Keys_Rotated_BothWorkUntilOneIsRevoked()
    {
        var project = await Store.CreateProjectAsync("Shop", Some.Now, default);
        var key = await Store.AddKeyAsync(project.Id, Some.Now, default);
        (await Snapshot()).Keys.Should().Equal(project.Keys[0].Key, key.Key);

        await Store.RevokeKeyAsync(project.Id, project.Keys[0].Key, Some.Now.AddHours(1), default);

        (await Snapshot()).Keys.Should().Equal(key.Key);
        (await Store.GetProjectAsync(project.Id, default))!.Keys[0].RevokedAt.Should().Be(Some.Now.AddHours(1).ToUnixTimeMilliseconds());

        async Task<ProjectConfig> Snapshot() => (await Store.GetSnapshotAsync(default)).Projects.Single();
    }

    [Test]
    public async Task Snapshot_Revision_RisesWithEveryChange()
    {
        List<long> revisions = [];
        async Task Note() => revisions.Add((await Store.GetSnapshotAsync(default)).Revision);
        await Note();
        var project = await Store.CreateProjectAsync("Shop", Some.Now, default);
        await Note();
        await Store.UpdateProjectAsync(project.Id, "Shop 2", [], null, default);
        await Note();
        await Store.AddKeyAsync(project.Id, Some.Now, default);
        await Note();
        await Store.RevokeKeyAsync(project.Id, project.Keys[0].Key, Some.Now, default);
        await Note();

        revisions.Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
    }

    [Test]
    public async Task Users_FoundByEmailInAnyCase_AndUnique()
    {
        var user = await Store.CreateUserAsync("Ada@Example.com", "hash", Some.Now, default);
        var again = () => Store.CreateUserAsync("ada@example.com", "hash2", Some.Now, default);

        await again.Should().ThrowAsync<ArgumentException>();
        (await Store.FindUserAsync("ADA@example.com", default)).Should().Be(user);
        (await Store.GetUserAsync(user.Id, default)).Should().Be(user);
        (await Store.FindUserAsync("%", default)).Should().BeNull();
        (await Store.CountUsersAsync(default)).Should().Be(1);
    }

    [Test]
    public async Task ApiTokens_AreFoundListedUsedAndRevoked()
    {
        var ada = await Store.CreateUserAsync("ada@example.com", "hash", Some.Now, default);
        var bob = await Store.CreateUserAsync("bob@example.com", "hash", Some.Now, default);
        var token = new ApiToken("id1", ada.Id, "nightly", [1, 2, 3], "write", 5, 10, null);
        await Store.AddApiTokenAsync(token, default);
        await Store.AddApiTokenAsync(token with { Id = "id2", ExpiresAt = null, CreatedAt = 6 }, default);

        (await Store.FindApiTokenAsync("id1", default)).Should().BeEquivalentTo(token);
        (await Store.ListApiTokensAsync(ada.Id, default)).Select(t => t.Id).Should().Equal("id2", "id1");
        (await Store.ListApiTokensAsync(bob.Id, default)).Should().BeEmpty();
        await Store.NoteApiTokenUseAsync("id1", Some.Now, default);
        await Store.NoteApiTokenUseAsync("id1", Some.Now.AddSeconds(30), default);
        (await Store.FindApiTokenAsync("id1", default))!.LastUsedAt.Should().Be(Some.Start, "to the minute");
        (await Store.RevokeApiTokenAsync(bob.Id, "id1", default)).Should().BeFalse("it is another's");
        (await Store.RevokeApiTokenAsync(ada.Id, "id1", default)).Should().BeTrue();
        (await Store.FindApiTokenAsync("id1", default)).Should().BeNull();
        await Store.Invoking(s => s.AddApiTokenAsync(token with { UserId = 99 }, default)).Should().ThrowAsync<ArgumentException>();
        (await Store.ListUsersAsync(default)).Should().Equal(ada, bob);
    }

    [Test]
    public async Task Erasures_AreToldToWorkersAndKeptInTheJournal()
    {
        var project = (await Store.CreateProjectAsync("Shop", Some.Now, default)).Id;
        var other = (await Store.CreateProjectAsync("Blog", Some.Now, default)).Id;
        var before = (await Store.GetSnapshotAsync(default)).Revision;
        var erasure = new Erasure("e1", project, "hash", "user id", 7, "ada", 0, 0, null);
        await Store.AddErasureAsync(erasure, default);
        await Store.AddErasureAsync(erasure with { Id = "e2", ProjectId = other, At = 8, By = null }, default);
        await Store.NoteErasureAsync(erasure with { Events = 4, Letters = 1, DoneAt = 9 }, default);

        var snapshot = await Store.GetSnapshotAsync(default);
        snapshot.Revision.Should().BeGreaterThan(before);
        snapshot.Projects.Select(p => p.Erased!.Single()).Should().Equal(new ErasedPerson("hash", 7), new ErasedPerson("hash", 8));
        (await Store.ListErasuresAsync(project, 10, default)).Should().Equal(erasure with { Events = 4, Letters = 1, DoneAt = 9 });
        (await Store.ListErasuresAsync(null, 10, default)).Select(e => e.Id).Should().Equal("e2", "e1");
        await Store.Invoking(s => s.AddErasureAsync(erasure with { Id = "e3", ProjectId = 99 }, default)).Should().ThrowAsync<ArgumentException>();
    }

    [Test]
    public async Task SetPassword_ChangesTheStampThatSessionsHold()
    {
        var user = await Store.CreateUserAsync("ada@example.com", "hash", Some.Now, default);
        await Store.SetPasswordAsync(user.Id, "hash2", default);

        var changed = (await Store.GetUserAsync(user.Id, default))!;
        changed.PasswordHash.Should().Be("hash2");
        changed.SecurityStamp.Should().NotBe(user.SecurityStamp).And.HaveLength(32);
    }

    [Test]
    public async Task Outbox_KeepsOrderAndSurvivesARestart()
    {
        var commands = Enumerable.Range(0, 5).Select(n => Some.Command(CommandKind.Resolve, n, n, id: $"c{9 - n}")).ToList();
        foreach (var command in commands)
            await Store.AddToOutboxAsync(command, default);
        await Store.AddToOutboxAsync(commands[0], default);

        _open.Add(Connect());
        (await _open[1].ListOutboxAsync(default)).Should().Equal(commands);
        await _open[1].RemoveFromOutboxAsync(["c9", "c7", "unknown"], default);

        (await Store.ListOutboxAsync(default)).Select(command => command.Id).Should().Equal("c8", "c6", "c5");
    }

    [TestCase("$ne")]
    [TestCase("a\0b")]
    [TestCase("\uD800")]
    [TestCase("'; DROP TABLE users; --")]
    public async Task Text_ThatIsHostile_IsKeptOrCleaned(string hostile)
    {
        var project = await Store.CreateProjectAsync(hostile, Some.Now, default);
        await Store.UpdateProjectAsync(project.Id, hostile, [hostile], 1, default);
        await Store.CreateUserAsync(hostile, hostile, Some.Now, default);
        await Store.RevokeKeyAsync(project.Id, hostile, Some.Now, default);
        await Store.AddToOutboxAsync(Some.Command(hostile, 1, 1, id: hostile), default);

        (await Store.FindUserAsync(hostile, default)).Should().NotBeNull();
        (await Store.GetProjectAsync(project.Id, default))!.AllowedOrigins.Should().ContainSingle();
        await Store.RemoveFromOutboxAsync([hostile], default);
        (await Store.ListOutboxAsync(default)).Should().BeEmpty();
    }
}
