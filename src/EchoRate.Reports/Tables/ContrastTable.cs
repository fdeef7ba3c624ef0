using System.Globalization;
using System.Text;
using EchoRate.Core.Results;

namespace EchoRate.Reports.Tables;

/// <summary>What quantization does: one line for each file, arm and set against the reference.</summary>
public static class ContrastTable
{
    /// <summary>Renders the contrasts of quantizations; empty where there are none.</summary>
    public static string Render(IEnumerable<CompareRow> contrasts, TableStyle style)
    {
        var rows = contrasts
            .Where(row => row is { Contrast: ContrastKind.Quant, Status: RowStatus.Ok, Items: > 1 })
            .ToList();
        if (rows.Count == 0)
        {
            return "";
        }
        var text = new StringBuilder();
        foreach (var model in rows.GroupBy(row => row.A.Facts.Model))
        {
            var table = new PipeTable(
                [
                    "Probe",
                    "Set",
                    "Arm",
                    "File",
                    "token_embd",
                    "Items",
                    "Rate",
                    "Lost",
                    "Gained",
                    "p (Holm)",
                    "Same top-1",
                    "KLD mean",
                    "Near ties",
                ],
                leading: 1
            ).AlignRight(5, 6, 7, 8, 9, 10, 11, 12);
            // By question, so that the ladder is read downwards.
            foreach (
                var row in model
                    .GroupBy(row => (row.Probe, row.Set, row.BArm))
                    .SelectMany(question => question)
            )
            {
                table.Add(
                    row.Probe,
                    row.Set ?? "",
                    row.BArm,
                    FileName(row.B),
                    row.B.Facts.TokenEmbeddingType ?? "",
                    Whole(row.Items),
                    Format($"{row.ARate:F3} → {row.BRate:F3}"),
                    Whole(row.Lost),
                    Whole(row.Gained),
                    row.McNemarPHolm is { } p ? (p < 0.0001 ? "< 0.0001" : Format($"{p:F4}")) : "",
                    Format($"{row.Top1Agreement:F3}"),
                    row.Kld is { } kld ? Format($"{kld.Mean:G3}") : "",
                    Whole(row.NearTies)
                );
            }
            var reference = model.First().A.Facts;
            text.Append(
                CultureInfo.InvariantCulture,
                $"{model.Key}, against {reference.Quantization}\n\n"
            );
            table.Render(text, style);
            text.Append('\n');
        }
        text.Append(
            "p (Holm): McNemar's exact test on lost and gained, adjusted for the files and arms compared; under 0.05 is more than chance\n"
        );
        return text.ToString();
    }

    private static string FileName(FileRecord file) =>
        file.Facts.Quantization ?? file.Facts.FileId ?? "";

    private static string Whole(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Format(FormattableString text) =>
        text.ToString(CultureInfo.InvariantCulture);
}
