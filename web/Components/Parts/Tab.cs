namespace ErrorPipeline.Web.Components.Parts;

/// <summary>One view of a thing that has several.</summary>
public sealed record Tab(string Name, string Href, bool IsHere);
