using EchoRate.Core.Engine;
using EchoRate.Machine.Natives;
using EchoRate.Machine.Probing;

namespace EchoRate.Machine.Backends;

/// <summary>Whether a backend's libraries work on this machine, and why not.</summary>
public sealed record BackendHealth
{
    /// <summary>Whether llama.cpp shows a device of this backend.</summary>
    public required bool Works { get; init; }

    /// <summary>Why not, in one line; null where it works.</summary>
    public string? Reason { get; init; }

    /// <summary>Libraries that the system's loader does not find, by name.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>What llama.cpp says of itself from this folder, the CPU's devices included; null where it could not be loaded.</summary>
    public EngineFacts? Facts { get; init; }

    /// <summary>The devices of this very backend.</summary>
    public IReadOnlyList<DeviceFacts> Devices { get; init; } = [];

    /// <summary>Examines a folder in processes of their own.</summary>
    /// <param name="host">The machine.</param>
    /// <param name="probe">Starts them.</param>
    /// <param name="libraries">The folder's libraries.</param>
    /// <param name="deviceBackend">What devices of the backend say (<see cref="Backend.DeviceBackend"/>).</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public static async Task<BackendHealth> ExamineAsync(
        HostEnvironment host,
        IBackendProbe probe,
        LlamaLibraries libraries,
        string deviceBackend,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(probe);
        ArgumentNullException.ThrowIfNull(libraries);
        var answer = await probe.LookAsync(libraries.Directory, cancellation).ConfigureAwait(false);
        if (answer.Facts is not { } facts)
            return await NotLoadedAsync(probe, libraries, answer.Failure!, cancellation)
                .ConfigureAwait(false);
        var devices = facts.Report.Devices.Where(device => Drives(deviceBackend, device)).ToList();
        if (devices.Count > 0)
            return new BackendHealth
            {
                Works = true,
                Facts = facts,
                Devices = devices,
            };
        // llama.cpp leaves out without a word what it cannot open; the system's loader says why.
        var plugin = Path.Combine(
            libraries.Directory,
            LibraryNames.For(host.System).Plugin("ggml-" + deviceBackend)
        );
        if (!File.Exists(plugin))
            return Broken(
                facts,
                $"there is no {Path.GetFileName(plugin)} in {libraries.Directory}"
            );
        var opened = await probe.OpenAsync(plugin, cancellation).ConfigureAwait(false);
        return Broken(
            facts,
            opened.Opened
                ? $"{Path.GetFileName(plugin)} opens but shows no device"
                : Why(plugin, opened),
            opened.Missing
        );
    }

    /// <summary>True for a device that a run with this backend computes on.</summary>
    internal static bool Drives(string deviceBackend, DeviceFacts device) =>
        device.Backend == deviceBackend
        && (device.IsGpu || deviceBackend == "cpu" && device.Kind == DeviceKind.Cpu);

    private static async Task<BackendHealth> NotLoadedAsync(
        IBackendProbe probe,
        LlamaLibraries libraries,
        string failure,
        CancellationToken cancellation
    )
    {
        var missing = new List<string>();
        foreach (var path in (string[])[libraries.GgmlBase, libraries.Ggml, libraries.Llama])
        {
            var opened = await probe.OpenAsync(path, cancellation).ConfigureAwait(false);
            missing.AddRange(opened.Missing.Except(missing));
        }
        return Broken(
            null,
            missing.Count == 0 ? failure : $"missing: {string.Join(", ", missing)}",
            missing
        );
    }

    private static string Why(string plugin, LoaderAnswer answer) =>
        answer.Missing.Count > 0
            ? $"missing: {string.Join(", ", answer.Missing)}"
            : $"{Path.GetFileName(plugin)} does not open: {answer.Said}";

    private static BackendHealth Broken(
        EngineFacts? facts,
        string reason,
        IReadOnlyList<string>? missing = null
    ) =>
        new()
        {
            Works = false,
            Facts = facts,
            Reason = reason,
            Missing = missing ?? [],
        };
}
