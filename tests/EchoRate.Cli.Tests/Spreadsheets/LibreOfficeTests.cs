using System.Xml;
using System.Xml.Linq;

namespace EchoRate.Cli.Tests.Spreadsheets;

/// <summary>
/// The files of each profile, opened by LibreOffice Calc, which takes for a number or a date whatever looks like one. In the profiles for
/// spreadsheets it is told nothing, as when somebody clicks; of <c>data</c>, which columns are text. Every cell must show what was
/// written, and what is a number must be one.
/// </summary>
[Collection(typeof(HostileReaders))]
public sealed class LibreOfficeTests(HostileRuns runs)
{
    [Theory]
    [InlineData("excel", "en-US")]
    [InlineData("excel-eu", "de-DE")]
    [InlineData("data", "en-US")]
    public void Calc_shows_every_cell_as_written(string profile, string locale)
    {
        using var folder = new TemporaryFolder();
        // Asked first: where there is no LibreOffice nothing needs to be measured.
        Tool.Run(folder.Path, "soffice", "--version");
        var run = runs.Of(profile);
        var separator = profile == "excel-eu" ? ';' : ',';

        // Told nothing, it opens all of them at once.
        if (profile != "data")
        {
            Open(folder, run, HostileRuns.Tables, separator, locale, "");
        }
        List<string> changed = [];
        foreach (var table in HostileRuns.Tables)
        {
            var written = run.Csv(table);
            var described = DescribedColumn.Of(table);
            if (profile == "data")
            {
                var types = written.Columns.Select(
                    (name, i) => $"{i + 1}/{(described[name].IsNumber ? 1 : 2)}"
                );
                Open(folder, run, [table], separator, locale, string.Join('/', types));
            }
            var shown = Sheet(folder.At("sheets", table + ".fods")).ToList();
            Assert.Equal(written.Rows.Count + 1, shown.Count);
            Assert.Equal(written.Columns, shown[0].Select(cell => cell.Text));
            foreach (var (row, cells) in written.Rows.Zip(shown.Skip(1)))
            {
                changed.AddRange(
                    written
                        .Columns.Zip(cells)
                        .Where(cell => !IsSame(row[cell.First], cell.Second, described[cell.First]))
                        .Select(cell =>
                            $"{table}.csv, {cell.First}: {row[cell.First]} became {cell.Second}"
                        )
                );
            }
        }
        Assert.Empty(changed);

        bool IsSame(string text, Cell cell, DescribedColumn column) =>
            text.Length == 0 || !column.IsNumber
                ? cell.Type is null or "string" && cell.Text == text
                : cell.Type == "float"
                    && double.Parse(text.Replace(',', '.')) == double.Parse(cell.Value!);
    }

    // Separator, quote, UTF-8, from line 1, types of columns, language, quoted cells may be numbers, numbers and dates are recognized.
    private static void Open(
        TemporaryFolder folder,
        RunOnDisk run,
        string[] tables,
        char separator,
        string locale,
        string types
    ) =>
        Tool.Run(
            folder.Path,
            "soffice",
            [
                $"-env:UserInstallation={new Uri(folder.At("profile")).AbsoluteUri}",
                "--headless",
                "--convert-to",
                "fods",
                $"--infilter=Text - txt - csv (StarCalc):{(int)separator},34,76,1,{types},{(locale == "de-DE" ? 0x407 : 0x409)},false,true",
                "--outdir",
                folder.At("sheets"),
                .. tables.Select(table => Path.Combine(run.Path, table + ".csv")),
            ]
        );

    private sealed record Cell(string? Type, string? Value, string Text);

    // Flat XML: rows of cells, each with a type, a value where it is no text, and paragraphs of what is shown; what stands between those is layout.
    private static IEnumerable<List<Cell>> Sheet(string path)
    {
        using var xml = XmlReader.Create(path);
        while (xml.Name == "table:table-row" || xml.ReadToFollowing("table:table-row"))
        {
            var row = (XElement)XNode.ReadFrom(xml);
            yield return
            [
                .. row.Elements()
                    .SelectMany(cell =>
                        Enumerable.Repeat(
                            new Cell(
                                Attribute(cell, "value-type"),
                                Attribute(cell, "value"),
                                string.Concat(
                                    cell.Elements().Where(IsParagraph).Nodes().Select(Text)
                                )
                            ),
                            Count(cell, "number-columns-repeated")
                        )
                    ),
            ];
        }

        static bool IsParagraph(XElement element) => element.Name.LocalName == "p";
    }

    // Blanks are elements, and so is what is marked, a link for instance.
    private static string Text(XNode node) =>
        node switch
        {
            XElement { Name.LocalName: "s" } blanks => new string(' ', Count(blanks, "c")),
            XElement marked => string.Concat(marked.Nodes().Select(Text)),
            _ => ((XText)node).Value,
        };

    private static int Count(XElement element, string attribute) =>
        int.Parse(Attribute(element, attribute) ?? "1");

    private static string? Attribute(XElement element, string name) =>
        element.Attributes().FirstOrDefault(one => one.Name.LocalName == name)?.Value;
}
