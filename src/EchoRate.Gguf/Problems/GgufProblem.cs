namespace EchoRate.Gguf;

/// <summary>One problem of one file.</summary>
/// <param name="Code">What kind it is.</param>
/// <param name="Severity">Whether the file must not be loaded.</param>
/// <param name="Message">One sentence for people: what was found and what is allowed; without the file's name unless several are involved.</param>
public sealed record GgufProblem(GgufProblemCode Code, GgufSeverity Severity, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Severity} {Code}: {Message}";
}
