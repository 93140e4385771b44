namespace ErrorPipeline.Shared.SourceMaps;

/// <summary>
/// The original name of a frame's function. In this order:
/// 1. the map's own function map (React Native);
/// 2. the function that encloses the original place in the source's text, by <see cref="ScopeScanner"/>;
/// 3. without a text: the mapped name of the token where the caller's frame stands, which is the callee of the call. Only for
///    a frame whose generated name is a plain identifier, since minifiers rename those and leave properties alone, and never
///    across an await, where the next frame is no caller;
/// 4. the generated name.
/// It gives up, and keeps the generated name, where a function came as a callback (the caller is foreign or calls it by a
/// parameter's name) and the map has neither text nor function map.
/// </summary>
internal static class FunctionNames
{
    public static string? Of(FoundFrame frame, FoundFrame? caller)
    {
        var generated = frame.Frame.Function;
        if (frame.Map!.EnclosingFunction(frame.Position) is { } told)
            return told is "<global>" or "<anonymous>" or "" ? null : told;
        if (frame.Map.Content(frame.Position.SourceIndex) is { } text
            && ScopeScanner.TryFind(text, frame.Position.Line, frame.Position.Column, out var enclosing))
            return enclosing;
        if (generated is null)
            return null;
        var isRenamable = generated.AsSpan().IndexOfAny(". <[") < 0;
        return isRenamable && caller?.Map is not null && caller.Position.Name is { Length: > 0 } name ? name : generated;
    }
}
