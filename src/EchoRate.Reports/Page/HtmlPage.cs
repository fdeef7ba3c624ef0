using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using EchoRate.Core.Text;

namespace EchoRate.Reports.Page;

/// <summary>
/// A report as one HTML file that needs nothing else. All texts of a run become text nodes and attribute values of a tree, none is ever put together as markup,
/// and a content security policy allows this page's own style and script by their hashes and nothing else. The page is well-formed XML too.
/// </summary>
public static class HtmlPage
{
    private static readonly (string Open, string Text, string Close) _style = (
        "/*",
        Resource("page.css"),
        "*/"
    );
    private static readonly (string Open, string Text, string Close) _script = (
        "//",
        Resource("page.js"),
        ""
    );

    /// <summary>The page.</summary>
    public static string Render(ReportDocument document)
    {
        var sections = document
            .Sections.Select((section, index) => (Id: $"s{index + 1}", Content: section))
            .ToList();
        var html = new XElement(
            "html",
            new XAttribute("lang", "en"),
            Head(document.Title),
            new XElement(
                "body",
                new XElement("header", new XElement("h1", document.Title)),
                new XElement(
                    "nav",
                    new XAttribute("aria-label", "Sections"),
                    new XElement(
                        "ul",
                        sections.Select(section => new XElement(
                            "li",
                            new XElement(
                                "a",
                                new XAttribute("href", "#" + section.Id),
                                section.Content.Title
                            )
                        ))
                    )
                ),
                new XElement(
                    "main",
                    sections.Select(section => new XElement(
                        "section",
                        new XAttribute("aria-labelledby", section.Id),
                        new XElement("h2", new XAttribute("id", section.Id), section.Content.Title),
                        section.Content.Blocks.Select(
                            (block, index) => Block(block, $"{section.Id}-{index}")
                        )
                    ))
                ),
                Raw("script", _script)
            )
        );
        MakeSafe(html);
        var text = new StringBuilder("<!DOCTYPE html>\n");
        using (
            var writer = XmlWriter.Create(
                text,
                new XmlWriterSettings
                {
                    OmitXmlDeclaration = true,
                    NewLineHandling = NewLineHandling.None,
                }
            )
        )
        {
            html.Save(writer);
        }
        return text.Append('\n').ToString();
    }

    private static XElement Head(string title)
    {
        var head = XElement.Parse(
            $"""
            <head>
              <meta charset="utf-8" />
              <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '{HashOf(
                _style
            )}'; script-src '{HashOf(_script)}'; base-uri 'none'; form-action 'none'" />
              <meta name="viewport" content="width=device-width, initial-scale=1" />
              <meta name="referrer" content="no-referrer" />
            </head>
            """
        );
        head.Add(new XElement("title", title), Raw("style", _style));
        return head;
    }

    private static object Block(ReportBlock block, string id) =>
        block switch
        {
            Heading heading => new XElement("h3", heading.Text),
            Words words => new XElement("p", PageText.Glued(words.Text)),
            Lines lines => new XElement(
                "ul",
                lines.Items.Select(line => new XElement("li", PageText.Glued(line)))
            ),
            Verbatim verbatim => new XElement("pre", verbatim.Text),
            Figures figures => Figure(figures, id),
            DataTable { IsLong: true } table => new object[]
            {
                Search(id),
                Table(table, id, "scroll long"),
            },
            DataTable { IsFolded: true } table => Folded(table, table.Caption, id),
            DataTable table => Table(table, id, "scroll"),
            _ => throw new ArgumentOutOfRangeException(nameof(block), block, null),
        };

    private static XElement Figure(Figures figures, string id)
    {
        var charts = figures.Charts.Select(
            (chart, index) =>
            {
                var (title, about) = ($"{id}-t{index}", $"{id}-d{index}");
                XNamespace svg = chart.Name.Namespace;
                var name = chart.Element(svg + "title")!;
                name.SetAttributeValue("id", title);
                chart.Element(svg + "desc")!.SetAttributeValue("id", about);
                chart.SetAttributeValue("aria-labelledby", title);
                chart.SetAttributeValue("aria-describedby", about);
                return new XElement(
                    "div",
                    new XElement("p", new XAttribute("aria-hidden", "true"), name.Value),
                    chart
                );
            }
        );
        return figures.Charts.Count == 0
            ? Table(figures.Behind, id, "scroll")
            : new XElement(
                "figure",
                new XElement("div", Class("plots"), charts),
                Folded(figures.Behind, "As a table", id)
            );
    }

    private static XElement Folded(DataTable table, string summary, string id) =>
        new("details", new XElement("summary", summary), Table(table, id, "scroll"));

    // Shown by the script: without it there is nothing to search with.
    private static XElement Search(string id)
    {
        var form = XElement.Parse(
            """
            <form class="search" hidden="hidden">
              <label>Search<input type="search" /></label>
              <label>Why<select><option value="">all</option></select></label>
              <output></output>
            </form>
            """
        );
        form.SetAttributeValue("data-table", id);
        return form;
    }

    private static XElement Table(DataTable table, string id, string kind) =>
        new(
            "div",
            Class(kind),
            new XAttribute("role", "region"),
            new XAttribute("tabindex", "0"),
            new XAttribute("aria-label", table.Caption),
            new XElement(
                "table",
                new XAttribute("id", id),
                new XElement("caption", table.Caption),
                new XElement(
                    "thead",
                    new XElement(
                        "tr",
                        table.Columns.Select(column => new XElement(
                            "th",
                            new XAttribute("scope", "col"),
                            column.IsNumber ? Class("n") : null,
                            column.Name
                        ))
                    )
                ),
                new XElement(
                    "tbody",
                    table.Rows.Select(row => new XElement(
                        "tr",
                        row.Zip(table.Columns, (cell, column) => Cell(cell, column))
                    ))
                )
            )
        );

    private static XElement Cell(DataCell cell, DataColumn column)
    {
        const int wide = 60;
        var kind = cell.Kind switch
        {
            CellKind.Hit => "hit",
            CellKind.Near => "near",
            CellKind.Absent => "absent",
            _ => column.IsNumber ? "n"
            : cell.Text.Length > wide ? "w"
            : null,
        };
        return new XElement(
            "td",
            kind is null ? null : Class(kind),
            cell.IsPiece ? new XElement("code", cell.Text) : cell.Text,
            cell.Marks.Length > 0
                ? new object[] { " ", new XElement("span", Class("marks"), cell.Marks) }
                : null
        );
    }

    private static XAttribute Class(string name) => new("class", name);

    // HTML reads style and script letter by letter, XML does not: a comment of theirs around a comment of XML's is right in both.
    private static XElement Raw(string name, (string Open, string Text, string Close) content) =>
        new(name, new XText(content.Open), new XCData(Inner(content)), new XText(content.Close));

    private static string Inner((string Open, string Text, string Close) content) =>
        $"{content.Close}\n{content.Text}\n{content.Open}";

    private static string HashOf((string Open, string Text, string Close) content) =>
        "sha256-"
        + Convert.ToBase64String(
            SHA256.HashData(
                Encoding.UTF8.GetBytes($"{content.Open}<![CDATA[{Inner(content)}]]>{content.Close}")
            )
        );

    // What XML cannot hold, and what turns text around or is not seen.
    private static void MakeSafe(XElement html)
    {
        // XML closes an empty element at once, which HTML takes for an open one.
        foreach (
            var element in html.Descendants()
                .Where(one => one is { IsEmpty: true, Name.NamespaceName: "" })
                .Where(one => one.Name.LocalName is not ("meta" or "input"))
        )
        {
            element.Value = "";
        }
        foreach (
            var text in html.DescendantNodes().OfType<XText>().Where(text => text is not XCData)
        )
        {
            text.Value = Safe(text.Value);
        }
        foreach (
            var attribute in html.DescendantsAndSelf()
                .Attributes()
                .Where(attribute => !attribute.IsNamespaceDeclaration)
        )
        {
            attribute.Value = Safe(attribute.Value);
        }
    }

    private static string Safe(string text)
    {
        var escaped = TerminalText.Escaped(text);
        return escaped.EnumerateRunes().All(IsSound)
            ? escaped
            : string.Concat(
                escaped.EnumerateRunes().Select(rune => IsSound(rune) ? rune.ToString() : "\ufffd")
            );
    }

    private static bool IsSound(Rune rune) => rune.Value is not (0xfffe or 0xffff or 0xfffd);

    private static string Resource(string name)
    {
        using var stream = typeof(HtmlPage).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n").TrimEnd('\n');
    }
}
