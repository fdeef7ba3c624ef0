using EchoRate.Core.Items;
using EchoRate.Core.Models;
using EchoRate.Core.Results;
using EchoRate.Reports.Csv;
using EchoRate.Reports.Findings;

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
            LadderSection.Quantization(input),
            Arithmetic(input),
            Device(input),
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
        var blocks = new List<ReportBlock>();
        if (!input.Origin.IsFinished)
        {
            blocks.Add(
                new Words("This run did not finish: what follows rests on the rows that are there.")
            );
        }
        if (input.Findings.Models.Count == 0)
        {
            blocks.Add(new Words(RunFindings.Nothing));
        }
        foreach (var model in input.Findings.Models)
        {
            blocks.Add(new Heading(model.Model));
            blocks.Add(new Lines([.. model.Sentences]));
        }
        string[] care =
        [
            .. input.Findings.NotMeasured,
            .. input.Findings.Flags,
            .. new[] { input.Findings.NearTies }.OfType<string>(),
        ];
        if (care.Length > 0)
        {
            blocks.Add(new Heading("Read with care"));
            blocks.Add(new Lines(care));
        }
        return new("What was found", blocks);
    }

    private static ReportSection? Arithmetic(ReportInput input)
    {
        var checkedRows = input
            .Measured.SelectMany(file => file.Item.Rows.Select(row => (file.Index, Row: row)))
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
                    new DataTable(
                        "The sample in the other arithmetic",
                        [
                            "File",
                            "Rows are",
                            "Probe",
                            "Set",
                            "Condition",
                            DataColumn.Number("Sample"),
                            DataColumn.Number("Answers changed"),
                            DataColumn.Number("Median |Δ margin|, nat"),
                            DataColumn.Number("95th percentile, nat"),
                            DataColumn.Number("Near tie below, nat"),
                        ],
                        [
                            .. checkedRows.Select(row =>
                                (DataCell[])
                                    [
                                        input.Label(row.Index),
                                        row.Row.File.Arithmetic == Core.Engine.Arithmetic.Exact
                                            ? "exact"
                                            : "library",
                                        row.Row.Probe,
                                        row.Row.Set,
                                        PageText.Condition(row.Row.Arm),
                                        PageText.Of(row.Row.Checked!.Rows),
                                        PageText.Of(row.Row.Checked.Top1Changed),
                                        PageText.Of(row.Row.Checked.DeltaMedian, "0.000"),
                                        PageText.Of(row.Row.Checked.DeltaP95, "0.000"),
                                        PageText.Of(row.Row.NearTieEpsilon, "0.00"),
                                    ]
                            ),
                        ]
                    )
                    {
                        IsFolded = true,
                    },
                    .. LadderSection.Others(
                        input,
                        ContrastKind.Arithmetic,
                        "Library against exact, on that sample"
                    ),
                ]
            );
    }

    private static ReportSection Device(ReportInput input) =>
        new(
            "What the device does",
            [.. LadderSection.Others(input, ContrastKind.Device, "The same file on another device")]
        );

    private static ReportSection? Cannot(ReportInput input)
    {
        var facts = input.Measured.Select(file => file.Item.File.Facts).ToList();
        if (facts.Count == 0)
        {
            return null;
        }
        var sets = input
            .Measured.SelectMany(file => file.Item.Rows)
            .Select(row => row.Set)
            .ToHashSet();
        List<string> lines = [];
        if (facts.Exists(file => file.Constructed))
        {
            lines.Add(
                "Constructed models prove the instrument and say nothing about trained ones: their weights were written so that the answers are known."
            );
        }
        lines.Add(
            "The divergence (KLD) is one of lone tokens, far from what a model sees in text: it is not comparable with text benchmarks, and does not rank near-lossless files."
        );
        if (sets.Contains(PublishedWords.Name))
        {
            lines.Add(RunFindings.FewWords);
        }
        lines.Add(
            "A lone token never uses query and key weights: quantizing those cannot change its echo."
        );
        if (facts.Exists(file => file.TiedEmbeddings == true))
        {
            lines.Add(
                "A tied embedding (token_embd) works at both ends of a model, and mixtures keep it at more bits than the file's label says: compare files by its type too."
            );
        }
        if (facts.Exists(file => file.BosKind == BosKind.Declared))
        {
            lines.Add(
                "Where BOS is declared but never added by the tokenizer (bos_kind declared), 'with BOS' is a condition that the model was not trained in."
            );
        }
        if (facts.Exists(file => file.BosKind == BosKind.None))
        {
            lines.Add(
                "A file that declares no BOS has no condition with BOS; rows of different bos_kind are never pooled."
            );
        }
        lines.Add(
            "An echo says what comes first, not why: 'neutral' tells no BOS from first position, and nothing here looks inside a model."
        );
        return new("What the figures cannot say", [new Lines(lines)]);
    }

    /// <summary>The report of a look: its sections, and where they come from.</summary>
    public static ReportDocument Of(ReportOrigin origin, IReadOnlyList<ReportSection> sections) =>
        new(
            $"EchoRate: {origin.RunId}",
            [
                .. sections,
                new ReportSection(
                    "Where the numbers come from",
                    [
                        Facts(origin),
                        new Words("To repeat it, with the same files:"),
                        new Verbatim(origin.Command),
                        new Words(
                            "All rows are in the run's folder, in its CSV files; run.json has the rest of the provenance."
                        ),
                    ]
                ),
            ]
        );

    private static DataTable Facts(ReportOrigin origin) =>
        new(
            "The run",
            ["What", "Value"],
            [.. origin.Facts.Select(fact => (DataCell[])[fact.Name, PageText.Line(fact.Value)])]
        );

    private static ReportSection Origin(ReportInput input) =>
        new(
            "Where the numbers come from",
            [
                Facts(input.Origin),
                new DataTable(
                    "The files",
                    [
                        "File",
                        "Architecture",
                        "Tensors",
                        DataColumn.Number("Bytes"),
                        "BOS",
                        "Device",
                        "Arithmetic",
                        "Status",
                        "SHA-256",
                    ],
                    [
                        .. input.Summary.Files.Select(
                            (file, index) =>
                                (DataCell[])
                                    [
                                        input.Label(index),
                                        PageText.Line(file.File.Facts.Architecture),
                                        file.File.Facts.TensorTypes,
                                        PageText.Of(file.File.Facts.FileBytes),
                                        file.File.Facts.BosKind is { } bos
                                            ? EnumWords.Of(bos)
                                            : null,
                                        PageText.Line(file.File.Device),
                                        file.File.Arithmetic is { } kind
                                            ? EnumWords.Of(kind)
                                            : null,
                                        file.File.Status == RowStatus.Ok
                                            ? "ok"
                                            : PageText.Line(file.File.Reason),
                                        file.File.Facts.Sha256,
                                    ]
                        ),
                    ]
                ),
                new Words("To repeat it, with the same files:"),
                new Verbatim(input.Origin.Command),
                new Words(
                    "All rows are in the run's folder: echo.csv, completion.csv, summary.csv, compare.csv, files.csv; run.json has the rest of the provenance."
                ),
            ]
        );
}
