using EchoRate.Core.Engine;

namespace EchoRate.Machine.Natives;

/// <summary>One npm package with llama.cpp's prebuilt libraries, pinned by an embedded lockfile.</summary>
public sealed class LlamaPackage
{
    private readonly Lazy<LlamaPackageLock> _lock;

    private LlamaPackage(
        string platform,
        LlamaVariant variant,
        string suffix = "",
        string? addsTo = null
    )
    {
        Platform = platform;
        Variant = variant;
        Name = platform + suffix;
        AddsTo = addsTo;
        _lock = new(() => LlamaPackageLock.Read(Name));
    }

    /// <summary>Every package; the first of a platform is what it gets unasked.</summary>
    public static IReadOnlyList<LlamaPackage> All { get; } =
    [
        new("linux-x64", LlamaVariant.Cpu),
        new("linux-arm64", LlamaVariant.Cpu),
        new("win-x64", LlamaVariant.Cpu),
        new("win-arm64", LlamaVariant.Cpu),
        new("mac-arm64", LlamaVariant.Metal, "-metal"),
        new("mac-x64", LlamaVariant.Cpu),
        new("linux-x64", LlamaVariant.Cuda, "-cuda"),
        new("linux-x64", LlamaVariant.Cuda12, "-cuda-ext", addsTo: "linux-x64-cuda"),
        new("linux-x64", LlamaVariant.Vulkan, "-vulkan"),
        new("win-x64", LlamaVariant.Cuda, "-cuda"),
        new("win-x64", LlamaVariant.Cuda12, "-cuda-ext", addsTo: "win-x64-cuda"),
        new("win-x64", LlamaVariant.Vulkan, "-vulkan"),
    ];

    /// <summary>The package's name without its scope, for example <c>linux-x64-vulkan</c>.</summary>
    public string Name { get; }

    /// <summary>The platform it is for, as <see cref="HostEnvironment.Platform"/> spells it.</summary>
    public string Platform { get; }

    /// <summary>What it computes on.</summary>
    public LlamaVariant Variant { get; }

    /// <summary>The package that this one only adds a library to; null when it is complete by itself.</summary>
    public string? AddsTo { get; }

    /// <summary>The name npm knows it by.</summary>
    public string NpmName => "@node-llama-cpp/" + Name;

    /// <summary>The pinned version of the package.</summary>
    public string Version => _lock.Value.Version;

    /// <summary>The release of llama.cpp in it.</summary>
    public string Release => _lock.Value.Release;

    /// <summary>Bytes to download.</summary>
    public long DownloadBytes => _lock.Value.DownloadBytes;

    /// <summary>Bytes of the unpacked libraries and what lies beside them.</summary>
    public long LibraryBytes => _lock.Value.LibraryBytes;

    /// <summary>Where in the package its libraries lie.</summary>
    internal string LibraryFolder =>
        AddsTo is null ? Path.Combine("bins", Name) : Path.Combine("bins", AddsTo, "fallback");

    internal LlamaPackageLock Lock => _lock.Value;

    /// <summary>The package for this machine, or null when none is built for it.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="variant">What it should compute on; null for what the platform gets unasked.</param>
    public static LlamaPackage? Find(HostEnvironment host, LlamaVariant? variant = null) =>
        All.FirstOrDefault(package =>
            package.Platform == host.Platform && (variant is null || package.Variant == variant)
        );

    /// <summary>The package for this machine.</summary>
    /// <exception cref="NativeLibraryException">None is built for it.</exception>
    public static LlamaPackage For(HostEnvironment host, LlamaVariant? variant = null)
    {
        if (Find(host, variant) is { } package)
            return package;
        var with = variant is null ? "" : $" with {variant}";
        var platforms = All.Where(p => variant is null || p.Variant == variant)
            .Select(p => p.Platform)
            .Distinct();
        throw new NativeLibraryException(
            $"unsupported platform: no prebuilt llama.cpp{with} for {host.Platform}, only for {string.Join(", ", platforms)}; {LlamaLocator.FolderVariable} may name a folder with your own build"
        );
    }

    /// <inheritdoc/>
    public override string ToString() => $"{NpmName} {Version}";
}
