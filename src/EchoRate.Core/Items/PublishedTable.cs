using System.Text;

namespace EchoRate.Core.Items;

/// <summary>
/// The published table: what five models gave back for lone words, and the next token of one prompt. Source: "The Gemma model family seems
/// to partially be trained like autoencoder", 2025-11-21, and its notebook (google/gemma-7b, google/gemma-2-2b-it, google/gemma-3-27b-it,
/// openai/gpt-oss-120b, Qwen/Qwen3-4B, in Python's transformers; the precision is not stated).
/// <para>
/// The Gemma columns were fed without BOS, the others as their tokenizers encode by default, which adds none either: a cell is compared
/// with rows of the arm <c>without</c> alone. The table has no ids; cells are matched by bytes.
/// </para>
/// </summary>
public static class PublishedTable
{
    private const string Gemma7b = "gemma-7b";

    private static readonly string[] _columns =
    [
        Gemma7b,
        "gemma2-2b",
        "gemma3-27b",
        "gpt-oss-120b",
        "qwen3-4b",
    ];

    // Word, then a cell for each column.
    private static readonly string[][] _rows =
    [
        [" John", " John", " John", " John", " Doe", "a"],
        [" Michael", " Michael", " Michael", " Michael", "'s", "a"],
        [" Mary", " Mary", " Mary", " Mary", ",", "a"],
        [" France", " France", " France", " France", ".", ","],
        [" Italy", " Italy", " Italy", " Italy", ",", ":"],
        [" Rome", " Rome", " Rome", " Rome", ",", ","],
        [" red", " red", " red", " red", "irection", " triangle"],
        [" green", " green", " \n", " green", ",", "\""],
        [" January", " January", " January", " January", " ", ","],
        [" March", " March", " March", " March", " ", "a"],
        [" happy", " happy", " happy", " happy", " to", " which"],
        [" sad", " saddest", " sad", " sad", ".", "\""],
        [" angry", " angry", " angry", " angry", ".", ","],
        [" run", " run", " run", " run", " the", " show"],
        [" jump", " jump", " jump", " hurdle", " to", " show"],
        [" walk", " walk", " walk", " walk", " through", "a"],
        [" teacher", " teacher", " teacher", " teacher", "'s", ","],
        [" doctor", " doctor", " doctor", " doctor", ",", "a"],
    ];

    private static readonly string[] _completions = ["writeHead", " the", " the", " Mary", " Mary"];

    private static readonly Dictionary<string, PublishedColumn> _byName = _columns
        .Select(
            (name, index) =>
                new PublishedColumn(
                    name,
                    WordsOf(index),
                    Encoding.UTF8.GetBytes(_completions[index])
                )
        )
        .ToDictionary(column => column.Name, StringComparer.Ordinal);

    /// <summary>The columns' names, as manifests write them.</summary>
    public static IReadOnlyList<string> Names => _columns;

    /// <summary>A column; null for a model that the table does not hold.</summary>
    public static PublishedColumn? Find(string? name) =>
        name is null ? null : _byName.GetValueOrDefault(name);

    private static Dictionary<string, byte[]> WordsOf(int column)
    {
        var cells = _rows.ToDictionary(
            row => row[0],
            row => Encoding.UTF8.GetBytes(row[column + 1])
        );
        if (_columns[column] == Gemma7b)
        {
            // The notebook prints all 27 words for this model; those that the table leaves out echo.
            foreach (var word in PublishedWords.Set.Items)
            {
                cells.TryAdd(word.Text, word.Bytes);
            }
        }
        return cells;
    }
}

/// <summary>One model's column of the published table: its cells by word, and the next token of the published prompt.</summary>
public sealed record PublishedColumn(
    string Name,
    IReadOnlyDictionary<string, byte[]> Words,
    byte[] Completion
)
{
    /// <summary>The cell of a word; null where the table has none.</summary>
    public byte[]? Cell(byte[] word) => Words.GetValueOrDefault(Encoding.UTF8.GetString(word));
}

/// <summary>
/// The 27 words of the published notebook ("The Gemma model family seems to partially be trained like autoencoder", 2025-11-21): three
/// of each of nine categories, each with its leading space.
/// </summary>
public static class PublishedWords
{
    /// <summary>The set's name: <c>words</c>.</summary>
    public const string Name = "words";

    /// <summary>The set.</summary>
    public static readonly WordSet Set = new(
        Name,
        [
            .. Of("male name", "James", "John", "Michael"),
            .. Of("female name", "Mary", "Sarah", "Emma"),
            .. Of("country", "France", "Spain", "Italy"),
            .. Of("city", "Paris", "London", "Rome"),
            .. Of("colour", "red", "blue", "green"),
            .. Of("month", "January", "February", "March"),
            .. Of("emotion", "happy", "sad", "angry"),
            .. Of("action", "run", "jump", "walk"),
            .. Of("profession", "teacher", "doctor", "nurse"),
        ]
    );

    private static IEnumerable<Item> Of(string category, params string[] words) =>
        words.Select(word => new Item(" " + word, category));
}
