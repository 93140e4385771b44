using System.Net;
using System.Text;

namespace ErrorPipeline.Web.Tests;

/// <summary>A form that cannot be read is the sender's mistake: 4xx, whoever sends it, and no error in the log.</summary>
public class BadFormTests
{
    private static readonly object[] Forms =
    [
        new object[] { "too many fields", "application/x-www-form-urlencoded", string.Join('&', Enumerable.Range(0, 3000).Select(n => $"a{n}=1")), HttpStatusCode.BadRequest },
        new object[] { "no boundary", "multipart/form-data", "zz", HttpStatusCode.BadRequest },
        new object[] { "broken part", "multipart/form-data; boundary=x", "--x\r\nbroken", HttpStatusCode.BadRequest },
        new object[] { "too large", "application/x-www-form-urlencoded", "a=" + new string('x', 300_000), HttpStatusCode.RequestEntityTooLarge },
    ];

    [TestCaseSource(nameof(Forms))]
    public async Task Post_FormThatCannotBeRead_IsRefused(string what, string type, string body, HttpStatusCode status)
    {
        using var visitor = Shared.Rig.Visit();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await visitor.Client.PostAsync(new Uri("/sign-in", UriKind.Relative), content);
        answer.StatusCode.Should().Be(status, what);
        (await answer.Content.ReadAsStringAsync()).Should().NotContain("Something broke");
    }
}
