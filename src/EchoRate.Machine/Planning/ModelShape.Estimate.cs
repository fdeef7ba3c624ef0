namespace EchoRate.Machine.Planning;

/// <content>How it is guessed where the file is not here.</content>
public sealed partial record ModelShape
{
    // A vocabulary as large as Gemma's, the largest that is common: logits are not underestimated.
    private const int GuessedVocabulary = 262_144;
    private const int GuessedHeadWidth = 128;

    /// <summary>
    /// A guess from size and bits per weight alone, of a dense model: width and depth grow with the number of weights as they do in published
    /// models (0.6 to 70 billion), a tenth of the bytes is the embedding, which is tied, and the rest is spread evenly.
    /// </summary>
    public static ModelShape Estimate(string name, long fileBytes, double bitsPerWeight)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fileBytes);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(bitsPerWeight, 0);
        var ofQwen4B = fileBytes * 8 / bitsPerWeight / 4e9;
        var blocks = Math.Clamp((int)Math.Round(34 * Math.Pow(ofQwen4B, 0.3)), 4, 200);
        var width = Math.Max(256, (long)(2560 * Math.Pow(ofQwen4B, 0.4)));
        var embedding = fileBytes / 10;
        var block = (fileBytes - embedding) / blocks;
        return new ModelShape
        {
            Name = name,
            Blocks =
            [
                .. Enumerable.Repeat(
                    new LayerShape
                    {
                        DenseBytes = block,
                        LargestDenseBytes = block / 3,
                        // Half as many heads of keys and values as of queries.
                        CacheBytesPerToken = sizeof(float) * width,
                    },
                    blocks
                ),
            ],
            InputBytes = embedding,
            OutputBytes = embedding,
            TiedBytes = embedding,
            VocabularySize = GuessedVocabulary,
            Width = width,
            FeedForwardWidth = 4 * width,
            Heads = Math.Max(1, width / GuessedHeadWidth),
            HeadWidth = GuessedHeadWidth,
            IsEstimated = true,
        };
    }
}
