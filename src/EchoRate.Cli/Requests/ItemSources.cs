using System.Globalization;
using EchoRate.Cli.Errors;
using EchoRate.Core.Arms;
using EchoRate.Core.Items;
using EchoRate.Gguf;
using EchoRate.Reports.Inputs;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.Requests;

/// <summary>Turns the words of <c>--items</c>, <c>--prompts</c> and <c>--arms</c> into what is probed.</summary>
internal sealed class ItemSources(int seed)
{
    public const string AllowedItems =
        "words, sample:N, common:N, all, FILE.csv (columns item, category)";

    /// <summary>What <c>--items</c> allows of commands that look where an echo lives.</summary>
    public const string AllowedOfLooks = "words, sample:N, all, FILE.csv (columns item, category)";

    public const string AllowedPrompts = "published, ioi, FILE.csv (columns id, prompt, expected)";

    private const int MostDrawn = 1_000_000;

    /// <summary>The item sets named, in order. The words that all models share are asked for only where a set needs them.</summary>
    public IReadOnlyList<ItemSet> Items(
        IEnumerable<string> names,
        Func<IReadOnlyList<byte[]>> shared
    ) => EachOnce("--items", [.. names.Select(name => ItemsOf(name, shared))], set => set.Name);

    /// <summary>Refuses sets that need the vocabularies of all models.</summary>
    public static IReadOnlyList<byte[]> NoneShared() =>
        throw new UsageException("--items: common:N is a set of 'run' alone");

    public IReadOnlyList<PromptSet> Prompts(IEnumerable<string> names) =>
        EachOnce("--prompts", [.. names.Select(PromptsOf)], set => set.Name);

    public static IReadOnlyList<Arm> Arms(IEnumerable<string> names) =>
        [
            .. names.Select(name =>
                Arm.Find(name)
                ?? throw new UsageException(
                    $"--arms: '{name}' is not allowed; allowed: {Arm.Allowed}"
                )
            ),
        ];

    /// <summary>The CSV files among the names, with their content's hash.</summary>
    public static IReadOnlyList<RunInfo.InputInfo> Inputs(IEnumerable<string> names) =>
        InputsOf(names.Where(IsCsv));

    /// <summary>Files with their content's hash.</summary>
    public static IReadOnlyList<RunInfo.InputInfo> InputsOf(IEnumerable<string> paths) =>
        [
            .. paths.Select(path => new RunInfo.InputInfo(
                path,
                FileHash.Sha256(path, CancellationToken.None)
            )),
        ];

    private ItemSet ItemsOf(string name, Func<IReadOnlyList<byte[]>> shared)
    {
        if (IsCsv(name))
        {
            return new WordSet(Path.GetFileName(name), InputFiles.Items(name));
        }
        var (kind, count) = Split(name);
        return (kind, count) switch
        {
            (PublishedWords.Name, null) => PublishedWords.Set,
            (AllSet.SetName, null) => new AllSet(seed),
            ("sample", { } n) => new SampleSet(n, seed),
            ("common", { } n) => CommonSet.Draw(n, seed, shared()),
            _ => throw new UsageException(
                $"--items: '{name}' is not allowed; allowed: {AllowedItems}, N from 1 to {MostDrawn}"
            ),
        };
    }

    private PromptSet PromptsOf(string name)
    {
        var shipped = new[] { PublishedPrompts.Published, PublishedPrompts.Ioi }.FirstOrDefault(
            set => set.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
        );
        if (shipped is not null)
        {
            return shipped;
        }
        return IsCsv(name)
            ? new PromptSet(Path.GetFileName(name), InputFiles.Prompts(name), Continues: true)
            : throw new UsageException(
                $"--prompts: '{name}' is not allowed; allowed: {AllowedPrompts}"
            );
    }

    // `sample:500` is a kind and a count; a count out of bounds is none of ours.
    private static (string Kind, int? Count) Split(string name)
    {
        var parts = name.ToLowerInvariant().Split(':', 2);
        if (parts.Length == 1)
        {
            return (parts[0], null);
        }
        var known =
            int.TryParse(parts[1], NumberStyles.None, null, out var count)
            && count is >= 1 and <= MostDrawn;
        return known ? (parts[0], count) : ("", null);
    }

    // Two files of one name in different folders would be one set in the CSV files.
    private static IReadOnlyList<T> EachOnce<T>(
        string option,
        IReadOnlyList<T> sets,
        Func<T, string> name
    )
    {
        var twice = sets.GroupBy(name).FirstOrDefault(group => group.Count() > 1);
        return twice is null
            ? sets
            : throw new UsageException(
                $"{option}: two sets are named '{twice.Key}'; rename one of the files"
            );
    }

    /// <summary>The words of a list, CSV files by their full paths; relative ones start from a folder.</summary>
    public static string[] Full(string[] names, string folder) =>
        [.. names.Select(name => IsCsv(name) ? Path.GetFullPath(name, folder) : name)];

    /// <summary>Whether a word of a list names a CSV file.</summary>
    public static bool IsCsv(string name) =>
        Path.GetExtension(name).Equals(".csv", StringComparison.OrdinalIgnoreCase);
}
