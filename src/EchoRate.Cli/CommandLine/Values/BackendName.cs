using EchoRate.Machine.Backends;
using EchoRate.Machine.Host;

namespace EchoRate.Cli.CommandLine.Values;

/// <summary>A backend of this machine, or the word for the best one.</summary>
internal sealed record BackendName(string Name)
{
    /// <summary>The best one that works.</summary>
    public static BackendName Auto { get; } = new(BackendChooser.Auto);

    public static string Allowed => string.Join(", ", Names);

    private static IReadOnlyList<string> Names => BackendChooser.Allowed(HostEnvironment.Current());

    /// <summary>The value of a text; null where the text is not allowed.</summary>
    public static BackendName? Read(string text) =>
        Names.Contains(text) ? new BackendName(text) : null;

    public override string ToString() => Name;
}
