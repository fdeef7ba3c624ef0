namespace EchoRate.Runs.Comparing;

/// <summary>A reference as whoever measures a file needs to know it: where its files are, and what is done with them.</summary>
/// <param name="Stem">The path of its files, without extension.</param>
/// <param name="FileId">The reference file (12 hex digits of its SHA-256).</param>
/// <param name="VocabularySize">Logits in a row.</param>
/// <param name="Use">What is done with them.</param>
public sealed record ReferencePlan(
    string Stem,
    string FileId,
    int VocabularySize,
    ReferenceUse Use
);

/// <summary>What measuring a file does with a reference.</summary>
public enum ReferenceUse
{
    /// <summary>The file is the reference: its rows are taken note of, from the first on.</summary>
    Record,

    /// <summary>The file is the reference, and a run that was cut off took note of its first rows: the others are added.</summary>
    Continue,

    /// <summary>The file is held against the reference.</summary>
    Read,
}
