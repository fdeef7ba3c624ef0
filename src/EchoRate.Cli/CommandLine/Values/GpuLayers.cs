using System.Globalization;
using EchoRate.Machine.Planning;

namespace EchoRate.Cli.CommandLine.Values;

/// <summary>How many layers go to GPUs.</summary>
/// <param name="Count">The number; null for as many as fit.</param>
internal sealed record GpuLayers(int? Count)
{
    public const int Most = 10_000;

    public static GpuLayers Auto { get; } = new((int?)null);

    public static string Allowed => $"auto, all, or a whole number from 0 to {Most}";

    /// <summary>The value of a text; null where the text is not allowed.</summary>
    public static GpuLayers? Read(string text) =>
        text switch
        {
            "auto" => Auto,
            "all" => new GpuLayers(PlanWishes.AllLayers),
            _ => int.TryParse(text, NumberStyles.None, null, out var layers) && layers <= Most
                ? new GpuLayers(layers)
                : null,
        };

    public override string ToString() =>
        Count switch
        {
            null => "auto",
            PlanWishes.AllLayers => "all",
            { } layers => $"{layers}",
        };
}
