using ErrorPipeline.Workers.Normalize.Scrubbing;

namespace ErrorPipeline.Workers.Tests.Normalize;

public class ScrubTests
{
    [TestCase("mail to ann.b+x@mail.example.com now", "mail to [email] now")]
    [TestCase("https://a.test/?u=ann%40example.com&x=1", "https://a.test/?u=[email]&x=1")]
    [TestCase("card 4111 1111 1111 1111 refused", "card [card] refused")]
    [TestCase("card 5500-0000-0000-0004", "card [card]")]
    [TestCase("pan=378282246310005.", "pan=[card].")]
    [TestCase("GET /pay?card=4111111111111111 502", "GET /pay?card=[card] 502")]
    [TestCase("order 12 4111 1111 1111 1111 22 33 44 55", "order 12 [card] 22 33 44 55")]
    [TestCase("ssn was 078-05-1120", "ssn was [Filtered]")]
    [TestCase("https://a.test/login?password=hunter2&next=/x", "https://a.test/login?password=[Filtered]&next=/x")]
    [TestCase("https://a.test/cb?code=abc&state=1#access_token=zzz&a=b", "https://a.test/cb?code=[Filtered]&state=1#access_token=[Filtered]&a=b")]
    [TestCase("https://ann:pw@a.test/x", "https://[Filtered]@a.test/x")]
    [TestCase("Authorization: Bearer abcdefgh12345678", "Authorization: [Filtered]")]
    [TestCase("Authorization: Basic dXNlcjpwYXNz rest", "Authorization: [Filtered] rest")]
    [TestCase("got Bearer abcdefgh12345678 back", "got Bearer [Filtered] back")]
    [TestCase("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-def_g end", "jwt [Filtered] end")]
    [TestCase("{\"password\":\"hun ter\",\"a\":1}", "{\"password\":\"[Filtered]\",\"a\":1}")]
    [TestCase("body {\\\"token\\\":\\\"abc\\\"}", "body {\\\"token\\\":\\\"[Filtered]\\\"}")]
    [TestCase("apiKey: 'k-1', x", "apiKey: '[Filtered]', x")]
    [TestCase("key ghp_0123456789abcdefABCDEF leaked", "key [Filtered] leaked")]
    public void Text_PersonalOrSecret_IsTakenOut(string text, string expected)
    {
        Scrub.Usual.Text(text).Should().Be(expected);
        Scrub.Usual.Text(expected).Should().Be(expected, "scrubbing twice must change nothing");
    }

    [TestCase("Unexpected token: punc (})")]
    [TestCase("Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON")]
    [TestCase("foo@https://a.test/x.js:1:2")]
    [TestCase("value@index.android.bundle:12:1917")]
    [TestCase("https://unpkg.com/react@18.2.0/umd/react.js")]
    [TestCase("https://cdn.test/npm/@scope/pkg@1.2.3/dist/x.js?v=1763780000000")]
    [TestCase("order 1763780000000 and 4111111111111112 failed")]
    [TestCase("id 41111111-1111-1111-4111-111111111111")]
    [TestCase("session: 3 retries left")]
    [TestCase("if (token == null)")]
    [TestCase("password: null")]
    [TestCase("Basic usage of the tokenizer=fast")]
    public void Text_HarmlessLookAlike_StaysTheSameInstance(string text) => Scrub.Usual.Text(text).Should().BeSameAs(text);

    [TestCase("user[password]", true)]
    [TestCase("X-Api-Key", true)]
    [TestCase("accessToken", true)]
    [TestCase("sessionId", true)]
    [TestCase("csrfmiddlewaretoken", true)]
    [TestCase("Set-Cookie", true)]
    [TestCase("card_number", true)]
    [TestCase("ssn", true)]
    [TestCase("tokenizer", false)]
    [TestCase("passenger", false)]
    [TestCase("author", false)]
    [TestCase("spin", false)]
    [TestCase("", false)]
    public void SensitiveKey_Spellings_AreKnown(string key, bool telling) => SensitiveKeys.Usual.IsTelling(key).Should().Be(telling);

    [TestCase("@")]
    [TestCase("a@")]
    [TestCase("%40")]
    [TestCase("a.")]
    [TestCase("token=")]
    [TestCase("password:'")]
    [TestCase("://")]
    [TestCase("://a@")]
    [TestCase("4")]
    [TestCase("4-")]
    [TestCase("eyJ")]
    [TestCase("Bearer ")]
    [TestCase("key\":")]
    public void Text_HostileRepetition_TakesLinearTime(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 256 * 1024 / part.Length));
        var started = TimeProvider.System.GetTimestamp();

        Scrub.Usual.Text(text);

        TimeProvider.System.GetElapsedTime(started).Should().BeLessThan(TimeSpan.FromSeconds(5));
    }

    [Test]
    public void Text_SeededSecretsInRandomSurroundings_AreNeverFound()
    {
        string[] holders = ["password={0}", "https://u:{0}@h.test/", "?token={0}&a=1", "{{\"secret\": \"{0}\"}}", "Bearer {0}", "\"apiKey\":\"{0}\"", "access_token={0}", "x {0}@mail.test y"];
        string[] noise = [" ", "\n", ", ", "https://a.test/?q=1 ", "Error: ", "é", "at f (x.js:1:2) ", "'", "=", ": "];
        var random = new Random(12);
        for (var i = 0; i < 5_000; i++)
        {
            var secret = $"s3cr3t{random.Next(100_000, 999_999)}";
            var text = noise[random.Next(noise.Length)] + " " + string.Format(holders[random.Next(holders.Length)], secret) + " " + noise[random.Next(noise.Length)];

            Scrub.Usual.Text(text).Should().NotContain(secret, text);
        }
    }
}
