using EchoRate.Core.Items;
using EchoRate.Core.Models;
using EchoRate.Core.Results;
using EchoRate.Reports.Csv;
using static EchoRate.Reports.Page.DataColumn;

namespace EchoRate.Reports.Page;

/// <summary>A run's report: what was found first, then the figures, then what they rest on and what they cannot say.</summary>
public static class RunReport
{
    /// <summary>The report of a run.</summary>
    public static ReportDocument Of(ReportInput input)
    {
        ReportSection?[] sections =
        [
            Found(input),
            new("How often a lone token comes back", [.. EchoSections.Rates(input, "echo")]),
            EchoSections.Words(input),
            LadderSection.Quantization(input.Summary.Contrasts, input.Summary.Files),
            Arithmetic(input),
            LadderSection.Device(input.Summary.Contrasts),
            MarginSection.Of(input),
            RowSections.Completions(input),
            RowSections.Notable(input),
            Cannot(input),
            Origin(input),
        ];
        return new ReportDocument(
            $"EchoRate: {input.Origin.RunId}",
            [.. sections.OfType<ReportSection>().Where(section => section.Blocks.Count > 0)]
        );
    }

    private static ReportSection Found(ReportInput input)
    {
        string[] care =
        [
            .. input.Findings.NotMeasured,
            .. input.Findings.Flags,
            .. new[] { input.Findings.NearTies }.OfType<string>(),
        ];
        ReportBlock?[] blocks =
        [
            input.Origin.IsFinished
                ? null
                : new Words(
                    "This run did not finish: what follows rests on the rows that are there."
                ),
            input.Findings.Models.Count == 0 ? new Words(RunFindings.Nothing) : null,
            .. input.Findings.Models.SelectMany(model =>
                new ReportBlock[] { new Heading(model.Model), new Lines([.. model.Sentences]) }
            ),
            care.Length == 0 ? null : new Heading("Read with care"),
            care.Length == 0 ? null : new Lines(care),
        ];
        return new("What was found", [.. blocks.OfType<ReportBlock>()]);
    }

    private static ReportSection? Arithmetic(ReportInput input)
    {
        var checkedRows = input
            .Summary.Measured.SelectMany(file =>
                file.Item.Rows.Select(row => (file.Index, Row: row))
            )
            .Where(row => row.Row.Checked is not null)
            .ToList();
        return checkedRows.Count == 0
            ? null
            : new ReportSection(
                "Weights or arithmetic",
                [
                    new Words(
                        "llama.cpp rounds activations to 8 bits where weights are quantized. Rows are exact (every product of weights in F32: what the weights say) or library (what llama.cpp answers on that device). A part of the rows was measured both ways; this is what the other arithmetic changes."
                    ),
                    input.Findings.Arithmetic.Count > 0
                        ? new Lines(input.Findings.Arithmetic)
                        : new Words("It changes none of the checked answers."),
                    DataTable.Of(
                        "The sample in the other arithmetic",
                        checkedRows,
                        [
                            ("File", row => input.Label(row.Index)),
                            ("Rows are", row => Word(row.Row.File.Arithmetic)),
                            ("Probe", row => row.Row.Probe),
                            ("Set", row => row.Row.Set),
                            ("Condition", row => PageText.Condition(row.Row.Arm)),
                            (Number("Sample"), row => PageText.Of(row.Row.Checked!.Rows)),
                            (
                                Number("Answers changed"),
                                row => PageText.Of(row.Row.Checked!.Top1Changed)
                            ),
                            (
                                Number("Median |Δ margin|, nat"),
                                row => PageText.Of(row.Row.Checked!.DeltaMedian, "0.000")
                            ),
                            (
                                Number("95th percentile, nat"),
                                row => PageText.Of(row.Row.Checked!.DeltaP95, "0.000")
                            ),
                            (
                                Number("Near tie below, nat"),
                                row => PageText.Of(row.Row.NearTieEpsilon, "0.00")
                            ),
                        ]
                    ) with
                    {
                        IsFolded = true,
                    },
                    .. LadderSection.Others(
                        input.Summary.Contrasts,
                        ContrastKind.Arithmetic,
                        "Library against exact, on that sample"
                    ),
                ]
            );
    }

    private static ReportSection? Cannot(ReportInput input)
    {
        var facts = input.Summary.Measured.Select(file => file.Item.File.Facts).ToList();
        if (facts.Count == 0)
        {
            return null;
        }
        var sets = input
            .Summary.Measured.SelectMany(file => file.Item.Rows)
            .Select(row => row.Set)
            .ToHashSet();
        string?[] lines =
        [
            facts.Exists(file => file.Constructed)
                ? "Constructed models prove the instrument and say nothing about trained ones: their weights were written so that the answers are known."
                : null,
            "The divergence (KLD) is one of lone tokens, far from what a model sees in text: it is not comparable with text benchmarks, and does not rank near-lossless files.",
            sets.Contains(PublishedWords.Name) ? RunFindings.FewWords : null,
            "A lone token never uses query and key weights: quantizing those cannot change its echo.",
            facts.Exists(file => file.TiedEmbeddings == true)
                ? "A tied embedding (token_embd) works at both ends of a model, and mixtures keep it at more bits than the file's label says: compare files by its type too."
                : null,
            facts.Exists(file => file.BosKind == BosKind.Declared)
                ? "Where BOS is declared but never added by the tokenizer (bos_kind declared), 'with BOS' is a condition that the model was not trained in."
                : null,
            facts.Exists(file => file.BosKind == BosKind.None)
                ? "A file that declares no BOS has no condition with BOS; rows of different bos_kind are never pooled."
                : null,
            "An echo says what comes first, not why: 'neutral' tells no BOS from first position, and nothing here looks inside a model.",
        ];
        return new("What the figures cannot say", [new Lines([.. lines.OfType<string>()])]);
    }

    /// <summary>The report of a look: its sections, and where they come from.</summary>
    public static ReportDocument Of(ReportOrigin origin, IReadOnlyList<ReportSection> sections) =>
        new(
            $"EchoRate: {origin.RunId}",
            [.. sections, Origin(origin, [], "All rows are in the run's folder, in its CSV files")]
        );

    private static ReportSection Origin(ReportInput input) =>
        Origin(
            input.Origin,
            [
                DataTable.Of(
                    "The files",
                    input.Summary.Files.Index(),
                    [
                        ("File", file => input.Label(file.Index)),
                        ("Architecture", file => PageText.Line(file.Item.File.Facts.Architecture)),
                        ("Tensors", file => file.Item.File.Facts.TensorTypes),
                        (Number("Bytes"), file => PageText.Of(file.Item.File.Facts.FileBytes)),
                        ("BOS", file => Word(file.Item.File.Facts.BosKind)),
                        ("Device", file => PageText.Line(file.Item.File.Device)),
                        ("Arithmetic", file => Word(file.Item.File.Arithmetic)),
                        (
                            "Status",
                            file =>
                                file.Item.File.Status == RowStatus.Ok
                                    ? "ok"
                                    : PageText.Line(file.Item.File.Reason)
                        ),
                        ("SHA-256", file => file.Item.File.Facts.Sha256),
                    ]
                ),
            ],
            "All rows are in the run's folder: echo.csv, completion.csv, summary.csv, compare.csv, files.csv"
        );

    private static string? Word<TEnum>(TEnum? member)
        where TEnum : struct, Enum => member is { } one ? EnumWords.Of(one) : null;

    private static ReportSection Origin(
        ReportOrigin origin,
        IReadOnlyList<ReportBlock> files,
        string where
    ) =>
        new(
            "Where the numbers come from",
            [
                DataTable.Of(
                    "The run",
                    origin.Facts,
                    [("What", fact => fact.Name), ("Value", fact => PageText.Line(fact.Value))]
                ),
                .. files,
                new Words("To repeat it, with the same files:"),
                new Verbatim(origin.Command),
                new Words($"{where}; run.json has the rest of the provenance."),
            ]
        );
}
