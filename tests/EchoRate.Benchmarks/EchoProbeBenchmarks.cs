using BenchmarkDotNet.Attributes;
using EchoRate.Core.Tokens;

namespace EchoRate.Benchmarks;

/// <summary>Rows that the echo probe measures on the real engine: decoding, scoring and making the row; one operation is one row.</summary>
public class EchoProbeBenchmarks
{
    /// <summary>Rows of one invocation: a batch, and a part of the next.</summary>
    public const int Sample = 256;

    private ProbeContext _context = null!;
    private ProbeRequest _request = null!;

    /// <summary>The model, as its file is called.</summary>
    [Params("sized-wide-F16", "sized-wide-Q8_0", "sized-wide-Q4_K_M")]
    public string Model { get; set; } = "";

    /// <summary>Rows in one batch, at most.</summary>
    [Params(1, 240)]
    public int Sequences { get; set; }

    /// <summary>The condition, by its name.</summary>
    [Params("without", "with")]
    public string ArmName { get; set; } = "";

    /// <summary>Loads the model and sees to it that there is something to measure.</summary>
    [GlobalSetup]
    public void Load()
    {
        _context = Workbench.Current.Load(Model, Sequences);
        var vocabulary = _context.Session.Vocabulary;
        _request = new ProbeRequest
        {
            ItemSets =
            [
                new CommonSet(
                    Sample,
                    [.. Spread(vocabulary).Select(id => vocabulary.Token(id).Bytes)]
                ),
            ],
            PromptSets = [],
            Arms = [Arm.Find(ArmName)!],
        };
        if (Rows().FirstOrDefault(row => row.Status != RowStatus.Ok) is { } row)
        {
            throw new InvalidOperationException(
                $"{Model}, {ArmName}: a row is {row.Status}: {row.Reason}"
            );
        }
    }

    /// <summary>Lets the model go.</summary>
    [GlobalCleanup]
    public void Unload() => _context.Session.Dispose();

    /// <summary>The sample, measured.</summary>
    /// <returns>How many rows echo.</returns>
    [Benchmark(OperationsPerInvoke = Sample)]
    public int Probe() => Rows().Count(row => row.Echo == true);

    private IEnumerable<EchoRow> Rows() => FileProbe.Run(_context, _request).Cast<EchoRow>();

    private static IEnumerable<int> Spread(IVocabulary vocabulary)
    {
        var ordinary = Enumerable
            .Range(0, vocabulary.Size)
            .Where(id => vocabulary.Kind(id) == TokenKind.Normal)
            .ToArray();
        return Enumerable
            .Range(0, Sample)
            .Select(i => ordinary[(long)i * ordinary.Length / Sample]);
    }
}
