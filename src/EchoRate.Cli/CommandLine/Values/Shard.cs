using System.Globalization;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.CommandLine.Values;

/// <summary>One of the parts of a run: <c>1/4</c>.</summary>
internal sealed record Shard(RunInfo.ShardInfo Info) : IOptionValue<Shard>
{
    private const int Most = 10_000;

    /// <inheritdoc />
    public static string Allowed => $"I/N, I from 1 to N, N from 1 to {Most}, like 1/4";

    /// <inheritdoc />
    public static Shard? Read(string text) =>
        text.Split('/') is [var number, var count]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var i)
        && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
        && n is >= 1 and <= Most
        && i >= 1
        && i <= n
            ? new Shard(new RunInfo.ShardInfo(i, n))
            : null;

    /// <inheritdoc />
    public override string ToString() => Info.ToString();
}
