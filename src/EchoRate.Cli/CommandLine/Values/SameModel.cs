namespace EchoRate.Cli.CommandLine.Values;

/// <summary>Whether files that no manifest names are quantizations of one model.</summary>
/// <param name="Said">The user's word; null where headers and names decide.</param>
internal sealed record SameModel(bool? Said) : IOptionValue<SameModel>
{
    /// <summary>Headers and names decide.</summary>
    public static SameModel Auto { get; } = new((bool?)null);

    /// <inheritdoc />
    public static string Allowed => "auto, yes, no";

    /// <inheritdoc />
    public static SameModel? Read(string text) =>
        text switch
        {
            "auto" => Auto,
            "yes" => new SameModel(true),
            "no" => new SameModel(false),
            _ => null,
        };

    /// <inheritdoc />
    public override string ToString() =>
        Said switch
        {
            null => "auto",
            true => "yes",
            false => "no",
        };
}
