namespace ErrorPipeline.Web.Setup;

/// <summary>Every client that has a setup page, in the order of the list.</summary>
internal static class Guides
{
    public static readonly IReadOnlyList<ClientGuide> All =
    [
        new("snippet", "ErrorPipeline", "our own snippet", "native")
        {
            New =
            [
                new("Paste this as the first script inside `<head>` of every page, so that it sees the errors of all the others. It waits for the page to load before it loads anything itself.", FilledIn.Snippet),
                new(
                    "Say what you know. All of it is optional, and callable any time after the snippet:",
                    """
                    ep("init", { release: "1.4.2", environment: "production" });
                    ep("user", { id: "42", email: "ann@example.com" });
                    ep("tags", { plan: "pro" });
                    ep("capture", error, { tags: { step: "pay" }, meta: { cart: cart.id } });
                    ep("breadcrumb", { category: "cart", message: "emptied" });
                    """),
                new(
                    "Any other program can send, with the same key:",
                    """
                    curl https://errors.example/api/KEY/events \
                      -d '{"type":"Error","message":"hello","stack":"Error: hello\n  at main (job.js:1:1)"}'
                    """),
            ],
            Notes = ["With a Content-Security-Policy, give the script tag your page's nonce and add the collector to `script-src` too, for the agent."],
        },
        .. TrackerGuides.All,
        .. MonitorGuides.All,
    ];

    public static ClientGuide? Find(string slug) => All.FirstOrDefault(guide => guide.Slug == slug);
}
