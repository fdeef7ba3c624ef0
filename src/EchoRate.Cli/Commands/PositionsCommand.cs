using Cocona;
using EchoRate.Cli.CommandLine;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Requests;
using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Core.Statistics;
using EchoRate.Reports.Csv;
using EchoRate.Reports.Inputs;
using EchoRate.Reports.Looks;

namespace EchoRate.Cli.Commands;

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

    public override LookingRequest From(string folder) =>
        (PositionsRequest)base.From(folder) with
        {
            Text = IsFile(folder) ? Path.GetFullPath(Text!, folder) : Text,
        };

    /// <summary>Whether the text is a file's name: what exists is a file, and what looks like a file's name is one that is missing, and no text of one word.</summary>
    public bool IsFile(string folder)
    {
        if (Text is not { Length: > 0 } text || text.Any(char.IsControl))
        {
            return false;
        }
        var extension = Path.GetExtension(text);
        var path = Path.GetFullPath(text, folder);
        return File.Exists(path)
            || Directory.Exists(path) && (Path.GetFileName(text) != text || text is "." or "..")
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
            isFile ? InputFiles.Text(text) : TextOf(text),
            request.Window
        );
        return new LookReport<PositionRow, PositionSummary>(LookCsv.Positions)
        {
            Probes = new ProbeRequest
            {
                ItemSets = [],
                PromptSets = [],
                Arms = ItemSources.Arms(request.Arms),
                Look = probe,
            },
            Inputs = isFile ? ItemSources.InputsOf([text]) : [],
            Begin = file => new PositionSummary(file, probe.WindowOf(file.Facts)),
            Add = (total, row) => total.Add(row),
            PartOf = row => (row.Arm, row.Prefix),
            End = (parts, csv) =>
            {
                var rows = (
                    from part in parts
                    from row in part.Total.Rows()
                    select (part.Name, Row: row)
                ).ToList();
                csv.Write(LookCsv.PositionsSummary, rows.Select(row => row.Row));
                return PositionsSection.Of(rows);
            },
        };
    }

    private static byte[] TextOf(string text) =>
        ArgumentText.Read("--text", text, "a text with that character can be given in a file");
}
