using EchoRate.Core.Results;
using EchoRate.Core.Text;

namespace EchoRate.Reports.Page;

/// <summary>Single rows: what prompts were completed with, and rows that are worth a look.</summary>
internal static class RowSections
{
    private const int LongestContinuation = 120;

    /// <summary>Completions without and with BOS, side by side.</summary>
    public static ReportSection? Completions(ReportInput input)
    {
        var rows = input.Rows.Completions.Where(row => row.Row.Prompt is not null).ToList();
        if (rows.Count == 0)
        {
            return null;
        }
        // One prompt of each set in full; rates say the rest.
        var prompts = rows.GroupBy(row => (row.Row.PromptSet, row.Row.Prompt))
            .GroupBy(prompt => prompt.Key.PromptSet)
            .Select(set => Table(input, [.. set.First()]));
        return new ReportSection(
            "What prompts are completed with",
            [.. prompts, .. EchoSections.Rates(input, "completion")]
        );
    }

    private static DataTable Table(ReportInput input, List<(int File, CompletionRow Row)> rows)
    {
        var first = rows[0].Row;
        var arms = rows.Select(row => row.Row.Arm).Distinct().ToList();
        var continued = rows.Exists(row => row.Row.Continuation is not null) ? arms : [];
        return new DataTable(
            $"{PieceNotation.Format(first.Prompt!)}, expected {PieceNotation.Format(first.Expected ?? "")}",
            [
                "File",
                .. arms.SelectMany(arm =>
                    (DataColumn[])
                        [
                            $"Next {PageText.Condition(arm)}",
                            DataColumn.Number($"P(expected) {PageText.Condition(arm)}"),
                        ]
                ),
                .. continued.Select(arm => (DataColumn)$"Continuation {PageText.Condition(arm)}"),
            ],
            [
                .. rows.GroupBy(row => row.File)
                    .Select(file =>
                        (DataCell[])
                            [
                                input.Label(file.Key),
                                .. arms.SelectMany(arm => Cells(Of(file, arm))),
                                .. continued.Select(arm =>
                                    ReportInput.Piece(
                                        Of(file, arm)?.Continuation,
                                        LongestContinuation
                                    )
                                ),
                            ]
                    ),
            ]
        );

        static CompletionRow? Of(IEnumerable<(int File, CompletionRow Row)> file, string arm) =>
            file.FirstOrDefault(row => row.Row.Arm == arm).Row;
    }

    private static DataCell[] Cells(CompletionRow? row) =>
        row is null
            ? ["", ""]
            :
            [
                ReportInput.Outcome(row),
                row.ExpectedLogProb is { } logProb ? PageText.Of(Math.Exp(logProb), "P2") : "",
            ];

    /// <summary>Rows worth a look: flips, disagreements, near ties, near misses.</summary>
    public static ReportSection? Notable(ReportInput input)
    {
        var rows = input.Rows.Notables.ToList();
        if (rows.Count == 0)
        {
            return null;
        }
        var all = input.Rows.NotableCount;
        var rest =
            rows.Count < all
                ? PageText.Of(
                    $"{rows.Count:N0} of {all:N0} rows, of each kind the most telling; echo.csv and completion.csv have all (columns flip, published_match, near_tie, echo_class)."
                )
                : PageText.Of(
                    $"{rows.Count:N0} rows; echo.csv and completion.csv have all the others."
                );
        return new ReportSection(
            "Rows worth a look",
            [
                new Words(
                    $"{rest} {string.Join(" ", rows.Select(row => row.Why).Distinct().Select(Means))}"
                ),
                new DataTable(
                    "Rows worth a look",
                    [
                        "Why",
                        "File",
                        "Set",
                        "Condition",
                        "Given",
                        "Answer",
                        DataColumn.Number("Margin, nat"),
                        DataColumn.Number("Rank"),
                        "Reference's answer",
                        "Published",
                        DataColumn.Number("KLD, nat"),
                    ],
                    [.. rows.Select(row => Cells(input.Label(row.File), row.Why, row.Row))]
                )
                {
                    IsLong = true,
                }.WithoutEmpty(),
            ]
        );
    }

    private static DataCell[] Cells(string file, Notable why, MeasuredRow row)
    {
        var (given, published) = row switch
        {
            EchoRow echo => (ReportInput.Piece(echo.Item), echo.PublishedTop1),
            CompletionRow completion => (
                PageText.Line(completion.PromptId),
                completion.PublishedNext
            ),
            _ => ((DataCell)"", null),
        };
        return
        [
            Say(why),
            file,
            PageText.Line(row.Set),
            PageText.Condition(row.Arm),
            given,
            ReportInput.Outcome(row),
            PageText.Of(row.Margin, "0.000"),
            PageText.Of(row.Rank),
            ReportInput.Piece(row.ReferenceTop1?.Bytes),
            ReportInput.Piece(published),
            PageText.Of(row.Kld, "G3"),
        ];
    }

    private static string Means(Notable why) =>
        why switch
        {
            Page.Notable.Flip => "A flip is another outcome than the reference's.",
            Page.Notable.Disagreement =>
                "A disagreement is another answer than the published table's.",
            Page.Notable.NearTie => "A near tie is an outcome that the arithmetic may turn over.",
            _ =>
                "A near miss is an answer that is close to the word, or a word that came second within 1 nat.",
        };

    private static string Say(Notable why) =>
        why switch
        {
            Page.Notable.Flip => "flip",
            Page.Notable.Disagreement => "disagreement",
            Page.Notable.NearTie => "near tie",
            _ => "near miss",
        };
}
