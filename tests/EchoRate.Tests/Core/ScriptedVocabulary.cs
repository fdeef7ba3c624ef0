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
