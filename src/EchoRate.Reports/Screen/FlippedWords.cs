using EchoRate.Core.Arms;
using EchoRate.Core.Results;

namespace EchoRate.Reports.Screen;

/// <summary>Words whose echo is not the reference's, while rows come by: how many each file has, and the first of them.</summary>
public sealed class FlippedWords
{
    // More than a line holds.
    private const int MostKept = 12;

    private readonly OrderedDictionary<(int File, string Arm), Flips> _files = [];

    /// <summary>Takes note of a row.</summary>
    /// <param name="file">The number of its file in the run's summary.</param>
    /// <param name="row">The row, near ties marked.</param>
    public void See(int file, MeasuredRow row)
    {
        if (row is not EchoRow { Flip: true } echo || row.Arm == Arm.Neutral.Name)
        {
            return;
        }
        if (!_files.TryGetValue((file, row.Arm), out var flips))
        {
            _files.Add((file, row.Arm), flips = new Flips(file, row.Arm));
        }
        flips.Count++;
        // A word may be in several sets.
        if (
            flips.Kept.Count < MostKept
            && !flips.Kept.Exists(kept => kept.Token!.Equals(echo.Token))
        )
        {
            flips.Kept.Add(echo);
        }
    }

    internal IEnumerable<Flips> Files => _files.Values;

    internal sealed class Flips(int file, string arm)
    {
        public int File => file;

        public string Arm => arm;

        public int Count { get; set; }

        public List<EchoRow> Kept { get; } = [];
    }
}
