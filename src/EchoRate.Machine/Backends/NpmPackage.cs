using System.ComponentModel;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using CliWrap;
using CliWrap.Buffered;
using EchoRate.Core.Engine;

namespace EchoRate.Machine.Backends;

/// <summary>
/// Brings a backend's library by the user's npm, with the user's own settings for registry, proxy and certificates; says into which folder it can
/// be put by hand.
/// </summary>
internal sealed class NpmPackage(string npm, Backend backend, string folder)
{
    // Of what npm prints when it fails: the code and what it was at.
    private const int MostLines = 4;

    private string ByHand =>
        $"put {backend.FileName} of npm's package {backend.Package} {Backend.PackageVersion} ({backend.Entry["package/".Length..]}) into {folder} by hand";

    /// <summary>Brings the library and its licence into an empty folder. Nothing of the package is run.</summary>
    /// <exception cref="NativeLibraryException">It cannot be had, or is not the pinned one.</exception>
    public async Task FetchAsync(string work, Action<string>? say, CancellationToken cancellation)
    {
        var archive = await PackAsync(work, cancellation);
        await using (var file = File.OpenRead(archive))
        {
            var hash = await SHA512.HashDataAsync(file, cancellation);
            if (Convert.ToBase64String(hash) != backend.Integrity)
            {
                throw new NativeLibraryException(
                    $"wrong hash: what npm got for {backend.Package} {Backend.PackageVersion} is not what EchoRate was built to trust, and nothing was installed; try 'npm cache verify', or another registry mirror"
                );
            }
        }
        say?.Invoke($"unpacking {backend.FileName}");
        await UnpackAsync(archive, work, cancellation);
    }

    private async Task<string> PackAsync(string work, CancellationToken cancellation)
    {
        // The retries make a missing network known in seconds instead of more than a minute.
        var pack = Cli.Wrap(npm)
            .WithArguments(
                $"pack {backend.Package}@{Backend.PackageVersion} --ignore-scripts --no-say --no-color --no-update-notifier "
                    + "--loglevel=error --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=5000"
            )
            .WithWorkingDirectory(work)
            .WithValidation(CommandResultValidation.None);
        try
        {
            var ended = await pack.ExecuteBufferedAsync(cancellation);
            if (Directory.EnumerateFiles(work, "*.tgz").FirstOrDefault() is { } archive)
            {
                return archive;
            }
            var said = ended.StandardError.Split(
                '\n',
                StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
            );
            throw new NativeLibraryException(
                $"npm did not bring {backend.Package} (exit code {ended.ExitCode}): {string.Join("; ", said.Take(MostLines))}; where there is no network: {ByHand}"
            );
        }
        catch (Win32Exception e)
        {
            throw new NativeLibraryException(
                $"cannot start npm to fetch {backend.Name} with ({e.Message.TrimEnd('.')}): install Node.js 20 or newer, or {ByHand}",
                e
            );
        }
    }

    private async Task UnpackAsync(string archive, string work, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(archive);
        await using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        await using var entries = new TarReader(unzipped);
        while (await entries.GetNextEntryAsync(cancellationToken: cancellation) is { } entry)
        {
            if (entry.Name == backend.Entry || entry.Name == "package/LICENSE")
            {
                await entry.ExtractToFileAsync(
                    Path.Combine(work, Path.GetFileName(entry.Name)),
                    overwrite: false,
                    cancellation
                );
            }
        }
    }
}
