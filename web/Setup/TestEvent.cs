namespace ErrorPipeline.Web.Setup;

/// <summary>One request as a client makes it, for the page's script or this process to send.</summary>
/// <param name="Url">On the collector, with the project's key.</param>
/// <param name="Headers">Content-Type among them.</param>
internal sealed record TestEvent(string Url, IReadOnlyDictionary<string, string> Headers, string Body);
