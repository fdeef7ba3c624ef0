using EchoRate.Core.Results;
using EchoRate.Core.Text;
using EchoRate.Reports.Csv;
using static EchoRate.Reports.Page.DataColumn;

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
        List<(DataColumn, Func<IGrouping<int, (int File, CompletionRow Row)>, DataCell>)> columns =
        [
            ("File", file => input.Label(file.Key)),
        ];
        foreach (var arm in arms)
        {
            columns.Add(
                (
                    $"Next {PageText.Condition(arm)}",
                    file => Of(file, arm) is { } row ? ReportInput.Outcome(row) : ""
                )
            );
            columns.Add(
                (
                    Number($"P(expected) {PageText.Condition(arm)}"),
                    file =>
                        Of(file, arm)?.ExpectedLogProb is { } logProb
                            ? PageText.Of(Math.Exp(logProb), "P2")
                            : ""
                )
            );
        }
        if (rows.Exists(row => row.Row.Continuation is not null))
        {
            foreach (var arm in arms)
            {
                columns.Add(
                    (
                        $"Continuation {PageText.Condition(arm)}",
                        file => ReportInput.Piece(Of(file, arm)?.Continuation, LongestContinuation)
                    )
                );
            }
        }
        return DataTable.Of(
            $"{PieceNotation.Format(first.Prompt!)}, expected {PieceNotation.Format(first.Expected ?? "")}",
            rows.GroupBy(row => row.File),
            columns
        );

        static CompletionRow? Of(IEnumerable<(int File, CompletionRow Row)> file, string arm) =>
            file.FirstOrDefault(row => row.Row.Arm == arm).Row;
    }

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
                ? $"{rows.Count:N0} of {all:N0} rows, of each kind the most telling; echo.csv and completion.csv have all (columns flip, published_match, near_tie, echo_class)."
                : $"{rows.Count:N0} rows; echo.csv and completion.csv have all the others.";
        return new ReportSection(
            "Rows worth a look",
            [
                new Words(
                    $"{rest} {string.Join(" ", rows.Select(row => row.Why).Distinct().Select(Means))}"
                ),
                (
                    DataTable.Of(
                        "Rows worth a look",
                        rows,
                        [
                            ("Why", row => Say(row.Why)),
                            ("File", row => input.Label(row.File)),
                            ("Set", row => PageText.Line(row.Row.Set)),
                            ("Condition", row => PageText.Condition(row.Row.Arm)),
                            ("Given", row => Given(row.Row)),
                            ("Answer", row => ReportInput.Outcome(row.Row)),
                            (Number("Margin, nat"), row => PageText.Of(row.Row.Margin, "0.000")),
                            (Number("Rank"), row => PageText.Of(row.Row.Rank)),
                            (
                                "Reference's answer",
                                row => ReportInput.Piece(row.Row.ReferenceTop1?.Bytes)
                            ),
                            ("Published", row => ReportInput.Piece(PublishedOf(row.Row))),
                            (Number("KLD, nat"), row => PageText.Of(row.Row.Kld, "G3")),
                        ]
                    ) with
                    {
                        IsLong = true,
                    }
                ).WithoutEmpty(),
            ]
        );
    }

    private static DataCell Given(MeasuredRow row) =>
        row is EchoRow echo
            ? ReportInput.Piece(echo.Item)
            : PageText.Line((row as CompletionRow)?.PromptId);

    private static byte[]? PublishedOf(MeasuredRow row) =>
        row is EchoRow echo ? echo.PublishedTop1 : (row as CompletionRow)?.PublishedNext;

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

    private static string Say(Notable why) => EnumWords.Of(why).Replace('_', ' ');
}
