using System.CommandLine;
using System.Globalization;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.Commands;

/// <summary><c>--shard I/N</c>: owns its reading and its help text.</summary>
internal static class ShardOption
{
    /// <summary>Most shards of a run.</summary>
    private const int Most = 10_000;

    /// <summary>The option; null where all rows are measured.</summary>
    public static Option<RunInfo.ShardInfo?> Make() =>
        new("--shard")
        {
            HelpName = "I/N",
            Description =
                "Measure every N-th batch of each file, beginning with the I-th, 1 to N; 'echorate merge' makes one run of the N",
            CustomParser = result =>
            {
                var given = result.Tokens[0].Value;
                var shard = Parse(given);
                if (shard is null)
                {
                    result.AddError(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"--shard: '{given}' is not allowed; allowed: I/N, I from 1 to N, N from 1 to {Most}, like 1/4"
                        )
                    );
                }
                return shard;
            },
        };

    private static RunInfo.ShardInfo? Parse(string text) =>
        text.Split('/') is [var number, var count]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var i)
        && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
        && n is >= 1 and <= Most
        && i >= 1
        && i <= n
            ? new RunInfo.ShardInfo(i, n)
            : null;
}
