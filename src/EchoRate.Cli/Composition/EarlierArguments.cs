using System.CommandLine;

namespace EchoRate.Cli.Composition;

/// <summary>
/// The command line of a run that is gone on with: what it was begun with, where it is not said again. Paths of then start from the folder of
/// then.
/// </summary>
internal static class EarlierArguments
{
    private static readonly string[] Paths = ["--file", "--manifest"];

    // Lists in which a path may stand, known by its extension.
    private static readonly string[] Lists = ["--items", "--prompts"];

    /// <summary>The words to parse, the command's name left out.</summary>
    /// <param name="earlier">The words of then.</param>
    /// <param name="folder">The folder of then.</param>
    /// <param name="given">The words of now.</param>
    /// <param name="command">The command, which knows its options.</param>
    /// <param name="notKept">Options that are taken from now alone.</param>
    public static IReadOnlyList<string> With(
        IReadOnlyList<string> earlier,
        string folder,
        IReadOnlyList<string> given,
        Command command,
        IReadOnlyCollection<string> notKept
    )
    {
        var now = Split(given, command);
        var said = now.Select(option => option.Name).ToHashSet(StringComparer.Ordinal);
        var kept = Split(earlier, command)
            .Where(option => !said.Contains(option.Name) && !notKept.Contains(option.Name))
            .Select(option => option with { Value = Rooted(option, folder) });
        return [.. kept.Concat(now).SelectMany(option => option.Words)];
    }

    private static List<Given> Split(IReadOnlyList<string> words, Command command)
    {
        var flags = command
            .Options.Where(option => option.ValueType == typeof(bool))
            .Select(option => option.Name)
            .ToHashSet(StringComparer.Ordinal);
        var options = new List<Given>();
        for (var i = 0; i < words.Count; i++)
        {
            if (i == 0 && words[i] == command.Name)
            {
                continue;
            }
            options.Add(
                i + 1 == words.Count || IsFlagAlone(i)
                    ? new Given(words[i], null)
                    : new Given(words[i], words[++i])
            );
        }
        return options;

        // A flag may be given a value all the same: --in-process false.
        bool IsFlagAlone(int i) => flags.Contains(words[i]) && !bool.TryParse(words[i + 1], out _);
    }

    private static string? Rooted(Given option, string folder)
    {
        if (option.Value is null)
        {
            return null;
        }
        if (Paths.Contains(option.Name))
        {
            return Path.GetFullPath(option.Value, folder);
        }
        return Lists.Contains(option.Name)
            ? string.Join(
                ',',
                option
                    .Value.Split(',')
                    .Select(word => word.Trim())
                    .Select(word => ItemSources.IsCsv(word) ? Path.GetFullPath(word, folder) : word)
            )
            : option.Value;
    }

    private sealed record Given(string Name, string? Value)
    {
        public IEnumerable<string> Words => Value is null ? [Name] : [Name, Value];
    }
}
