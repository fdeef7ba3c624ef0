using EchoRate.Cli.CommandLine;

namespace EchoRate.Cli.Composition;

/// <summary>
/// The command line of a run that is gone on with: what it was begun with, where it is not said again. Paths of then start from the folder of
/// then.
/// </summary>
internal static class EarlierArguments
{
    /// <summary>The words to parse, the command's name left out.</summary>
    /// <param name="earlier">The options of then.</param>
    /// <param name="folder">The folder of then.</param>
    /// <param name="now">The options of now.</param>
    public static IReadOnlyList<string> With(
        IEnumerable<GivenOption> earlier,
        string folder,
        IReadOnlyList<GivenOption> now
    )
    {
        var said = now.Select(option => option.Name).ToHashSet(StringComparer.Ordinal);
        var kept = earlier
            .Where(option => !said.Contains(option.Name))
            .Select(option =>
                IsPath(option)
                    ? option with
                    {
                        Value = Path.GetFullPath(option.Value, folder),
                    }
                    : option
            );
        return [.. kept.Concat(now).Select(option => option.Word)];
    }

    // In a list of items or prompts a path is known by its extension.
    private static bool IsPath(GivenOption option) =>
        option.Name switch
        {
            "--file" or "--manifest" => true,
            "--items" or "--prompts" => ItemSources.IsCsv(option.Value),
            _ => false,
        };
}
