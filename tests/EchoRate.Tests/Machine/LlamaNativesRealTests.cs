using System.Diagnostics;
using EchoRate.Core.Engine;
using EchoRate.Machine;
using EchoRate.Machine.Natives;

namespace EchoRate.Tests.Machine;

/// <summary>The real npm and the real registry, into a temporary folder.</summary>
public sealed class LlamaNativesRealTests : IDisposable
{
    private readonly string _home = Directory
        .CreateTempSubdirectory("echorate-natives-real-")
        .FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_real_package_is_fetched_and_found()
    {
        var host = await RealHostAsync();

        var found = await LlamaNatives.EnsureAsync(host, null, null, Cancellation);

        Assert.Equal(LlamaSource.User, found.Source);
        Assert.Contains(found.Release, LlamaReleases.Accepted);
        Assert.StartsWith(_home, found.Directory, StringComparison.Ordinal);
        Assert.Equal(found, LlamaLocator.Find(host));
    }

    [Fact]
    public async Task A_lockfile_with_another_hash_is_refused()
    {
        var host = await RealHostAsync();
        var package = LlamaPackage.For(host);
        var tampered = package.Lock with
        {
            PackageLockJson = TamperedHash(package.Lock.PackageLockJson),
        };

        var e = await Assert.ThrowsAsync<NativeLibraryException>(() =>
            LlamaPackageFetcher.FetchAsync(host, package, tampered, null, Cancellation)
        );

        Assert.StartsWith(
            $"wrong hash: what npm got for {package} ",
            e.Message,
            StringComparison.Ordinal
        );
        Assert.Null(LlamaLocator.Find(host));
    }

    [Fact]
    public async Task Without_network_the_line_says_so()
    {
        var host = HostWithNpm();
        // Port 1 of this very machine: nobody listens there.
        var lonely = host with
        {
            Variables = new Dictionary<string, string>(host.Variables)
            {
                ["npm_config_registry"] = "http://127.0.0.1:1",
                ["npm_config_cache"] = Path.Combine(_home, "cache"),
                ["npm_config_fetch_retries"] = "0",
            },
        };

        var e = await Assert.ThrowsAsync<NativeLibraryException>(() =>
            LlamaNatives.EnsureAsync(lonely, null, null, Cancellation)
        );

        Assert.StartsWith("no network: ", e.Message, StringComparison.Ordinal);
        Assert.Contains("(ECONNREFUSED)", e.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_home, recursive: true);

    private static string TamperedHash(string json)
    {
        const string prefix = "sha512-";
        var at = json.IndexOf(prefix, StringComparison.Ordinal) + prefix.Length;
        var other = json[at] == 'A' ? 'B' : 'A';
        return string.Concat(json.AsSpan(0, at), other.ToString(), json.AsSpan(at + 1));
    }

    private HostEnvironment HostWithNpm()
    {
        var current = HostEnvironment.Current();
        var variables = new Dictionary<string, string>(
            current.Variables,
            OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : null
        )
        {
            [HostEnvironment.HomeVariable] = _home,
        };
        variables.Remove(LlamaLocator.FolderVariable);
        var host = current with { Variables = variables, ProgramFolder = _home };
        Assert.SkipUnless(LlamaPackage.Find(host) is not null, $"no package for {host.Platform}");
        Assert.SkipUnless(Npm.Find(host) is not null, "no npm on PATH");
        return host;
    }

    private async Task<HostEnvironment> RealHostAsync()
    {
        var host = HostWithNpm();
        var package = LlamaPackage.For(host);
        var start = new ProcessStartInfo(Npm.Find(host)!.Path)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _home,
        };
        foreach (
            var argument in (string[])
                ["view", $"{package.NpmName}@{package.Version}", "version", "--fetch-retries=0"]
        )
            start.ArgumentList.Add(argument);
        using var view = Process.Start(start)!;
        var output = Task.WhenAll(
            view.StandardOutput.ReadToEndAsync(Cancellation),
            view.StandardError.ReadToEndAsync(Cancellation)
        );
        await view.WaitForExitAsync(Cancellation);
        Assert.SkipUnless(
            view.ExitCode == 0,
            $"npm's registry does not answer for {package}: {(await output)[1].Split('\n')[0]}"
        );
        return host;
    }
}
