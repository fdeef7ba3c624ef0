using System.Globalization;
using EchoRate.Machine.Planning;

namespace EchoRate.Cli.CommandLine.Values;

/// <summary>How many layers go to GPUs.</summary>
/// <param name="Count">The number; null for as many as fit.</param>
internal sealed record GpuLayers(int? Count) : IOptionValue<GpuLayers>
{
    /// <summary>The most that may be asked for.</summary>
    public const int Most = 10_000;

    /// <summary>As many as fit.</summary>
    public static GpuLayers Auto { get; } = new((int?)null);

    /// <inheritdoc />
    public static string Allowed => $"auto, all, or a whole number from 0 to {Most}";

    /// <inheritdoc />
    public static GpuLayers? Read(string text) =>
        text switch
        {
            "auto" => Auto,
            "all" => new GpuLayers(PlanWishes.AllLayers),
            _ => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var layers)
            && layers <= Most
                ? new GpuLayers(layers)
                : null,
        };

    /// <inheritdoc />
    public override string ToString() =>
        Count switch
        {
            null => "auto",
            PlanWishes.AllLayers => "all",
            { } layers => layers.ToString(CultureInfo.InvariantCulture),
        };
}
