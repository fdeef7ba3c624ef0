namespace EchoRate.DemoModels;

/// <summary>What a demo model answers to one of the 27 words, in F16.</summary>
/// <param name="Text">The word, with its leading space.</param>
/// <param name="WithoutBos">The most likely next token when the word stands alone.</param>
/// <param name="AfterBos">The most likely next token behind BOS.</param>
public sealed record DemoWord(string Text, string WithoutBos, string AfterBos)
{
    /// <summary>True where the word alone comes back as itself.</summary>
    public bool EchoesWithoutBos => WithoutBos == Text;

    /// <summary>True where the word comes back as itself behind BOS.</summary>
    public bool EchoesAfterBos => AfterBos == Text;
}
