namespace EchoRate.DemoModels.Circuit;

/// <summary>Which dimension of the residual stream holds what.</summary>
/// <remarks>
/// 256 dimensions: one super-block of a K-quant. The reserved ones fill one 32-block of their own, so that their large
/// numbers do not coarsen the scale of the small ones beside them. What must weigh much is spread over eight equal
/// dimensions for the same reason: llama.cpp rounds activations to 8 bits per block too.
/// </remarks>
internal static class ResidualLayout
{
    /// <summary>Length of the residual stream.</summary>
    internal const int Size = 256;

    /// <summary>Dimensions 0 … 223: which token it is, a dense random vector with mean square 1.</summary>
    internal const int ContentSize = 224;

    /// <summary>How many equal dimensions a constant or a flag is spread over.</summary>
    internal const int Spread = 8;

    /// <summary>Eight dimensions that hold <see cref="ConstantValue"/> for every token: the biases that these architectures lack.</summary>
    internal const int Constant = 224;

    /// <summary>Eight dimensions that attention sets to <see cref="FlagValue"/> where BOS is in the context.</summary>
    internal const int Flag = 232;

    /// <summary>Holds <see cref="BosValue"/> for BOS alone.</summary>
    internal const int Bos = 240;

    /// <summary>Holds <see cref="AskingValue"/> for the token after which a name is asked for.</summary>
    internal const int Asking = 241;

    /// <summary>One dimension per name, holding <see cref="NameValue"/> for that name's token.</summary>
    internal const int NameIs = 244;

    /// <summary>One dimension per name: <see cref="NameValue"/> × the share of that name among the names mentioned.</summary>
    internal const int NameShare = 250;

    /// <summary>How many names there is room for.</summary>
    internal const int NameCount = 6;

    internal const double ConstantValue = 2.5;
    internal const double FlagValue = 3;
    internal const double BosValue = 4;
    internal const double AskingValue = 3.6;
    internal const double NameValue = 3;
}
