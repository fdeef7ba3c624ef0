using EchoRate.Core.Engine;

namespace EchoRate.Machine.Backends;

/// <summary>What a run computes on.</summary>
/// <param name="Backend">The backend's name: <c>cpu</c>, <c>cuda</c>, <c>cuda12</c>, <c>vulkan</c>, <c>metal</c>.</param>
/// <param name="Plugin">Its library; null where it needs none.</param>
/// <param name="Facts">What llama.cpp says of itself.</param>
/// <param name="PassedOver">GPU backends that are here and not used, and why: a sentence each.</param>
public sealed record BackendChoice(
    string Backend,
    string? Plugin,
    EngineFacts Facts,
    IReadOnlyList<string> PassedOver
);

/// <summary>Chooses the backend of a run: the one that is asked for, or the best one that works.</summary>
/// <param name="host">The machine.</param>
/// <param name="store">The installed backends.</param>
/// <param name="trials">Tries them.</param>
public sealed class BackendChooser(HostEnvironment host, BackendStore store, ITrials trials)
{
    /// <summary>The word for the best one that works.</summary>
    public const string Auto = "auto";

    private const string Cpu = "cpu";

    // What may be built in, best first: LLamaSharp's own package for macOS has Metal, LLamaSharp.Backend.Cuda12 is a build's choice.
    private static readonly string[] s_builtIn = ["cuda", "metal", "vulkan"];

    /// <summary>The words that <c>--backend</c> takes on a machine.</summary>
    public static IReadOnlyList<string> Allowed(HostEnvironment host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return
        [
            Auto,
            .. Backend.For(host).Select(backend => backend.Name),
            .. host.System == HostSystem.MacOS ? ["metal"] : Array.Empty<string>(),
            Cpu,
        ];
    }

    /// <summary>Chooses.</summary>
    /// <param name="wanted">One of <see cref="Allowed"/>.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="NativeLibraryException">What is asked for is not installed or does not work; or llama.cpp cannot be loaded.</exception>
    public Task<BackendChoice> ChooseAsync(string wanted, CancellationToken cancellation) =>
        wanted switch
        {
            Auto => BestAsync(cancellation),
            Cpu => CpuAsync([], cancellation),
            _ => NamedAsync(wanted, [wanted], cancellation),
        };

    /// <summary>Chooses for a device that is named: of several backends that drive such devices, the best one that works.</summary>
    /// <param name="deviceBackend">What the device's name says: <c>cuda</c> stands for <c>cuda12</c> too.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="NativeLibraryException">None is installed, or none works; or llama.cpp cannot be loaded.</exception>
    public Task<BackendChoice> ChooseForDeviceAsync(
        string deviceBackend,
        CancellationToken cancellation
    ) =>
        deviceBackend == Cpu ? CpuAsync([], cancellation)
        : Allowed(host).Contains(deviceBackend)
            ? NamedAsync(
                deviceBackend,
                deviceBackend == "cuda" ? ["cuda", "cuda12"] : [deviceBackend],
                cancellation
            )
        : OtherAsync(deviceBackend, cancellation);

    // A backend that we do not bring: somebody's own llama.cpp may have it built in. Else the caller says which devices there are.
    private async Task<BackendChoice> OtherAsync(
        string deviceBackend,
        CancellationToken cancellation
    ) => await BuiltInAsync([deviceBackend], [], cancellation) ?? await CpuAsync([], cancellation);

    private async Task<BackendChoice> BestAsync(CancellationToken cancellation)
    {
        var passed = new List<string>();
        var installed = Backend.For(host).Where(backend => store.Find(backend) is not null);
        foreach (var backend in installed.Where(backend => backend.Name != "vulkan"))
        {
            if (await TryAsync(backend, passed, cancellation) is { } choice)
            {
                return choice;
            }
        }
        if (await BuiltInAsync(s_builtIn, passed, cancellation) is { } builtIn)
        {
            return builtIn;
        }
        foreach (var backend in installed.Where(backend => backend.Name == "vulkan"))
        {
            if (await TryAsync(backend, passed, cancellation) is { } choice)
            {
                return choice;
            }
        }
        return await CpuAsync(passed, cancellation);
    }

    private async Task<BackendChoice> NamedAsync(
        string wanted,
        IReadOnlyList<string> names,
        CancellationToken cancellation
    )
    {
        var passed = new List<string>();
        var known = names.Select(name => Backend.Find(host, name)).OfType<Backend>().ToList();
        foreach (var backend in known.Where(backend => store.Find(backend) is not null))
        {
            if (await TryAsync(backend, passed, cancellation) is { } choice)
            {
                return choice;
            }
        }
        if (
            await BuiltInAsync([Backend.DeviceBackendOf(wanted)], passed, cancellation) is
            { } builtIn
        )
        {
            return builtIn with { Backend = wanted };
        }
        if (passed.Count > 0)
        {
            throw new NativeLibraryException(
                $"{string.Join("; ", passed)}; `echorate doctor` says what to do, --backend {Auto} takes what works"
            );
        }
        throw new NativeLibraryException(
            known.Count == 0
                ? $"there is no backend {wanted} for {host.Platform}; --backend {Auto} takes what works"
                : FormattableString.Invariant(
                    $"the backend {known[0]} is not installed (installed: {store.Installed()}): echorate backend add {known[0]} downloads it ({known[0].DownloadBytes / 1e6:F0} MB)"
                )
        );
    }

    private async Task<BackendChoice?> TryAsync(
        Backend backend,
        List<string> passed,
        CancellationToken cancellation
    )
    {
        var plugin = store.Find(backend)!;
        var (trial, problem) = await store.TryAsync(backend, trials, cancellation);
        if (problem is null)
        {
            return Choice(backend.Name, plugin, trial, backend.DeviceBackend, passed);
        }
        passed.Add($"the backend {backend} does not work here: {problem}");
        return null;
    }

    private async Task<BackendChoice?> BuiltInAsync(
        IReadOnlyList<string> deviceBackends,
        List<string> passed,
        CancellationToken cancellation
    )
    {
        var trial = await trials.TryAsync(null, cancellation);
        foreach (
            var name in deviceBackends.Where(name =>
                trial.Tried.Any(device => device.Backend == name)
            )
        )
        {
            if (trial.Problem(name) is not { } problem)
            {
                return Choice(name == "cuda" ? "cuda12" : name, null, trial, name, passed);
            }
            passed.Add($"the built-in backend {name} does not work here: {problem}");
        }
        return null;
    }

    // A card that failed its trial beside one that works does not take part.
    private static BackendChoice Choice(
        string backend,
        string? plugin,
        Trial trial,
        string deviceBackend,
        IReadOnlyList<string> passed
    )
    {
        var failed = trial
            .Tried.Where(device => !device.Works && device.Backend == deviceBackend)
            .ToList();
        var facts = trial.Facts!;
        return new BackendChoice(
            backend,
            plugin,
            facts with
            {
                Report = facts.Report with
                {
                    Devices =
                    [
                        .. facts.Report.Devices.Where(device =>
                            !failed.Exists(tried => tried.Device == device.Name)
                        ),
                    ],
                },
            },
            [.. passed, .. failed.Select(device => $"{device.Device} is left out: {device.Cause}")]
        );
    }

    private async Task<BackendChoice> CpuAsync(
        IReadOnlyList<string> passed,
        CancellationToken cancellation
    )
    {
        var trial = await trials.TryAsync(null, cancellation);
        return trial.Facts is { } facts
            ? new BackendChoice(Cpu, null, facts, passed)
            : throw new NativeLibraryException(trial.Failure!);
    }
}
