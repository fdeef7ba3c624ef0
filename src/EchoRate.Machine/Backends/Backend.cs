using EchoRate.Machine.Natives;

namespace EchoRate.Machine.Backends;

/// <summary>Something that llama.cpp computes on, by the name that <c>--backend</c> and <c>echorate backend</c> know, and the packages that bring it.</summary>
public sealed record Backend
{
    private Backend(string name, LlamaPackage package, LlamaPackage? addition, string plugin) =>
        (Name, Package, Addition, Plugin) = (name, package, addition, plugin);

    /// <summary><c>cuda</c>, <c>cuda12</c>, <c>metal</c>, <c>vulkan</c> or <c>cpu</c>.</summary>
    public string Name { get; }

    /// <summary>The package with libllama and all that belongs to it.</summary>
    public LlamaPackage Package { get; }

    /// <summary>The package whose one library takes the place of that in <see cref="Package"/>; null where none does.</summary>
    public LlamaPackage? Addition { get; }

    /// <summary>The backend's own library, without prefix and extension: <c>ggml-cuda</c>.</summary>
    public string Plugin { get; }

    /// <summary>What llama.cpp's devices call their backend: <c>cuda</c> for CUDA 12 too.</summary>
    public string DeviceBackend => DeviceBackendOf(Name);

    /// <summary>Whether it computes on a GPU.</summary>
    public bool IsGpu => Name != "cpu";

    /// <summary>Whether the platform gets it unasked, on the first need of llama.cpp.</summary>
    public bool IsDefault => Package == LlamaPackage.All.First(p => p.Platform == Package.Platform);

    /// <summary>Bytes to download for all of it.</summary>
    public long DownloadBytes => Package.DownloadBytes + (Addition?.DownloadBytes ?? 0);

    /// <summary>The backends that are built for a machine, best first: the order in which <c>--backend auto</c> tries them.</summary>
    public static IReadOnlyList<Backend> For(HostEnvironment host)
    {
        ArgumentNullException.ThrowIfNull(host);
        var backends = new List<Backend>();
        foreach (
            var variant in (LlamaVariant[])
                [
                    LlamaVariant.Cuda,
                    LlamaVariant.Cuda12,
                    LlamaVariant.Metal,
                    LlamaVariant.Vulkan,
                    LlamaVariant.Cpu,
                ]
        )
        {
            // The CPU's libraries lie in every package; Metal's package is then the only one.
            var package =
                LlamaPackage.Find(host, variant)
                ?? (variant == LlamaVariant.Cpu ? LlamaPackage.Find(host) : null);
            if (package is not null)
                backends.Add(Of(variant, package));
        }
        return backends;
    }

    /// <summary>What devices of a backend call theirs.</summary>
    public static string DeviceBackendOf(string name) => name == "cuda12" ? "cuda" : name;

    /// <summary>The backend of a name; null where the machine has none of that name.</summary>
    public static Backend? Find(HostEnvironment host, string name) =>
        For(host).FirstOrDefault(backend => backend.Name == name);

    private static Backend Of(LlamaVariant variant, LlamaPackage package) =>
        package.AddsTo is { } complete
            ? new(
                NameOf(variant),
                LlamaPackage.All.Single(other => other.Name == complete),
                package,
                "ggml-cuda"
            )
            : new(NameOf(variant), package, null, "ggml-" + NameOf(variant));

    private static string NameOf(LlamaVariant variant) =>
        variant switch
        {
            LlamaVariant.Cuda => "cuda",
            LlamaVariant.Cuda12 => "cuda12",
            LlamaVariant.Metal => "metal",
            LlamaVariant.Vulkan => "vulkan",
            _ => "cpu",
        };

    /// <inheritdoc/>
    public override string ToString() => Name;
}
