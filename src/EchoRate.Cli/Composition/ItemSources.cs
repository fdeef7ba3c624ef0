using EchoRate.Cli.Errors;
using EchoRate.Core.Arms;
using EchoRate.Core.Items;
using EchoRate.Core.Prompts;
using EchoRate.Reports.Inputs;

namespace EchoRate.Cli.Composition;

/// <summary>Turns the words of <c>--items</c>, <c>--prompts</c> and <c>--arms</c> into what is probed.</summary>
internal static class ItemSources
{
    /// <summary>What <c>--items</c> allows.</summary>
    public const string AllowedItems = $"{PublishedWords.Name}, FILE.csv (columns item, category)";

    /// <summary>What <c>--prompts</c> allows.</summary>
    public const string AllowedPrompts = "published, ioi, FILE.csv (columns id, prompt, expected)";

    /// <summary>The item sets named.</summary>
    public static IReadOnlyList<ItemSet> Items(IEnumerable<string> names, string folder) =>
        EachOnce("--items", [.. names.Select(name => ItemsOf(name, folder))], set => set.Name);

    /// <summary>The prompt sets named.</summary>
    public static IReadOnlyList<PromptSet> Prompts(IEnumerable<string> names, string folder) =>
        EachOnce("--prompts", [.. names.Select(name => PromptsOf(name, folder))], set => set.Name);

    /// <summary>The arms named.</summary>
    public static IReadOnlyList<Arm> Arms(IEnumerable<string> names) =>
        [
            .. names.Select(name =>
                Arm.Find(name)
                ?? throw new UsageException(
                    $"--arms: '{name}' is not allowed; allowed: {Arm.Allowed}"
                )
            ),
        ];

    private static ItemSet ItemsOf(string name, string folder)
    {
        if (name.Equals(PublishedWords.Name, StringComparison.OrdinalIgnoreCase))
        {
            return PublishedWords.Set;
        }
        return IsCsv(name)
            ? new ItemSet(
                Path.GetFileName(name),
                [
                    .. ItemFile
                        .Read(Path.GetFullPath(name, folder))
                        .Select(item => new Item(item.Bytes, item.Category)),
                ]
            )
            : throw new UsageException(
                $"--items: '{name}' is not allowed; allowed: {AllowedItems}"
            );
    }

    private static PromptSet PromptsOf(string name, string folder)
    {
        var shipped = new[] { PublishedPrompts.Published, PublishedPrompts.Ioi }.FirstOrDefault(
            set => set.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
        );
        if (shipped is not null)
        {
            return shipped;
        }
        return IsCsv(name)
            ? new PromptSet(
                Path.GetFileName(name),
                [
                    .. PromptFile
                        .Read(Path.GetFullPath(name, folder))
                        .Select(prompt => new Prompt(prompt.Id, prompt.Prompt, prompt.Expected)),
                ],
                Continues: true
            )
            : throw new UsageException(
                $"--prompts: '{name}' is not allowed; allowed: {AllowedPrompts}"
            );
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

    private static bool IsCsv(string name) =>
        Path.GetExtension(name).Equals(".csv", StringComparison.OrdinalIgnoreCase);
}
