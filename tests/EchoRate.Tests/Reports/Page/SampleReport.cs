using EchoRate.Core.Tokens;
using EchoRate.Reports.Page;

namespace EchoRate.Tests.Reports.Page;

/// <summary>A report of two files of one ladder and one that is not here, with as many words as are asked for.</summary>
internal static class SampleReport
{
    private static readonly string[] _arms = ["without", "with"];

    /// <summary>What it is made from.</summary>
    /// <param name="words">Words of the set, in each file and arm.</param>
    /// <param name="name">Stands wherever a text comes from outside: model, files, words, answers, prompts.</param>
    public static ReportInput Input(int words = 200, string name = "sample")
    {
        FileRecord[] files =
        [
            File(name, "F16", 16, 'a'),
            File(name, "Q4_K_M", 5.5, 'b'),
            SampleRun.Missing with
            {
                Reason = name,
            },
        ];
        var rows = new ReportRows();
        var summaries = files.Select(
            (file, index) =>
            {
                var builder = new SummaryBuilder();
                foreach (var row in file.Status == RowStatus.Ok ? Rows(index, words, name) : [])
                {
                    builder.Add(row);
                    rows.See(index, row);
                }
                var sums = builder.Build(file);
                return new FileSummary(
                    file,
                    [
                        .. sums.Select(sum =>
                            sum with
                            {
                                Checked = new CheckedRows(20, 3, 0.1, 0.4, 0.01),
                            }
                        ),
                    ]
                );
            }
        );
        return new ReportInput(
            new RunSummary([.. summaries], [.. _arms.Select(arm => Contrast(files, arm, name))]),
            rows,
            new ReportOrigin(name, false, [("Folder", name)], $"echorate run --file '{name}'")
        );
    }

    private static FileRecord File(string name, string quantization, double bits, char id) =>
        SampleRun.File with
        {
            Facts = SampleRun.File.Facts with
            {
                Model = name,
                Quantization = quantization,
                TokenEmbeddingType = name,
                BitsPerWeight = bits,
                Sha256 = new string(id, 64),
            },
            Arithmetic = Arithmetic.Library,
            Device = name,
            Flags = [name],
        };

    private static CompareRow Contrast(FileRecord[] files, string arm, string name) =>
        SampleRun.Contrast(files[0], files[1]) with
        {
            Set = name,
            AArm = arm,
            BArm = arm,
            Items = 200,
            ARate = 0.5,
            BRate = 0.4,
            Lost = 24,
            Gained = 4,
            McNemarPHolm = 0.0001,
            Top1Agreement = 0.85,
            Top1AgreementLow = 0.8,
            Top1AgreementHigh = 0.9,
            Kld = new MeanEstimate(0.02, 0.01, 0.03),
            Floor = new CheckedRows(20, 3, 0.1, 0.4, 0.01),
        };

    private static IEnumerable<MeasuredRow> Rows(int file, int words, string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        foreach (var arm in _arms)
        {
            for (var i = 0; i < words; i++)
            {
                var margin = (i % 40 * 0.25) - (arm == "with" ? 9 : 5);
                yield return new EchoRow
                {
                    Arm = arm,
                    ItemSet = name,
                    Place = i,
                    Item = [.. bytes, (byte)('a' + (i % 26))],
                    Token = new TokenBytes(i, bytes),
                    VocabularyQuantile = (double)i / words,
                    Top1 = new TokenBytes(7, bytes),
                    Echo = margin > 0,
                    EchoClass = margin > 0 ? EchoClass.Exact : EchoClass.None,
                    EchoMargin = margin,
                    NearTie = Math.Abs(margin) < 0.1,
                    TokenRank = margin > 0 ? 1 : 2 + (i % 50),
                    TokenLogProb = -1,
                    ReferenceTop1 = file == 0 ? null : new TokenBytes(8, bytes),
                    Flip = file == 0 ? null : i % 9 == 0,
                    Kld = file == 0 ? null : 0.01,
                    PublishedTop1 = i < 3 ? bytes : null,
                    PublishedMatch = i < 3 ? i > 0 : null,
                    Status = RowStatus.Ok,
                };
            }
            yield return SampleRun.Completions[0] with
            {
                Arm = arm,
                PromptSet = name,
                PromptId = name,
                Prompt = name,
                Expected = name,
                Next = new TokenBytes(9, bytes),
                Continuation = bytes,
                Status = RowStatus.Ok,
            };
        }
    }
}
