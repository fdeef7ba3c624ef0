using EchoRate.Core.Arms;
using EchoRate.Core.Items;
using EchoRate.Core.Results;
using EchoRate.Core.Tokens;

namespace EchoRate.Reports.Page;

/// <summary>
/// What a report keeps of a run's rows while they come by: the beginning of each set, word by word; margins, counted; and those rows that are
/// worth a look, at most <see cref="MostNotable"/>. None of it grows with the rows.
/// </summary>
public sealed class ReportRows
{
    /// <summary>Rows worth a look that are kept at most.</summary>
    public const int MostNotable = 2000;

    /// <summary>Words of a set that are kept for each file and arm.</summary>
    public const int MostWords = 40;

    private const int MostPrompts = 5;

    private readonly List<(int File, EchoRow Row)> _words = [];
    private readonly List<(int File, CompletionRow Row)> _completions = [];
    private readonly Dictionary<(int, string, string?, string), int> _kept = [];
    private readonly OrderedDictionary<(int File, string Set, string Arm), Margins> _margins = [];
    private readonly OrderedDictionary<(int File, string? Set, string Arm), FlippedWords> _flips =
    [];
    private readonly Dictionary<Notable, NotableRows> _notable = Enum.GetValues<Notable>()
        .ToDictionary(kind => kind, _ => new NotableRows(MostNotable));

    /// <summary>The first words of each set, file and arm.</summary>
    public IReadOnlyList<(int File, EchoRow Row)> Words => _words;

    /// <summary>The first prompts of each set, file and arm.</summary>
    public IReadOnlyList<(int File, CompletionRow Row)> Completions => _completions;

    /// <summary>Margins of words, counted, in the order first seen.</summary>
    internal IReadOnlyDictionary<(int File, string Set, string Arm), Margins> Margins => _margins;

    /// <summary>Words whose echo is not the reference's.</summary>
    internal IEnumerable<FlippedWords> Flips => _flips.Values;

    /// <summary>How many rows are worth a look.</summary>
    internal long NotableCount => _notable.Values.Sum(rows => rows.Count);

    /// <summary>
    /// Rows worth a look, each once, under the first thing that is notable in it: all flips before all disagreements, and so on, of each kind the most telling.
    /// </summary>
    internal IEnumerable<(Notable Why, int File, MeasuredRow Row)> Notables =>
        _notable
            .OrderBy(kind => kind.Key)
            .SelectMany(kind => kind.Value.Best.Select(row => (kind.Key, row.File, row.Row)))
            .Take(MostNotable);

    /// <summary>Takes note of a row.</summary>
    /// <param name="file">The number of its file in the run's summary.</param>
    /// <param name="row">The row, near ties marked.</param>
    public void See(int file, MeasuredRow row)
    {
        if (row is EchoRow { ItemSet: { } set, EchoMargin: not null } measured)
        {
            if (!_margins.TryGetValue((file, set, row.Arm), out var margins))
            {
                _margins.Add((file, set, row.Arm), margins = new Margins());
            }
            margins.Add(measured);
        }
        if (WhyNotable(row) is { } why)
        {
            _notable[why].Add(file, row, Telling(why, row));
        }
        // A table for each prefix of the neutral arm would bury the others.
        if (row.Arm == Arm.Neutral.Name)
        {
            return;
        }
        if (row is EchoRow { Flip: true } flip)
        {
            if (!_flips.TryGetValue((file, row.Set, row.Arm), out var flips))
            {
                _flips.Add(
                    (file, row.Set, row.Arm),
                    flips = new FlippedWords(file, row.Set, row.Arm)
                );
            }
            flips.Add(flip);
        }
        switch (row)
        {
            // A vocabulary begins with markup, blanks and single letters.
            case EchoRow { ItemSet: AllSet.SetName, Kind: not (null or PieceKinds.Spaced) }:
                break;
            case EchoRow echo when Keep((file, "echo", row.Set, row.Arm), MostWords):
                _words.Add((file, echo));
                break;
            case CompletionRow completion
                when Keep((file, "completion", row.Set, row.Arm), MostPrompts):
                _completions.Add((file, completion));
                break;
        }
    }

    private bool Keep((int, string, string?, string) key, int most)
    {
        var count = _kept.GetValueOrDefault(key);
        _kept[key] = count + 1;
        return count < most;
    }

    private static Notable? WhyNotable(MeasuredRow row) =>
        row switch
        {
            { Status: not RowStatus.Ok } => null,
            { Flip: true } => Notable.Flip,
            { PublishedMatch: false } => Notable.Disagreement,
            { NearTie: true } => Notable.NearTie,
            EchoRow { EchoClass: not (null or EchoClass.Exact or EchoClass.None) } =>
                Notable.NearMiss,
            { Outcome: false, Rank: 2, Margin: > -1 } => Notable.NearMiss,
            _ => null,
        };

    // Flips that are clear, disagreements that are wide, near ties and misses that are close.
    private static double Telling(Notable why, MeasuredRow row) =>
        Math.Abs(row.Margin ?? 0) * (why is Notable.Flip or Notable.Disagreement ? 1 : -1);
}

/// <summary>Words of a file's set whose echo under one arm is not the reference's: how many, and the first of them.</summary>
internal sealed class FlippedWords(int file, string? set, string arm)
{
    // More than a line holds.
    private const int MostKept = 12;

    public int File => file;

    public string? Set => set;

    public string Arm => arm;

    public int Count { get; private set; }

    public List<EchoRow> Kept { get; } = [];

    public void Add(EchoRow row)
    {
        Count++;
        if (Kept.Count < MostKept)
        {
            Kept.Add(row);
        }
    }
}

/// <summary>Why a row is worth a look, the most telling first.</summary>
internal enum Notable
{
    /// <summary>Its outcome is not the reference's.</summary>
    Flip,

    /// <summary>It is not what the published table has.</summary>
    Disagreement,

    /// <summary>Its outcome may fall the other way.</summary>
    NearTie,

    /// <summary>Not the word itself, but close to it.</summary>
    NearMiss,
}

/// <summary>The most telling rows of one kind.</summary>
internal sealed class NotableRows(int most)
{
    private readonly PriorityQueue<(int File, MeasuredRow Row), double> _rows = new();

    /// <summary>All that came by.</summary>
    public long Count { get; private set; }

    /// <summary>Those that are kept, in the order of files and places.</summary>
    public IEnumerable<(int File, MeasuredRow Row)> Best =>
        _rows
            .UnorderedItems.Select(item => item.Element)
            .OrderBy(row => row.File)
            .ThenBy(row => row.Row.Place);

    public void Add(int file, MeasuredRow row, double telling)
    {
        Count++;
        if (_rows.Count < most)
        {
            _rows.Enqueue((file, row), telling);
        }
        else
        {
            _rows.EnqueueDequeue((file, row), telling);
        }
    }
}
