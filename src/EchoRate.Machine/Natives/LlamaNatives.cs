using EchoRate.Core.Engine;

namespace EchoRate.Machine.Natives;

/// <summary>The one door to llama.cpp's libraries, for runs, tests and the doctor alike.</summary>
public static class LlamaNatives
{
    /// <summary>The libraries for this very machine, fetched when they are not here yet.</summary>
    /// <inheritdoc cref="EnsureAsync(HostEnvironment, LlamaPackage?, IProgress{string}?, CancellationToken)"/>
    public static Task<LlamaLibraries> EnsureAsync(
        IProgress<string>? progress = null,
        CancellationToken cancellation = default
    ) => EnsureAsync(HostEnvironment.Current(), null, progress, cancellation);

    /// <summary>The libraries of a folder, looked at; nothing is fetched.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="NativeLibraryException">They cannot be used.</exception>
    public static LlamaLibraries In(string folder) =>
        LlamaLocator.Open(folder, folder, HostEnvironment.Current(), LlamaSource.Named);

    /// <summary>The libraries for a machine, fetched when they are not here yet.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="package">The package to fetch; null for the platform's own. It must be complete by itself.</param>
    /// <param name="progress">Hears, line by line, what is fetched; silent when nothing is.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="NativeLibraryException">They cannot be had, or what was found cannot be used.</exception>
    public static async Task<LlamaLibraries> EnsureAsync(
        HostEnvironment host,
        LlamaPackage? package = null,
        IProgress<string>? progress = null,
        CancellationToken cancellation = default
    )
    {
        if (package?.AddsTo is { } needed)
            throw new ArgumentException($"{package} only adds to {needed}", nameof(package));
        if (LlamaLocator.Find(host, package) is { } found)
            return found;
        package ??= LlamaPackage.For(host);
        await LlamaPackageFetcher
            .FetchAsync(host, package, progress, cancellation)
            .ConfigureAwait(false);
        return LlamaLocator.Find(host, package)
            ?? throw new NativeLibraryException(
                $"{package} was fetched but vanished from {LlamaPackageFetcher.PackageFolder(host, package)}"
            );
    }
}
