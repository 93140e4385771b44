using System.Globalization;

namespace ErrorPipeline.Load.Contenders;

internal static class ProcessTree
{
    /// <summary>A process and all below it, which cluster and nginx fork.</summary>
    public static IReadOnlyList<int> Of(int pid)
    {
        var all = new List<int> { pid };
        for (var i = 0; i < all.Count; i++)
        {
            var children = File.ReadAllText($"/proc/{all[i]}/task/{all[i]}/children");
            all.AddRange(children.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(c => int.Parse(c, CultureInfo.InvariantCulture)));
        }

        return all;
    }
}
