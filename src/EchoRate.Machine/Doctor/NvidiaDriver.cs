using System.Globalization;
using System.Text.RegularExpressions;

namespace EchoRate.Machine.Doctor;

/// <summary>NVIDIA's driver, where one is loaded.</summary>
/// <param name="Version">Its version, for example <c>580.65.06</c>.</param>
/// <param name="Source">Who says so: the file or program.</param>
public sealed partial record NvidiaDriver(string Version, string Source)
{
    /// <summary>Least major version of a driver for CUDA 13 (CUDA 13.0 release notes, table of driver versions).</summary>
    public const int LeastForCuda13 = 580;

    /// <summary>Least major version of a driver for CUDA 12 (minor-version compatibility).</summary>
    public const int LeastForCuda12 = 525;

    private const string KernelFile = "/proc/driver/nvidia/version";

    /// <summary>The first number of the version.</summary>
    public int Major => int.Parse(Version.Split('.')[0], CultureInfo.InvariantCulture);

    /// <summary>The backend that this driver is new enough for; null where it is too old for each.</summary>
    public string? Backend =>
        Major >= LeastForCuda13 ? "cuda"
        : Major >= LeastForCuda12 ? "cuda12"
        : null;

    /// <summary>The driver: by the kernel's file, else by nvidia-smi; null where neither knows one.</summary>
    public static NvidiaDriver? Find(IHostView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        // NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun May 12 19:39:15 UTC 2024
        if (view.ReadText(KernelFile) is { } text && VersionIn(text) is { } version)
            return new NvidiaDriver(version, KernelFile);
        // Windows, and Linux inside Windows, have no such file.
        const string tool = "nvidia-smi";
        var printed = view.Run(tool, "--query-gpu=driver_version", "--format=csv,noheader");
        return printed is not null && VersionIn(printed) is { } asked
            ? new NvidiaDriver(asked, tool)
            : null;
    }

    private static string? VersionIn(string text) =>
        Number().Match(text) is { Success: true } match ? match.Value : null;

    [GeneratedRegex(@"(?<![\w.])\d{3,4}\.\d{2,3}(\.\d{2})?(?![\w.])")]
    private static partial Regex Number();
}
