using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ErrorPipeline.Rigs;

// Throws every error of pages/ in the machine's Chromium and Firefox and writes what they say beside this folder; see ../README.md.
var corpus = Path.Combine(Places.Root, "tests", "Corpus");
var pages = Path.Combine(corpus, "collect", "pages");
var patience = TimeSpan.FromMinutes(2);
var readable = new JsonSerializerOptions { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
await using var site = await WebSite.StartAsync(Directory.EnumerateFiles(pages).ToDictionary(file => "/collect/" + Path.GetFileName(file), File.ReadAllText));

await using (var chromium = await Chromium.LaunchAsync())
{
    var page = await chromium.Browser.NewPageAsync();
    await page.GotoAsync($"{site.Url}/collect/page.html");
    string told = "";
    await Deadline.Until(async () => (told = await page.EvaluateAsync<string>("collected")).Length > 0, patience);
    Write("chromium", told);
}

await using (var firefox = await Firefox.LaunchAsync())
{
    var tab = await firefox.OpenAsync($"{site.Url}/collect/page.html");
    string told = "";
    await Deadline.Until(async () => (told = (await tab.EvaluateAsync("collected")).GetString()!).Length > 0, patience);
    Write("firefox", told);
}

return 0;

void Write(string browser, string json)
{
    var told = JsonSerializer.Deserialize<JsonElement>(json);
    foreach (var old in Directory.EnumerateFiles(corpus, $"{browser}-*.raw.json"))
        File.Delete(old);
    foreach (var one in told.GetProperty("events").EnumerateArray())
        Save($"{browser}-{one.GetProperty("name").GetString()}.raw.json", JsonNode.Parse(one.GetProperty("event").GetRawText())!);
    Save(Path.Combine("messages", $"{browser}.json"), JsonNode.Parse(told.GetProperty("messages").GetRawText())!);
    Console.WriteLine($"{browser}: {told.GetProperty("events").GetArrayLength()} errors, {told.GetProperty("messages").EnumerateObject().Count()} wordings");
}

void Save(string name, JsonNode content)
{
    var path = Path.Combine(corpus, name);
    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
    var text = content.ToJsonString(readable).Replace(site.Url, "https://shop.test", StringComparison.Ordinal);
    // A blob's id is new each time.
    File.WriteAllText(path, Regex.Replace(text, "blob:https://shop.test/[0-9a-f-]{36}", "blob:https://shop.test/8f14e45f-ceea-467f-a9a0-2b3c4d5e6f70", RegexOptions.None, patience) + "\n");
}
