using ErrorPipeline.Shared.Policies;
using ErrorPipeline.Shared.Storage;

namespace ErrorPipeline.Web.Issues.Searching;

/// <summary>A list's filter, understood.</summary>
/// <param name="Query">For the store.</param>
/// <param name="Problems">What of it was left out.</param>
/// <param name="CanMatch">False where it contradicts itself.</param>
/// <param name="NamesVisitor">It asks for a user of the site.</param>
public sealed record UnderstoodSearch(IssueQuery Query, IReadOnlyList<SearchProblem> Problems, bool CanMatch, bool NamesVisitor);

/// <summary>Turns a list's filter into what the store is asked.</summary>
internal sealed class IssueSearch(IConfigStore config, TimeProvider clock)
{
    public async Task<UnderstoodSearch> ReadAsync(IssueFilter filter, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var terms = SearchText.Parse(filter.Text);
        var people = terms.Any(term => term.Key == "assigned") ? (await config.ListUsersAsync(cancel)).Select(user => user.Email).ToList() : [];
        var projects = terms.Any(term => term.Key == "user") ? (await config.GetSnapshotAsync(cancel)).Projects : [];
        var reader = new SearchReader(new(now, filter.Me, people, user =>
        [
            .. projects.Where(project => filter.Project is null || project.Id == filter.Project).Take(99).Select(project => PersonHash.KeyOfUser(project.UserSalt, project.Id, user)),
            // Somebody may have the key itself, from an event.
            user,
        ]));
        return new(reader.Read(terms, filter.ToQuery(now)), reader.Problems, reader.CanMatch, reader.NamesVisitor);
    }
}
