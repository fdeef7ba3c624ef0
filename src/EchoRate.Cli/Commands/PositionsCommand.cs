using Cocona;
using EchoRate.Cli.CommandLine;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Core.Statistics;
using EchoRate.Reports.Csv;
using EchoRate.Reports.Inputs;
using EchoRate.Reports.Tables;

namespace EchoRate.Cli.Commands;

/// <summary>The options of <c>echorate positions</c>.</summary>
internal sealed record PositionsRequest : LookingRequest
{
    [Option(
        "text",
        ValueName = "FILE|TEXT",
        Description = "The text to look at: a file's name, or the text itself"
    )]
    [HasDefaultValue]
    public string? Text { get; init; }

    [Option(
        "window",
        ValueName = "N",
        Description = "Tokens of the text at once; each window starts anew (default: 512, or what the model's context holds)"
    )]
    [HasDefaultValue, Between(1, int.MaxValue)]
    public int? Window { get; init; }

    [Option("arms", ValueName = "LIST", Description = OptionTexts.Arms)]
    [HasDefaultValue, CommaList]
    public string[] Arms { get; init; } = ["without", "with"];

    /// <inheritdoc />
    public override LookingRequest From(string folder) =>
        (PositionsRequest)base.From(folder) with
        {
            Text = IsFile(folder) ? Path.GetFullPath(Text!, folder) : Text,
        };

    /// <summary>Whether the text is a file's name: what exists is a file, and what looks like a file's name is one that is missing, and no text of one word.</summary>
    /// <param name="folder">The folder that relative paths start from.</param>
    public bool IsFile(string folder)
    {
        if (Text is not { Length: > 0 } text || text.Any(char.IsControl))
        {
            return false;
        }
        var extension = Path.GetExtension(text);
        return File.Exists(Path.GetFullPath(text, folder))
            || !text.Any(char.IsWhiteSpace)
                && extension.Length is > 1 and <= 5
                && extension.Skip(1).All(char.IsAsciiLetterOrDigit);
    }
}

/// <summary><c>echorate positions</c>: a text token by token, under each arm.</summary>
internal sealed class PositionsCommand(Looking looking)
{
    [Command(
        "positions",
        Description = "How far into a text does the echo last? Every token of it, and the perplexity"
    )]
    public Task<int> RunAsync(PositionsRequest request) =>
        looking.RunAsync(request, Verb.Of(() => this), Ask);

    private static LookReport Ask(PositionsRequest request)
    {
        if (request.Text is not { Length: > 0 } text)
        {
            throw new UsageException("--text: give the name of a text file, or a text");
        }
        var isFile = Path.IsPathFullyQualified(text) && request.IsFile(Path.GetPathRoot(text)!);
        var probe = new PositionProbe(
            isFile ? Path.GetFileName(text) : "text",
            isFile ? TextFile.Read(text) : TextOf(text),
            request.Window
        );
        var summaries = new List<Summary>();
        return new LookReport<PositionRow>(PositionsCsv.Table, PositionsCsv.Columns)
        {
            Probes = new ProbeRequest
            {
                ItemSets = [],
                PromptSets = [],
                Arms = ItemSources.Arms(request.Arms),
                Look = probe,
            },
            Inputs = isFile ? ItemSources.InputsOf([text]) : [],
            See = (name, line) =>
            {
                if (summaries is not [.., var last] || !last.Holds(line))
                {
                    var rows = new PositionSummary(line.File, probe.WindowOf(line.File.Facts));
                    summaries.Add(last = new Summary(name, line, rows));
                }
                last.Rows.Add(line.Row);
            },
            WriteMore = (folder, profile) =>
                LookReport.WriteTable(
                    folder,
                    profile,
                    PositionsSummaryCsv.Table,
                    PositionsSummaryCsv.Columns,
                    from one in summaries
                    from row in one.Rows.Rows()
                    select new PositionSummaryLine(folder.RunId, row)
                ),
            Show = style => PositionsTable.Render(Rows(), style),
            Sections = () => PositionsTable.Sections(Rows()),
        };

        List<(string, PositionSummaryRow)> Rows() =>
            [.. from one in summaries from row in one.Rows.Rows() select (one.Name, row)];
    }

    private static byte[] TextOf(string text) =>
        ArgumentText.Read("--text", text, "a text with that character can be given in a file");

    // The rows of one file under one prefix come one after another.
    private sealed record Summary(string Name, RowLine<PositionRow> First, PositionSummary Rows)
    {
        public bool Holds(RowLine<PositionRow> line) =>
            ReferenceEquals(line.File, First.File)
            && (line.Row.Arm, line.Row.Prefix) == (First.Row.Arm, First.Row.Prefix);
    }
}
