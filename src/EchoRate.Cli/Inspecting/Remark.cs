namespace EchoRate.Cli.Inspecting;

/// <summary>Something that should be known.</summary>
/// <param name="Code">What it is, for scripts.</param>
/// <param name="Message">One sentence for people.</param>
internal sealed record Remark(string Code, string Message)
{
    /// <summary>The file holds a vocabulary and nothing else.</summary>
    public const string VocabularyOnly =
        "The file holds a vocabulary and no tensors: it can be looked at, not run.";
}
