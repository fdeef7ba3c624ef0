using EchoRate.Core.Engine;

namespace EchoRate.Cli.CommandLine.Values;

/// <summary>How products of weights are computed.</summary>
/// <param name="Only">The one arithmetic; null for both.</param>
internal sealed record ArithmeticChoice(Arithmetic? Only) : IOptionValue<ArithmeticChoice>
{
    /// <inheritdoc />
    public static string Allowed => "exact, library, both";

    /// <inheritdoc />
    public static ArithmeticChoice? Read(string text) =>
        text switch
        {
            "exact" => new ArithmeticChoice(Arithmetic.Exact),
            "library" => new ArithmeticChoice(Arithmetic.Library),
            "both" => new ArithmeticChoice((Arithmetic?)null),
            _ => null,
        };

    /// <inheritdoc />
    public override string ToString() =>
        Only switch
        {
            null => "both",
            Arithmetic.Exact => "exact",
            _ => "library",
        };
}
