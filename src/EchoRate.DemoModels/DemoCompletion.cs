namespace EchoRate.DemoModels;

/// <summary>How a demo model goes on, greedily and in F16.</summary>
/// <param name="Prompt">What goes in, behind BOS or not.</param>
/// <param name="AfterBos">True with BOS in front.</param>
/// <param name="Continuation">The tokens that come out, at most 16.</param>
/// <param name="EndsBySign">True where the end-of-sequence token follows; false where it would go on.</param>
public sealed record DemoCompletion(
    string Prompt,
    bool AfterBos,
    IReadOnlyList<string> Continuation,
    bool EndsBySign
);
