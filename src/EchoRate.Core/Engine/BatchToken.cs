namespace EchoRate.Core.Engine;

/// <summary>One token handed to the model.</summary>
/// <param name="Token">The token's id.</param>
/// <param name="Position">Its position in its sequence, 0-based; BOS counts.</param>
/// <param name="Sequence">The sequence that it belongs to.</param>
/// <param name="WantsLogits">Whether the logits after it are wanted.</param>
public readonly record struct BatchToken(int Token, int Position, int Sequence, bool WantsLogits);
