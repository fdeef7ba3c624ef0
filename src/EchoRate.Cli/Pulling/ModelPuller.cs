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
internal sealed class ModelPuller(UserTerminal terminal, Interruption interruption)
{
    /// <summary>Which files this user's pulls hashed before.</summary>
    public static KnownHashes Verified() =>
        KnownHashes.OfUser(HostEnvironment.Current().DataFolder, "verified.json");

    /// <summary>Pulls; a line on stderr for each file that could not be had. The manifest's lock file keeps what is learned.</summary>
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
            (say, bars) =>
                PullAsync(wanted, manifestPath, new PullProgress(say, TimeProvider.System, bars))
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
            new HubTiming(),
            "echorate/" + RunInfo.ProgramVersion.Split('+')[0],
            progress
        )
        {
            CacheFolder = environment.CacheFolder,
            Verified = Verified(),
            FreeBytes = DiskRoom.FreeBytes,
            ManifestPath = manifestPath,
        };
        return await puller.PullAsync(wanted, terminal.Cancellation);
    }
}
