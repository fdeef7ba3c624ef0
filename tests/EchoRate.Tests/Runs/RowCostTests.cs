using System.Text;
using EchoRate.Core.Arms;
using EchoRate.Core.Engine;
using EchoRate.Core.Items;
using EchoRate.Core.Models;
using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Core.Scoring;
using EchoRate.Core.Statistics;
using EchoRate.Reports.Csv;
using EchoRate.Runs.Journal;
using EchoRate.Tests.Gguf;

namespace EchoRate.Tests.Runs;

/// <summary>Bytes that a row costs on its way from the logits to the CSV file: millions of rows are made in a run.</summary>
public sealed class RowCostTests : IDisposable
{
    private const int Vocabulary = 8_000;

    private readonly TestFolder _folder = new();

    [Fact]
    public void Scoring_allocates_nothing()
    {
        var logits = new float[9_999];
        LogitScore.TryCompute(logits, 3, out _);
        Divergence.Kld(logits, 0, logits, 0);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var token = 0; token < 100; token++)
        {
            LogitScore.TryCompute(logits, token, out var score);
            LogitScore.TryFindTop(logits, out _);
            Divergence.Kld(logits, score.LogSumExp, logits, score.LogSumExp);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    // The difference between many rows and half as many: what is made once for all rows falls out.
    [Fact]
    public void A_row_costs_few_bytes_where_it_is_measured_and_where_it_is_rendered()
    {
        Cost(1_000);
        var (fewer, more) = (Cost(Vocabulary / 2), Cost(Vocabulary));

        var measuring = (more.Measuring - fewer.Measuring) / (Vocabulary / 2);
        var rendering = (more.Rendering - fewer.Rendering) / (Vocabulary / 2);

        // Both are read beside each other, and once more for each contrast.
        Assert.True(measuring + rendering < 1_400, $"{measuring} + {rendering} bytes");
    }

    public void Dispose() => _folder.Dispose();

    private (long Measuring, long Rendering) Cost(int rows)
    {
        var path = _folder[$"{rows}.jsonl"];
        var file = new FileRecord
        {
            Facts = new ModelFacts { Model = "m", Sha256 = new string('a', 64) },
            Engine = "fixed",
            Status = RowStatus.Ok,
        };
        var before = GC.GetAllocatedBytesForCurrentThread();
        using (var journal = JournalWriter.Create(path))
        {
            journal.Append(file);
            var model = new FixedModel(Vocabulary);
            var context = new ProbeContext(file.Facts, model);
            var items = new SampleSet(rows, 0).Resolve(model, context.Finder);
            Assert.Equal(rows, items.Count);
            foreach (
                var row in EchoProbe.Run(context, "all", items, new ArmPrefix(Arm.Without, null))
            )
            {
                journal.Append(row);
            }
            journal.End(file);
        }
        var measured = GC.GetAllocatedBytesForCurrentThread();
        var summary = new SummaryBuilder();
        using (
            var table = new CsvTableWriter<RowLine<EchoRow>>(
                Stream.Null,
                CsvProfile.Excel,
                EchoCsv.Columns
            )
        )
        {
            foreach (var row in JournalReader.ReadRows(path))
            {
                summary.Add(row);
                table.Write(new RowLine<EchoRow>("run", file, (EchoRow)row));
            }
        }
        Assert.Equal(rows, summary.Build(file).Single().Measured);
        return (measured - before, GC.GetAllocatedBytesForCurrentThread() - measured);
    }

    // A model that costs nothing: every token is a word, all logits are one array.
    private sealed class FixedModel : IModelSession, IVocabulary
    {
        private readonly float[] _logits;
        private readonly byte[][] _pieces;

        public FixedModel(int size)
        {
            _logits = [.. Enumerable.Range(0, size).Select(id => id == 7 ? 9f : id % 5)];
            _pieces =
            [
                .. Enumerable
                    .Range(0, size)
                    .Select(id =>
                        Encoding.UTF8.GetBytes(
                            " " + string.Concat($"{id:D5}".Select(digit => (char)(digit + 49)))
                        )
                    ),
            ];
        }

        public int Size => _pieces.Length;

        public IVocabulary Vocabulary => this;

        public SessionReport Report { get; } =
            new()
            {
                Backend = "cpu",
                Device = "CPU",
                GpuLayers = 0,
                Layers = 1,
                Threads = 1,
                AddsBos = false,
            };

        public int SequenceCount => 256;

        public int BatchSize => 512;

        public int CacheSize => 512;

        public bool CanKeepBeginning => true;

        public void Clear() { }

        public void CopySequence(int source, int destination) { }

        public void TruncateSequence(int sequence, int fromPosition) { }

        public void Decode(ReadOnlySpan<BatchToken> batch) { }

        public ReadOnlySpan<float> Logits(int batchIndex) => _logits;

        public ReadOnlyMemory<byte> Piece(int token) => _pieces[token];

        public TokenKind Kind(int token) => TokenKind.Normal;

        public bool IsEndOfGeneration(int token) => false;

        public int[] Tokenize(ReadOnlySpan<byte> utf8) => [];

        public void Dispose() { }
    }
}
