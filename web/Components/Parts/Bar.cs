namespace ErrorPipeline.Web.Components.Parts;

/// <summary>One bar of a chart: the time it stands for, and events.</summary>
public sealed record Bar(string Name, long Count);
