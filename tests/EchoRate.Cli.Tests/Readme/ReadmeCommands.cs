namespace EchoRate.Cli.Tests.Readme;

/// <summary>The command lines that README.md shows: those in <c>```console</c> and <c>```sh</c> blocks that start this program.</summary>
internal static class ReadmeCommands
{
    private static readonly string[] s_programs =
    [
        "echorate ",
        "dotnet run --project src/EchoRate.Cli -- ",
    ];

    /// <summary>The arguments of every such line, in order.</summary>
    public static IReadOnlyList<string[]> In(string markdown)
    {
        var commands = new List<string[]>();
        var inBlock = false;
        // A backslash at the end of a line continues it.
        var lines = markdown.ReplaceLineEndings("\n").Replace("\\\n", " ").Split('\n');
        foreach (var line in lines.Select(line => line.Trim()))
        {
            if (line.StartsWith("```"))
            {
                inBlock = !inBlock && line is "```console" or "```sh";
                continue;
            }
            var command = line.StartsWith("$ ") ? line[2..] : line;
            var program = s_programs.FirstOrDefault(command.StartsWith);
            if (inBlock && program is not null)
            {
                commands.Add(Words(command[program.Length..]));
            }
        }
        return commands;
    }

    // As a shell splits them: quotes hold words together, a # begins a comment.
    private static string[] Words(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        char? quote = null;
        foreach (var c in line + ' ')
        {
            if (quote is null && c is '"' or '\'')
            {
                quote = c;
            }
            else if (c == quote)
            {
                quote = null;
            }
            else if (quote is null && c == '#' && word.Length == 0)
            {
                break;
            }
            else if (quote is null && c == ' ')
            {
                if (word.Length > 0)
                {
                    words.Add(word.ToString());
                    word.Clear();
                }
            }
            else
            {
                word.Append(c);
            }
        }
        return [.. words];
    }
}
