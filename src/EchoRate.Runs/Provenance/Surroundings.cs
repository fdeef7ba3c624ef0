using System.Reflection;
using System.Runtime.InteropServices;

namespace EchoRate.Runs.Provenance;

/// <summary>What runs here: this program and this machine.</summary>
public static class Surroundings
{
    /// <summary>Our version, with the commit behind a plus sign where the build knew it.</summary>
    public static string ProgramVersion { get; } =
        typeof(Surroundings)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion
        ?? "unknown";

    /// <summary>The machine.</summary>
    public static RunInfo.MachineInfo Machine { get; } =
        new(
            RuntimeInformation.OSDescription,
            RuntimeInformation.OSArchitecture.ToString(),
            RuntimeInformation.FrameworkDescription,
            Environment.ProcessorCount
        );
}
