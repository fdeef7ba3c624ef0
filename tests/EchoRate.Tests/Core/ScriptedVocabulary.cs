namespace EchoRate.Tests.Core;

/// <summary>The vocabulary that probe tests share: BOS 0, EOS 1, words, and the letters that spell what is no word.</summary>
internal static class ScriptedVocabulary
{
    public const int Bos = 0;
    public const int Eos = 1;

    public static readonly string[] Pieces =
    [
        "<bos>",
        "<eos>",
        " red",
        " blue",
        " Red",
        " redder",
        " green",
        " ",
        "r",
        "e",
        "d",
        "x",
    ];

    public static int Id(string piece) => Array.IndexOf(Pieces, piece);

    /// <summary>Logits that put one token on top and, where given, one behind it.</summary>
    public static float[] Top(int first, int? second = null)
    {
        var logits = new float[Pieces.Length];
        logits[first] = 5;
        if (second is { } behind)
        {
            logits[behind] = 4;
        }
        return logits;
    }

    public static ScriptedModel Model(
        Func<int[], float[]> logits,
        int sequences = 4,
        int cacheSize = 64,
        int batchSize = 64,
        int? spoiledBy = null,
        bool canKeepBeginning = true,
        Arithmetic arithmetic = Arithmetic.Library
    ) =>
        new(Pieces, logits, sequences, batchSize, cacheSize)
        {
            Kinds = id => id <= Eos ? TokenKind.Control : TokenKind.Normal,
            EndOfGeneration = Eos,
            SpoiledBy = spoiledBy,
            CanKeepBeginning = canKeepBeginning,
            Report = ScriptedModel.Cpu with { Arithmetic = arithmetic },
        };

    /// <summary>A model that echoes, but behind BOS says ' red' or x, and whose last digits depend on a batch's width and a row's slot.</summary>
    public static ScriptedModel Slotted(
        int sequences,
        bool spoilt = false,
        bool keeps = true,
        ScriptedModel? second = null,
        Action<int>? beforeDecode = null,
        Func<int[], float[]>? logits = null
    ) =>
        new(Pieces, logits ?? Answer, sequences)
        {
            Kinds = id => id <= Eos ? TokenKind.Control : TokenKind.Normal,
            EndOfGeneration = Eos,
            ShowsSlots = true,
            SpoiledBy = spoilt ? Id(" green") : null,
            CanKeepBeginning = keeps,
            Second = second,
            BeforeDecode = beforeDecode,
        };

    /// <summary>What <see cref="Slotted"/> answers where nothing else is said.</summary>
    public static float[] Answer(int[] tokens) =>
        Top(tokens[0] == Bos && tokens[^1] != Id(" red") ? Id("x") : tokens[^1], Id(" blue"));

    /// <summary>All rows of a request, with everything that is in them, as text.</summary>
    public static List<string> Rows(
        this ScriptedModel model,
        ProbeRequest request,
        RowSelection? selection = null
    ) =>
        [
            .. FileProbe
                .Run(model.Context(), request, selection)
                .Select(row => JsonSerializer.Serialize<MeasuredRow>(row)),
        ];

    /// <summary>The rows of one set of items under one arm.</summary>
    public static List<EchoRow> Echoes(this ProbeContext context, ItemSet set, Arm arm) =>
        [
            .. FileProbe
                .Run(
                    context,
                    new ProbeRequest
                    {
                        ItemSets = [set],
                        PromptSets = [],
                        Arms = [arm],
                    }
                )
                .Cast<EchoRow>(),
        ];

    /// <summary>The rows of one set of prompts under one arm.</summary>
    public static List<CompletionRow> Completions(
        this ProbeContext context,
        PromptSet set,
        Arm arm,
        int continueTokens
    ) =>
        [
            .. FileProbe
                .Run(
                    context,
                    new ProbeRequest
                    {
                        ItemSets = [],
                        PromptSets = [set],
                        Arms = [arm],
                        ContinueTokens = continueTokens,
                    }
                )
                .Cast<CompletionRow>(),
        ];
}
