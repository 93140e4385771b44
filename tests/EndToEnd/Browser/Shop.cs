using ErrorPipeline.Rigs;

namespace ErrorPipeline.EndToEnd.Browser;

/// <summary>A site that carries the snippet and breaks in every way there is.</summary>
internal static class Shop
{
    public const string Early = "the basket is older than the shop";
    public const string Rejected = "page 99 of 3 was asked for";
    public const string RejectedText = "basket is out of date";
    public const string Captured = "voucher was refused";
    public const string Leaving = "the draft cannot be saved";

    /// <summary>Line of the call in <c>priceOf</c> that fails, in <see cref="Script"/>.</summary>
    public const int PriceLine = 2;

    private const string Script = """
        function priceOf(item) {
          return item.price.toFixed(2);
        }
        function checkout() { return [{}].map(priceOf); }
        async function loadReviews() { throw new RangeError("page 99 of 3 was asked for"); }
        const breaks = {
          typeError: checkout,
          rejectError: () => { loadReviews(); },
          rejectText: () => { Promise.reject("basket is out of date"); },
          captured: () => { ep("capture", new Error("voucher was refused"), { tags: { voucher: "SPRING" }, meta: { basket: ["tea", "kettle"] } }); },
        };
        for (const button of document.querySelectorAll("button")) {
          button.onclick = () => {
            document.getElementById("last").textContent = button.id;
            breaks[button.id]();
          };
        }
        let leaving = false;
        document.getElementById("leave").onclick = () => { leaving = true; };
        addEventListener("pagehide", () => { if (leaving) throw new Error("the draft cannot be saved"); });
        """;

    public static Task<WebSite> OpenAsync(string snippet) => WebSite.StartAsync(new Dictionary<string, string>
    {
        ["/basket"] = $$"""
            <!doctype html><html lang="en"><head><title>Shop</title>
            {{snippet}}
            <script>ep("init", { release: "shop@1.4.2", environment: "test" }); throw new SyntaxError("{{Early}}");</script>
            </head><body>
            <button id="typeError">a</button><button id="rejectError">b</button><button id="rejectText">c</button><button id="captured">d</button>
            <a id="leave" href="/left">leave</a><p id="last"></p>
            <script src="/shop.js"></script>
            </body></html>
            """,
        ["/left"] = "<!doctype html><title>Left</title>",
        ["/shop.js"] = Script,
    });
}
