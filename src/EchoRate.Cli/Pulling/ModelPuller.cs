using EchoRate.Cli.Quantizing;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Files;
using EchoRate.Hub.Cache;
using EchoRate.Hub.Pulling;
using EchoRate.Machine.Host;
using EchoRate.Runs.Provenance;
using Spectre.Console;

namespace EchoRate.Cli.Pulling;

/// <summary>Brings files from the hub into its cache, and tells the user how far it is.</summary>
/// <param name="terminal">The user's terminal.</param>
/// <param name="interruption">Stops on request; what arrived is kept.</param>
/// <param name="clock">Tells the time.</param>
internal sealed class ModelPuller(
    UserTerminal terminal,
    Interruption interruption,
    TimeProvider clock
)
{
    /// <summary>Which files this user's pulls hashed before.</summary>
    public static KnownHashes Verified() =>
        KnownHashes.OfUser(HostEnvironment.Current().DataFolder, "verified.json");

    /// <summary>Pulls; a line on stderr for each file that could not be had.</summary>
    /// <param name="wanted">The files.</param>
    /// <param name="manifestPath">The manifest, whose lock file keeps what is learned.</param>
    public async Task<IReadOnlyList<PullResult>> PullAsync(
        IReadOnlyList<WantedFile> wanted,
        string manifestPath
    )
    {
        var before = interruption.Announcement;
        interruption.Announcement =
            "stopping; what arrived is kept, and the same command goes on with it";
        var results = await ProgressBars.ShowAsync(
            terminal,
            [new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn()],
            (say, bars) => PullAsync(wanted, manifestPath, new PullProgress(say, clock, bars))
        );
        interruption.Announcement = before;
        foreach (var result in results.Where(result => result.Failure is not null))
        {
            await terminal.Error.WriteLineAsync(
                $"echorate: {result.Wanted.Name}: {result.Failure!.Message}"
            );
        }
        return results;
    }

    private async Task<IReadOnlyList<PullResult>> PullAsync(
        IReadOnlyList<WantedFile> wanted,
        string manifestPath,
        IPullProgress progress
    )
    {
        var environment = HubEnvironment.OfThisProcess();
        using var puller = new Puller(
            HubSettings.From(environment),
            new HubTiming { Clock = clock },
            "echorate/" + RunInfo.ProgramVersion.Split('+')[0],
            progress
        )
        {
            CacheFolder = environment.CacheFolder,
            Verified = Verified(),
            FreeBytes = DiskRoom.FreeBytes,
            ManifestPath = manifestPath,
        };
        return await puller.PullAsync(wanted, interruption.Token);
    }
}
