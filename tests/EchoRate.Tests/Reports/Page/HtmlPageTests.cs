using System.Security.Cryptography;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using EchoRate.Reports.Page;

namespace EchoRate.Tests.Reports.Page;

/// <summary>report.html as text: what it holds, what it may do, and that nothing from outside becomes markup.</summary>
public sealed partial class HtmlPageTests
{
    private static readonly XNamespace _svg = "http://www.w3.org/2000/svg";

    public static TheoryData<string> Hostile =>
        [
            "<script>alert(1)</script>",
            "</script><script>alert(1)</script>",
            "</style><img src=x onerror=alert(1)>",
            "\"><svg onload=alert(1)>",
            "' onmouseover='alert(1)",
            "]]><b>",
            "&lt;b&gt;&amp;amp;",
            "<!-- --!><b>",
            "javascript:alert(1)",
            "\u202egnp.exe\u0000\u001b[31m\ud800\uffff\u2028",
            "| a | `b` | **c**",
        ];

    [Fact]
    public void It_says_what_the_run_found_and_what_it_rests_on()
    {
        var page = Parse(SampleReport.Input());
        Assert.Equal(
            [
                "What was found",
                "How often a lone token comes back",
                "What came back: sample",
                "What quantization does",
                "Weights or arithmetic",
                "How clear the echoes are",
                "What prompts are completed with",
                "Rows worth a look",
                "What the figures cannot say",
                "Where the numbers come from",
            ],
            page.Descendants("h2").Select(heading => heading.Value)
        );
        Assert.Contains("This run did not finish", page.Value);
        Assert.Contains("lone tokens", page.Value);
        Assert.Contains("Constructed models prove the instrument", page.Value);
        Assert.Contains("query and key weights", page.Value);
    }

    [Fact]
    public void Every_chart_has_a_title_a_description_marks_and_a_table_behind_it()
    {
        var figures = Parse(SampleReport.Input()).Descendants("figure").ToList();
        Assert.Equal(4, figures.Count);
        Assert.All(
            figures,
            figure =>
            {
                Assert.NotEmpty(figure.Descendants("table").Single().Descendants("td"));
                Assert.All(
                    figure.Descendants(_svg + "svg"),
                    chart =>
                    {
                        Assert.NotEmpty(chart.Element(_svg + "title")!.Value);
                        Assert.NotEmpty(chart.Element(_svg + "desc")!.Value);
                        Assert.Equal(
                            chart.Attribute("aria-labelledby")!.Value,
                            chart.Element(_svg + "title")!.Attribute("id")!.Value
                        );
                    }
                );
            }
        );
        var charts = figures.SelectMany(figure => figure.Descendants(_svg + "svg")).ToList();
        // Rates of words and of prompts (one prompt is no rate), three of the ladder, margins, tenths.
        Assert.Equal(6, charts.Count);
        Assert.All(charts, chart => Assert.NotEmpty(chart.Descendants(_svg + "line")));
    }

    [Fact]
    public void Nothing_but_its_own_style_and_script_may_run_and_nothing_be_fetched()
    {
        var html = HtmlPage.Render(RunReport.Of(SampleReport.Input()));
        var policy = Parse(html)
            .Descendants("meta")
            .Single(meta => meta.Attribute("http-equiv")?.Value == "Content-Security-Policy")
            .Attribute("content")!
            .Value;
        Assert.Equal(
            $"default-src 'none'; style-src '{HashOf(html, "style")}'; script-src '{HashOf(html, "script")}'; base-uri 'none'; form-action 'none'",
            policy
        );
        Assert.DoesNotMatch(@"\s(src|href)=""(?!#)", html);
        Assert.DoesNotMatch(@"\sstyle=", html);
        Assert.DoesNotMatch(@"url\(|@import", html);
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_text_from_outside_becomes_no_markup(string text)
    {
        var (tame, hostile) = (Parse(SampleReport.Input()), Parse(SampleReport.Input(name: text)));
        Assert.Equal(Shape(tame), Shape(hostile));
        Assert.DoesNotContain(
            hostile.DescendantsAndSelf().Attributes(),
            attribute =>
                attribute.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase)
        );
        Assert.DoesNotMatch(@"[\u202e\u0000\u001b\ufffe\uffff]", hostile.ToString());
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Nor_does_it_in_Markdown(string text)
    {
        var (tame, hostile) = (
            MarkdownPage.Render(RunReport.Of(SampleReport.Input())).Split('\n'),
            MarkdownPage.Render(RunReport.Of(SampleReport.Input(name: text))).Split('\n')
        );
        Assert.Equal(tame.Length, hostile.Length);
        Assert.All(
            tame.Zip(hostile).Where(line => line.First.StartsWith('|')),
            line => Assert.Equal(CellsOf(line.First), CellsOf(line.Second))
        );
        // What stands outside of code has no tag, no image and no link.
        var prose = Code().Replace(string.Join('\n', hostile), "");
        Assert.DoesNotMatch(@"(?<!\\)[<\[\]]", prose);
    }

    // XML may close an empty element at once; a browser takes it for one that stays open.
    [Fact]
    public void No_element_is_closed_before_it_began()
    {
        var empty = new ReportDocument(
            "",
            [
                new ReportSection(
                    "",
                    [new Words(""), new Lines([]), new Figures([], new DataTable("", ["a"], []))]
                ),
            ]
        );
        Assert.All(
            EmptyTag().Matches(HtmlPage.Render(empty)),
            tag => Assert.Contains(tag.Groups[1].Value, new[] { "meta", "input" })
        );
    }

    [Fact]
    public void A_run_in_which_every_file_failed_says_so_and_nothing_of_figures()
    {
        var input = SampleReport.Input();
        var page = Parse(
            new ReportInput(
                new RunSummary([new FileSummary(SampleRun.Missing, [])], []),
                new ReportRows(),
                input.Origin
            )
        );
        Assert.Equal(
            ["What was found", "Where the numbers come from"],
            page.Descendants("h2").Select(heading => heading.Value)
        );
        Assert.Contains("Nothing was measured.", page.Value);
    }

    [Fact]
    public void Rows_that_are_not_in_the_page_are_said_to_be_in_the_CSV_files()
    {
        var clock = Stopwatch.StartNew();
        var input = SampleReport.Input(words: 25_000);
        var html = HtmlPage.Render(RunReport.Of(input));
        clock.Stop();

        var section = Parse(html)
            .Descendants("section")
            .Single(s => s.Element("h2")!.Value == "Rows worth a look");
        Assert.Equal(
            ReportRows.MostNotable,
            section.Descendants("tbody").Single().Elements("tr").Count()
        );
        Assert.Matches(
            @"^2,000 of 7,923 rows, .*echo\.csv and completion\.csv have all",
            section.Element("p")!.Value
        );
        Assert.True(html.Length < 8_000_000, $"{html.Length} characters");
        // 100,000 rows; the journals' reading is not in it.
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"{clock.Elapsed}");
    }

    private static XElement Parse(ReportInput input) => Parse(HtmlPage.Render(RunReport.Of(input)));

    // Well-formed, or this throws.
    private static XElement Parse(string html)
    {
        Assert.StartsWith("<!DOCTYPE html>\n<html", html, StringComparison.Ordinal);
        return XDocument.Parse(html["<!DOCTYPE html>\n".Length..]).Root!;
    }

    // Elements and attributes without their texts. What is folded or wide depends on lengths, and so do a few classes.
    private static IEnumerable<string> Shape(XElement page) =>
        page.DescendantsAndSelf()
            .Select(element =>
                element.Name.LocalName
                + string.Join(
                    ' ',
                    element
                        .Attributes()
                        .Where(a => !a.IsNamespaceDeclaration && a.Name != "class")
                        .Select(attribute => attribute.Name.LocalName)
                )
            );

    private static string HashOf(string html, string element)
    {
        var (open, close) = ($"<{element}>", $"</{element}>");
        var start = html.IndexOf(open, StringComparison.Ordinal) + open.Length;
        var content = html[start..html.IndexOf(close, start, StringComparison.Ordinal)];
        return "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
    }

    // Bars that end a cell.
    private static int CellsOf(string line) => Bar().Count(line);

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Bar();

    [GeneratedRegex(@"<([a-z0-9]+)[^<>]*/>")]
    private static partial Regex EmptyTag();

    [GeneratedRegex(@"(`+)[^`].*?[^`]\1(?!`)|^(`{3,})console\n.*\n\2$", RegexOptions.Multiline)]
    private static partial Regex Code();
}
