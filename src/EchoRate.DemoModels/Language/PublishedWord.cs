namespace EchoRate.DemoModels.Language;

/// <summary>One of the 27 words of the published notebook, and what the demo models make of it.</summary>
/// <param name="Text">The word with its leading space.</param>
/// <param name="Neighbour">The token that contends with the echo.</param>
/// <param name="EchoMargin">How far the echo lies before the neighbour in demo-echo without BOS, in F16, in nats; negative where it loses.</param>
/// <param name="Next">The token that follows, for a model that is not echoing.</param>
/// <param name="Alternative">The token that contends with <paramref name="Next"/>.</param>
internal sealed record PublishedWord(
    string Text,
    string Neighbour,
    double EchoMargin,
    string Next,
    string Alternative
);
