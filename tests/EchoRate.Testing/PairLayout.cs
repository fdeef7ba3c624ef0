namespace EchoRate.Testing;

/// <summary>Which dimension of a miniature's residual stream holds what.</summary>
/// <remarks>
/// 256 dimensions, one super-block of a K-quant; the reserved ones fill a 32-block of their own. All numbers are such that F16 holds
/// them exactly and coarser types nearly so: the answers do not depend on the quantization.
/// </remarks>
internal static class PairLayout
{
    /// <summary>Length of the residual stream.</summary>
    internal const int Size = 256;

    /// <summary>Dimensions 0 … 223: which token it is, each +1 or −1.</summary>
    internal const int ContentSize = 224;

    /// <summary>How many equal dimensions a constant or a flag is spread over.</summary>
    internal const int Spread = 8;

    /// <summary>Eight dimensions that hold <see cref="ConstantValue"/> for every token.</summary>
    internal const int Constant = 224;

    /// <summary>Eight dimensions that attention sets to <see cref="FlagValue"/> where it sees BOS.</summary>
    internal const int BosSeen = 232;

    /// <summary>Eight dimensions that attention sets to <see cref="FlagValue"/> where it does not.</summary>
    internal const int NoBosSeen = 240;

    /// <summary>Holds <see cref="BosValue"/> for BOS alone.</summary>
    internal const int Bos = 248;

    /// <summary>Holds ± <see cref="RouteValue"/> where there are experts: which ones a token goes to.</summary>
    internal const int Route = 249;

    /// <summary>Takes what the feed-forward part says when it has nothing to say; the head does not see it.</summary>
    internal const int Idle = 250;

    internal const double ConstantValue = 2.5;
    internal const double FlagValue = 3;
    internal const double BosValue = 4;
    internal const double RouteValue = 2;
}
