namespace EchoRate.Core.Probes;

/// <summary>What probes write into the column <c>reason</c>.</summary>
internal static class ProbeReasons
{
    public const string Nonfinite = "the model's logits hold NaN or infinity";

    public const string ContinuationEnded = "the continuation ended early: " + Nonfinite;

    public static string PromptTooLong(int tokens, int room) =>
        $"the prompt has {tokens} tokens; {room} fit";

    public static string ExpectedNotSingle(string reason) =>
        $"expected text is not a single token: {reason}";
}
