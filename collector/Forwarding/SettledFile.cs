using System.Globalization;
using ErrorPipeline.Collector.Spool;
using ErrorPipeline.Shared.Streams;

namespace ErrorPipeline.Collector.Forwarding;

/// <summary>
/// What was known to be in the store when this was last written, so that a collector that starts beside an empty Redis does not
/// send it again. Lines of producer, lane and sequence. An old or missing file costs repetitions, never events.
/// </summary>
internal sealed class SettledFile
{
    private readonly string _path;
    private readonly Dictionary<(string Producer, int Lane), long> _settled = [];

    public SettledFile(SegmentFolder folder)
    {
        _path = Path.Combine(folder.Path, "settled");
        if (!File.Exists(_path))
            return;
        foreach (var line in File.ReadAllLines(_path))
            if (line.Split(' ') is [var producer, var lane, var sequence]
                && int.TryParse(lane, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                && long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var last))
                _settled[(producer, index)] = last;
    }

    public long Of(Producer producer, Lane lane)
    {
        lock (_settled)
            return _settled.GetValueOrDefault((producer.Name, lane.Index));
    }

    /// <summary>Throws <see cref="IOException"/>.</summary>
    public void Save(IReadOnlyDictionary<(string Producer, int Lane), long> settled)
    {
        lock (_settled)
        {
            if (settled.Count == _settled.Count && settled.All(s => _settled.GetValueOrDefault(s.Key) == s.Value))
                return;
            File.WriteAllLines(_path + ".new", settled.Select(s => string.Create(
                CultureInfo.InvariantCulture, $"{s.Key.Producer} {s.Key.Lane} {s.Value}")));
            File.Move(_path + ".new", _path, overwrite: true);
            _settled.Clear();
            foreach (var (key, last) in settled)
                _settled[key] = last;
        }
    }
}
